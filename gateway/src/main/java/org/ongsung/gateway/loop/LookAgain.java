package org.ongsung.gateway.loop;

/// How long an event loop looks again before it waits, learnt from how soon answers came
/// (docs/adr/0032).
///
/// Twice what an answer takes of late, within [#LEAST_NANOS] and [#MOST_NANOS]. An answer that came
/// later than [#MOST_NANOS] is one that no looking would have met, such as a person's next key, and
/// says nothing of how long the next one takes. Used by its loop's thread alone.
final class LookAgain {

  /// What an answer takes where machines are fast.
  static final long LEAST_NANOS = 60_000;

  /// The most processor time that a key press may cost twice.
  static final long MOST_NANOS = 300_000;

  /// How much of the average one answer is: 1/8.
  private static final int WEIGHT = 8;

  private long answerNanos = LEAST_NANOS / 2;

  /// How long to look, in nanoseconds; both bounds inclusive.
  long nanos() {
    return Math.clamp(2 * answerNanos, LEAST_NANOS, MOST_NANOS);
  }

  /// Something came so long after the loop had begun to look.
  void answered(long afterNanos) {
    if (afterNanos <= MOST_NANOS) {
      answerNanos += (afterNanos - answerNanos) / WEIGHT;
    }
  }
}
