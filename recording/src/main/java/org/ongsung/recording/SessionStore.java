package org.ongsung.recording;

import java.util.List;
import java.util.Optional;
import org.ongsung.model.FileOperation;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;

/// Where sessions, their channels and file operations are listed. What was said lies in the
/// [RecordingStore].
///
/// Every method blocks. Writes are durable on return; they throw [RecordUnavailableException] when
/// they are not, and reads when the store cannot be reached. Times come back cut to microseconds.
public interface SessionStore {
  /// Writes a session that starts.
  void start(Session session);

  /// Writes how a session ended, if it has not ended yet.
  ///
  /// @return whether it was live
  boolean end(SessionId id, Session.End end);

  /// Writes a channel that opens.
  void openChannel(SessionChannel channel);

  /// Writes how a channel ended.
  void closeChannel(SessionId session, int number, SessionChannel.End end);

  /// Writes how far channels are; those that have ended meanwhile stay as they are.
  void keepProgress(List<ChannelProgress> progress);

  /// How far the channels of a session were that have not ended, in order of opening; those of
  /// which nothing was kept are missing.
  List<ChannelProgress> progress(SessionId session);

  /// Writes file operations of any sessions, in order.
  void addFileOperations(List<FileOperation> operations);

  Optional<Session> find(SessionId id);

  /// The sessions that match, newest first.
  List<Session> find(SessionQuery query);

  /// Where `user` went in their newest sessions that did not fail, each account of a target once,
  /// the one last used first.
  ///
  /// @param sessions how many of the newest sessions count, 1 to 10,000
  List<TargetUse> uses(Name user, int sessions);

  /// The channels of a session in order of opening, all of them: as many as it opened. For what
  /// must look at each.
  List<SessionChannel> channels(SessionId session);

  /// The channels of a session in order of opening, from number `from` on, at most `limit` (1 to
  /// 1,000).
  List<SessionChannel> channels(SessionId session, int from, int limit);

  /// One channel of a session.
  default Optional<SessionChannel> channel(SessionId session, int number) {
    return channels(session, number, 1).stream()
        .filter(found -> found.number() == number)
        .findFirst();
  }

  /// File operations of a session in order, from `offset`, at most `limit` (1 to 1,000).
  List<FileOperation> fileOperations(SessionId session, long offset, int limit);

  /// The sessions that `node` has not ended, for the start after a crash.
  List<Session> openOn(String node);
}
