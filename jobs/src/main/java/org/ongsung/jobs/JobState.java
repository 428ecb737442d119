package org.ongsung.jobs;

import org.ongsung.model.Shown;

/// How far a job has come.
public enum JobState {
  /// Waits for a worker, for the first time or after an attempt that did not work.
  NEW("new"),
  /// A worker has leased it and not begun.
  TAKEN("taken"),
  /// A worker is at it.
  RUNNING("running"),
  /// Done, with a result.
  DONE("done"),
  /// Given up: it failed as often as its kind allows, or its worker was lost and its kind is not
  /// repeated.
  ERROR("error"),
  /// Cancelled, or its time was over before anyone took it.
  DROPPED("dropped");

  private final String text;

  JobState(String text) {
    this.text = text;
  }

  /// The word in API, store and metrics.
  public String text() {
    return text;
  }

  /// Whether nothing more happens to it.
  public boolean ended() {
    return this == DONE || this == ERROR || this == DROPPED;
  }

  /// The state of a word; throws [IllegalArgumentException] for any other.
  public static JobState of(String text) {
    for (JobState state : values()) {
      if (state.text.equals(text)) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        "not a job's state (new, taken, running, done, error, dropped): " + Shown.quoted(text));
  }
}
