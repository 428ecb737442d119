package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LoginPrompts;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.User;
import org.ongsung.wire.csv.CsvWriter;
import org.ongsung.wire.csv.FormulaGuard;

/// Writes users or targets as the CSV that [BulkImport] reads: with a byte order mark, so that
/// spreadsheets take it for UTF-8, and without anything that one would run as a formula. Never
/// holds a secret. What is written and read again changes nothing.
public final class CsvExport {
  private static final Set<Column> USERS =
      EnumSet.of(
          Column.NAME,
          Column.TITLE,
          Column.ROLES,
          Column.GROUPS,
          Column.ACTIVE,
          Column.PUBLIC_KEYS);

  private static final Set<Column> TARGETS =
      EnumSet.of(
          Column.NAME,
          Column.TITLE,
          Column.PROTOCOL,
          Column.ADDRESS,
          Column.LABELS,
          Column.ACCOUNTS,
          Column.HOST_KEYS,
          Column.ENCODING,
          Column.LOGIN_PROMPTS,
          Column.PASSWORD_PROMPTS,
          Column.READY_PROMPTS,
          Column.REFUSED_PROMPTS);

  private CsvExport() {}

  /// All users, by name.
  ///
  /// @param language of the first line: Korean, or English for any other
  public static String users(DirectorySnapshot snapshot, Locale language) {
    StringBuilder csv = new StringBuilder(CsvWriter.BYTE_ORDER_MARK).append(heads(USERS, language));
    snapshot.users().values().forEach(user -> csv.append(line(fields(user))));
    return csv.toString();
  }

  /// All targets, by name.
  ///
  /// @param language of the first line: Korean, or English for any other
  public static String targets(DirectorySnapshot snapshot, Locale language) {
    StringBuilder csv =
        new StringBuilder(CsvWriter.BYTE_ORDER_MARK).append(heads(TARGETS, language));
    snapshot.targets().values().forEach(target -> csv.append(line(fields(target))));
    return csv.toString();
  }

  private static String heads(Set<Column> columns, Locale language) {
    return CsvWriter.line(columns.stream().map(column -> column.head(language)).toList());
  }

  private static String line(List<String> fields) {
    return CsvWriter.line(fields.stream().map(FormulaGuard::guarded).toList());
  }

  private static List<String> fields(User user) {
    return List.of(
        user.name().value(),
        user.title().value(),
        joined(user.roles().stream().sorted().map(Role::text).toList()),
        joined(names(user.groups())),
        user.active() ? "yes" : "no",
        lines(user.publicKeys()));
  }

  private static List<String> fields(Target target) {
    List<String> labels = new ArrayList<>();
    LoginPrompts prompts = target.prompts();
    new TreeMap<>(target.labels()).forEach((key, value) -> labels.add(key + "=" + value));
    return List.of(
        target.name().value(),
        target.title().value(),
        target.protocol().text(),
        target.address().toString(),
        joined(labels),
        joined(target.accounts().stream().map(CsvExport::account).toList()),
        target.hostKeyPolicy() == HostKeyPolicy.PINNED
            ? lines(target.hostKeys())
            : HostKeyPolicy.TRUST_ON_FIRST_USE.text(),
        target.encoding().text(),
        String.join("\n", prompts.login()),
        String.join("\n", prompts.password()),
        String.join("\n", prompts.ready()),
        String.join("\n", prompts.refused()));
  }

  private static String account(Account account) {
    String name = account.name().value();
    return account.login().equals(name) ? name : name + "=" + account.login();
  }

  private static List<String> names(Collection<Name> names) {
    return names.stream().sorted().map(Name::value).toList();
  }

  private static String joined(List<String> items) {
    return String.join("; ", items);
  }

  private static String lines(List<SshPublicKey> keys) {
    return keys.stream().map(SshPublicKey::line).collect(Collectors.joining("\n"));
  }
}
