package org.ongsung.server.work;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Directory;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.recording.RecordingId;
import org.ongsung.recording.RecordingStore;
import org.ongsung.recording.RetentionStore;
import org.ongsung.recording.SessionStore;
import org.ongsung.transcript.line.TranscriptStore;

/// Deletes the recordings and transcripts of sessions that this process carried and that ended
/// longer ago than the policy keeps them: never those of a session that is held or live, never what
/// the ledger tells.
///
/// For each session it is first decided in the database, where a hold that comes meanwhile wins or
/// comes too late; then told in the ledger; then done. Whatever a stop leaves half done, the next
/// purge does; what is done stays done.
public final class PurgeWork implements JobWork {
  private static final int PAGE = 200;

  private final String node;
  private final SessionStore sessions;
  private final RetentionStore retention;
  private final RecordingStore recordings;
  private final TranscriptStore transcripts;
  private final Directory directory;
  private final Ledger ledger;
  private final Clock clock;

  public PurgeWork(
      String node,
      SessionStore sessions,
      RetentionStore retention,
      RecordingStore recordings,
      TranscriptStore transcripts,
      Directory directory,
      Ledger ledger,
      Clock clock) {
    this.node = node;
    this.sessions = sessions;
    this.retention = retention;
    this.recordings = recordings;
    this.transcripts = transcripts;
    this.directory = directory;
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public JobResult run(
      JobParameters parameters, @Nullable Destination destination, JobContext context)
      throws IOException, InterruptedException, WorkFailedException {
    if (!(parameters instanceof JobParameters.PurgeRecordings(int keepDays))) {
      throw new WorkFailedException("there is nothing to purge", false, null);
    }
    Instant now = clock.instant();
    RetentionPolicy policy = new RetentionPolicy(keepDays, directory.snapshot().targets().values());
    Instant border = now.minus(Duration.ofDays(policy.fewestDays()));
    Count count = new Count();
    @Nullable SessionId after = null;
    List<RetentionStore.Due> page;
    do {
      page = retention.due(node, border, after, PAGE);
      for (RetentionStore.Due due : page) {
        after = due.session();
        int days = policy.daysOf(due.target());
        if (days != RetentionPolicy.FOREVER
            && due.endedAt().isBefore(now.minus(Duration.ofDays(days)))) {
          purge(due.session(), days, now, context, count);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      context.progress(0, count.recordings + " recordings deleted so far");
    } while (page.size() == PAGE);
    return new JobResult.Purged(
        count.sessions, count.recordings, count.bytes, retention.heldOf(node, border));
  }

  private void purge(SessionId session, int days, Instant now, JobContext context, Count count)
      throws IOException {
    if (!retention.beginPurge(session, now)) {
      return; // somebody holds it by now
    }
    ledger.append(
        new AuditEvent(
            now,
            AuditCode.RECORDING_PURGED,
            AuditEvent.SYSTEM,
            "",
            session,
            session.value(),
            Map.of("job", context.id().value(), "days", Integer.toString(days))));
    // Before its recordings, so that nothing makes lines of them meanwhile.
    long _ = transcripts.drop(session);
    int gone = 0;
    long bytes = 0;
    for (SessionChannel channel : sessions.channels(session)) {
      long freed = recordings.delete(new RecordingId(session, channel.number()));
      if (freed >= 0) {
        gone++;
        bytes += freed;
      }
    }
    retention.endPurge(session, gone, bytes);
    count.sessions++;
    count.recordings += gone;
    count.bytes += bytes;
  }

  private static final class Count {
    private long sessions;
    private long recordings;
    private long bytes;
  }
}
