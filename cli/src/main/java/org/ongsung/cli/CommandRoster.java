package org.ongsung.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/// The commands by the words that call them, in the order in which help lists them. Each is made
/// when it may be called: to make all of them is a large part of what a start takes.
///
/// Not thread safe.
public final class CommandRoster {
  private final Map<String, Supplier<?>> makers = new LinkedHashMap<>();

  /// Adds a command.
  ///
  /// @param maker of a command of picocli's: an object with its annotations, or a `CommandLine`
  /// @throws IllegalArgumentException when the word calls another already
  public CommandRoster add(String word, Supplier<?> maker) {
    if (makers.putIfAbsent(word, maker) != null) {
      throw new IllegalArgumentException("two commands are called " + word);
    }
    return this;
  }

  /// Makes the command that the first of the arguments calls, or all where it calls none, as when
  /// somebody asks what there is.
  void makeFor(CommandLine line, String... arguments) {
    Supplier<?> called = arguments.length == 0 ? null : makers.get(arguments[0]);
    if (called != null) {
      line.addSubcommand(arguments[0], called.get());
    } else {
      makers.forEach((word, maker) -> line.addSubcommand(word, maker.get()));
    }
  }
}
