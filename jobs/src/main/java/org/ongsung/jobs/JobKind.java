package org.ongsung.jobs;

import java.time.Duration;
import org.ongsung.model.Shown;

/// What kinds of jobs there are, and how each is treated. A closed list: what a job does is chosen
/// here and nowhere else, never by a text that somebody sent.
public enum JobKind {
  /// Whether a target can be reached, and whether it shows the host key it should.
  PROBE("probe", Delivery.AT_LEAST_ONCE, Place.ANYWHERE, 16, 3, Duration.ofMinutes(1)),
  /// Whether the accounts of a target can log in. Once, for a wrong password counts there.
  LOGIN("login", Delivery.AT_MOST_ONCE, Place.GATEWAY, 4, 1, Duration.ofMinutes(5)),
  /// The way to a target for somebody who waits for it.
  SESSION("session", Delivery.AT_MOST_ONCE, Place.ANYWHERE, 256, 1, Duration.ofSeconds(30)),
  /// Deletes recordings that are older than the policy and not held.
  PURGE("purge", Delivery.AT_LEAST_ONCE, Place.GATEWAY, 1, 3, Duration.ofHours(6)),
  /// Writes a backup into the data folder.
  BACKUP("backup", Delivery.AT_LEAST_ONCE, Place.GATEWAY, 1, 2, Duration.ofHours(6)),
  /// Tells somebody outside, by webhook or mail.
  NOTIFY("notify", Delivery.AT_LEAST_ONCE, Place.GATEWAY, 8, 8, Duration.ofMinutes(1)),
  /// Builds a file of sessions or of the ledger to download.
  REPORT("report", Delivery.AT_LEAST_ONCE, Place.GATEWAY, 2, 2, Duration.ofHours(1));

  /// Where a kind can be done.
  public enum Place {
    /// By any worker that serves it, also one behind another network's wall.
    ANYWHERE,
    /// Only in the gateway process that the job is for, whose files and secrets it needs.
    GATEWAY
  }

  private final String text;
  private final Delivery delivery;
  private final Place place;
  private final int concurrency;
  private final int attempts;
  private final Duration longest;

  JobKind(
      String text,
      Delivery delivery,
      Place place,
      int concurrency,
      int attempts,
      Duration longest) {
    this.text = text;
    this.delivery = delivery;
    this.place = place;
    this.concurrency = concurrency;
    this.attempts = attempts;
    this.longest = longest;
  }

  /// The word in API, store and metrics.
  public String text() {
    return text;
  }

  public Delivery delivery() {
    return delivery;
  }

  public Place place() {
    return place;
  }

  /// How many of it are taken or running at once, over all workers, inclusive.
  public int concurrency() {
    return concurrency;
  }

  /// How often it is tried before it is given up, inclusive.
  public int attempts() {
    return attempts;
  }

  /// How long one attempt may run.
  public Duration longest() {
    return longest;
  }

  /// The kind of a word; throws [IllegalArgumentException] for any other.
  public static JobKind of(String text) {
    for (JobKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "not a kind of job (probe, login, session, purge, backup, notify, report): "
            + Shown.quoted(text));
  }
}
