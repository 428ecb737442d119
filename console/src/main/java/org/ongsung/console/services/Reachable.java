package org.ongsung.console.services;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A target that the reader may reach, ready to be shown: each account with what to type.
///
/// @param protocol how the target is spoken to, such as `ssh`
/// @param labels as `key=value`
public record Reachable(
    String target,
    String title,
    String protocol,
    String address,
    List<String> labels,
    List<AccountWay> accounts) {
  public Reachable {
    labels = List.copyOf(labels);
    accounts = List.copyOf(accounts);
  }

  /// One account and the ways in.
  ///
  /// @param may capabilities as their words
  /// @param until when the grant ends; null for never
  /// @param link opens the program that the person has set up for such addresses; empty where
  ///   nothing can be typed
  public record AccountWay(
      String account,
      String grant,
      List<String> may,
      @Nullable Instant until,
      List<Command> commands,
      String link) {
    public AccountWay {
      may = List.copyOf(may);
      commands = List.copyOf(commands);
    }
  }

  /// A command to paste.
  ///
  /// @param program `ssh`, `sftp` or `scp`
  /// @param id unique on a page
  public record Command(String program, String line, String id) {}
}
