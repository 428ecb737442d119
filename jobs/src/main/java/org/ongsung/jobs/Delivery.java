package org.ongsung.jobs;

/// What becomes of a job whose worker is lost after it has begun.
public enum Delivery {
  /// It ends in error: whatever it did is not done twice.
  AT_MOST_ONCE("at-most-once"),
  /// It runs again: doing it twice does no harm.
  AT_LEAST_ONCE("at-least-once");

  private final String text;

  Delivery(String text) {
    this.text = text;
  }

  /// The word in API and documents.
  public String text() {
    return text;
  }
}
