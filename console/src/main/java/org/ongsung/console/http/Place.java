package org.ongsung.console.http;

import java.io.IOException;

/// A request's place among those that are worked on at once.
interface Place {
  /// None is needed.
  Place NONE =
      new Place() {
        @Override
        public <T> T rest(Rest<T> rest) throws IOException, InterruptedException {
          return rest.take();
        }
      };

  /// Waits for something that takes neither processor nor database, but for a question or two to it
  /// before and after.
  @FunctionalInterface
  interface Rest<T> {
    T take() throws IOException, InterruptedException;
  }

  /// Does `rest` without the place, then goes on with it at once, whether one is free or not.
  <T> T rest(Rest<T> rest) throws IOException, InterruptedException;
}
