package org.ongsung.console.services;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A target that the reader may reach, ready to be shown: each account with what to type.
///
/// @param labels as `key=value`
public record Reachable(
    String target, String title, String address, List<String> labels, List<AccountWay> accounts) {
  public Reachable {
    labels = List.copyOf(labels);
    accounts = List.copyOf(accounts);
  }

  /// One account and the ways in.
  ///
  /// @param may capabilities as their words
  /// @param until when the grant ends; null for never
  public record AccountWay(
      String account,
      String grant,
      List<String> may,
      @Nullable Instant until,
      List<Command> commands) {
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

  /// All that a search looks at, in lower case.
  public String searchText() {
    StringBuilder text = new StringBuilder(target).append(' ').append(title);
    labels.forEach(label -> text.append(' ').append(label));
    accounts.forEach(account -> text.append(' ').append(account.account()));
    return text.toString().toLowerCase(Locale.ROOT);
  }

  /// Whether every word of `query` is found.
  public boolean matches(String query) {
    String text = searchText();
    for (String word : query.toLowerCase(Locale.ROOT).strip().split("\\s+", -1)) {
      if (!text.contains(word)) {
        return false;
      }
    }
    return true;
  }
}
