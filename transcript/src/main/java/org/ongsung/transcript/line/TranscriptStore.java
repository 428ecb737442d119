package org.ongsung.transcript.line;

import java.util.List;
import org.ongsung.model.SessionId;

/// Where the lines of transcripts are kept.
///
/// Every method blocks and throws [TranscriptUnavailableException] when the store cannot be
/// reached. Writes are durable on return.
public interface TranscriptStore {
  /// The most lines or rows of one call, inclusive.
  int MAX_BATCH = 1_000;

  /// The most pending channels of one call, inclusive.
  int MAX_PENDING = 20_000;

  /// Channels of sessions that `node` carries or carried, whose transcripts are not finished,
  /// newest session first.
  ///
  /// @param open whether those that are open, or those that have ended
  List<PendingChannel> pending(String node, boolean open, int limit);

  /// Adds lines to a channel's transcript, all or none, and remembers how far its source was read.
  ///
  /// @param lines numbered on from those that are there; at most [#MAX_BATCH]; may be empty
  /// @param done whether the transcript is finished
  /// @return false, with nothing added, when it was finished or dropped before
  boolean append(
      SessionId session, int channel, List<TranscriptLine> lines, long position, boolean done);

  /// Forgets the lines of one channel and begins its transcript anew.
  void restart(SessionId session, int channel);

  /// File operations of a channel behind `id`, in order.
  List<NumberedOperation> fileOperations(SessionId session, int channel, long id, int limit);

  /// Lines of all sessions behind `sequence`, in order.
  List<SearchableLine> after(long sequence, int limit);

  /// The largest sequence; 0 when there are no lines.
  long newest();

  /// Lines of a channel from `number` on, in order.
  List<TranscriptLine> lines(SessionId session, int channel, long number, int limit);

  /// Drops the lines of a session for good, and has every node's index forget them. Its transcript
  /// is not made again. In pieces that hold no lock for long.
  ///
  /// @return how many lines there were
  long drop(SessionId session);

  /// Sessions that were dropped behind `sequence`, in order.
  List<DroppedSession> droppedAfter(long sequence, int limit);

  /// The largest sequence of those that were dropped; 0 when there are none.
  long newestDropped();
}
