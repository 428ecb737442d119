package org.ongsung.jobs;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// What work can say while it goes on. What is said here goes to the queue with the next sign of
/// life; at most the first lines up to the limit are kept. For any thread.
public final class JobContext {
  private static final int MAX_HELD_LINES = 2_000;

  private final JobId id;
  private final String worker;
  private final InstantSource clock;
  private final Deque<JobLogLine> lines = new ArrayDeque<>();
  private Progress progress = Progress.NONE;
  private int number;

  public JobContext(JobId id, String worker, InstantSource clock) {
    this.id = id;
    this.worker = worker;
    this.clock = clock;
  }

  /// The job.
  public JobId id() {
    return id;
  }

  /// What the worker calls itself.
  public String worker() {
    return worker;
  }

  /// How far the work is.
  public synchronized void progress(int percent, String note) {
    progress = new Progress(Math.clamp(percent, 0, 100), note);
  }

  /// Keeps a line for people; never a secret.
  public synchronized void log(String text) {
    Instant now = clock.instant();
    number++;
    if (lines.size() < MAX_HELD_LINES) {
      lines.add(new JobLogLine(number, now, 0, text));
    }
  }

  synchronized Progress progress() {
    return progress;
  }

  /// The lines that the queue does not have yet.
  synchronized List<JobLogLine> unsent() {
    return new ArrayList<>(lines);
  }

  /// The queue has these.
  synchronized void sent(List<JobLogLine> known) {
    lines.removeAll(known);
  }
}
