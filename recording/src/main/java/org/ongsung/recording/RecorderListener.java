package org.ongsung.recording;

import java.util.List;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;

/// Who owns the channels that are recorded. Called on virtual threads; may block.
public interface RecorderListener {
  /// Keeps operations on files, in order, durable on return. One call at a time for a channel.
  ///
  /// @throws RuntimeException when they are not kept; the recorder then fails
  void fileOperations(List<FileOperation> operations);

  /// The record cannot be written any more. Called at most once for a channel.
  void failed(SessionChannel channel, Exception cause);

  /// The record ended, and lies durable in its store unless `end` says that it is incomplete.
  /// Called once, before the future of [ChannelRecorder#close] completes.
  void closed(SessionChannel channel, SessionChannel.End end);
}
