package org.ongsung.practice.shell;

/// A command line that the practice shell does not understand; the message is for the person.
final class ShellSyntaxException extends Exception {
  ShellSyntaxException(String message) {
    super(message);
  }
}
