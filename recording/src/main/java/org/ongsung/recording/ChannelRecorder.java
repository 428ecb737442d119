package org.ongsung.recording;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.SessionChannel;

/// The record of one channel, written while it happens.
///
/// Threads: one at a time, usually the event loop of the session's connections. No method blocks.
/// Bytes are copied or digested before the call returns, so the caller keeps its buffer.
///
/// Back-pressure: the data methods return whether the recorder has room. After `false` the caller
/// stops reading from both sides until the listener given to [#onRoom] runs; what it still hands in
/// is kept, up to a hard bound past which the recorder fails.
///
/// Failure: when the record cannot be written any more the session's owner is told (see
/// `OpenSession.onEnd` of the gateway) and the session ends; the methods here never throw for that.
public interface ChannelRecorder {
  /// The channel as it opened.
  SessionChannel channel();

  /// Payload from the person towards the target, before it is sent on.
  boolean fromClient(byte[] bytes, int offset, int length);

  /// Payload from the target towards the person: standard output.
  boolean fromTarget(byte[] bytes, int offset, int length);

  /// Payload from the target towards the person: standard error (RFC 4254 section 5.2, type 1).
  boolean errorFromTarget(byte[] bytes, int offset, int length);

  /// The person's terminal has a new size, in columns and rows.
  void resized(int columns, int rows);

  /// An operation on a file of the target; see [org.ongsung.model.FileOperation] for the
  /// parameters.
  boolean fileOperation(
      String kind,
      String path,
      String otherPath,
      String detail,
      long bytesRead,
      long bytesWritten,
      String result);

  /// Payload bytes from the person so far; any thread.
  long bytesFromClient();

  /// Payload bytes from the target so far, standard error included; any thread.
  long bytesToClient();

  /// Calls `listener` once, on any thread, when there is room again; at once if there is.
  void onRoom(Runnable listener);

  /// Ends the record; completes when it is durable. The first call counts.
  ///
  /// @param exitStatus what the target reported, or null
  /// @param exitSignal the signal's name without `SIG`, or null
  CompletableFuture<SessionChannel.End> close(
      @Nullable Integer exitStatus, @Nullable String exitSignal);
}
