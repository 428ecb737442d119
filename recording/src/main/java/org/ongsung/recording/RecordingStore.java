package org.ongsung.recording;

import java.io.IOException;
import java.io.InputStream;

/// Where recordings lie, as sequences of bytes that grow at their end while a channel lives.
///
/// A later store may seal or encrypt what it is given; nobody else knows how the bytes lie. Every
/// method blocks.
public interface RecordingStore {
  /// Makes a new, empty recording; refuses an id that is there already.
  Sink create(RecordingId id) throws IOException;

  /// Reads a recording from its start, as far as it has been flushed; one that still grows simply
  /// ends there, and a read after that end gives what has been flushed since.
  ///
  /// @throws java.nio.file.NoSuchFileException when there is none
  InputStream open(RecordingId id) throws IOException;

  /// Deletes a recording for good.
  ///
  /// @return how many bytes it took up; -1 when there was none
  long delete(RecordingId id) throws IOException;

  /// Bytes that can still be written before the store is full.
  long usableBytes() throws IOException;

  /// The growing end of one recording. For one thread at a time.
  interface Sink extends AutoCloseable {
    /// Appends.
    void write(byte[] bytes, int offset, int length) throws IOException;

    /// Hands all that was written to the operating system, so that it survives the end of this
    /// process.
    void flush() throws IOException;

    /// Flushes to the disk itself and closes for good.
    @Override
    void close() throws IOException;
  }
}
