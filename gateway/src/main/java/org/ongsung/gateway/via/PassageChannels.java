package org.ongsung.gateway.via;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passages in the shape of connected channels, for event loops, which wait for sockets: one end of
/// a pair of Unix-domain sockets; two virtual threads carry bytes between the other end and the
/// passage.
///
/// Nobody else can take an end: the name of a pair lies in a folder that only this user may enter,
/// and is gone before the pair is used. There is no port that others could connect to.
final class PassageChannels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PassageChannels.class);
  private static final int BUFFER_BYTES = 16_384;

  private final Duration linger;
  private @Nullable Path folder;

  /// @param linger how long a target may take to end once we have
  PassageChannels(Duration linger) {
    this.linger = linger;
  }

  /// A channel that is the passage; closing it closes the passage, and the other way round.
  SocketChannel open(Passage passage) throws IOException {
    Path name = folder().resolve(Passages.newId().substring(0, 16));
    SocketChannel ours;
    SocketChannel theirs;
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(name);
      listener.bind(address, 1);
      theirs = SocketChannel.open(address);
      try {
        ours = listener.accept();
      } catch (IOException e) {
        closeQuietly(theirs);
        throw e;
      }
    } finally {
      Files.deleteIfExists(name);
    }
    Thread in = Thread.ofVirtual().name("passage-in").start(() -> in(ours, passage));
    Thread.ofVirtual().name("passage-out").start(() -> out(ours, passage, in));
    return theirs;
  }

  private synchronized Path folder() throws IOException {
    Path made = folder;
    if (made == null) {
      made =
          Files.createTempDirectory(
              "ongsung-passages",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      folder = made;
    }
    return made;
  }

  private void out(SocketChannel channel, Passage passage, Thread in) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (channel) {
      while (channel.read(buffer) >= 0) {
        passage.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      passage.finish();
      boolean _ = in.join(linger); // what the target still says is passed on to its end
    } catch (IOException e) {
      LOG.debug("{} takes no more: {}", passage, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      passage.close();
    }
  }

  private static void in(SocketChannel channel, Passage passage) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int n = passage.read(buffer, 0, buffer.length, 0);
          n >= 0;
          n = passage.read(buffer, 0, buffer.length, 0)) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      channel.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("{} brings no more: {}", passage, e.toString());
      closeQuietly(channel); // and so the other way ends as well
    }
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("an end of a pair could not be closed: {}", e.toString());
    }
  }

  @Override
  public synchronized void close() {
    Path made = folder;
    if (made != null) {
      try {
        Files.deleteIfExists(made);
      } catch (IOException e) {
        LOG.debug("the folder of passages stays: {}", e.toString());
      }
    }
  }
}
