package org.ongsung.directory.access;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.Group;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.Target;
import org.ongsung.model.User;

/// Writes the directory as an access document without secrets.
///
/// Passwords and secrets are not mentioned, and host keys learned on first use neither, so that
/// applying the document leaves them as they are. A group is listed only when it has a title or
/// nobody is in it: the others come into being by their members.
public final class AccessExporter {
  private AccessExporter() {}

  /// All of the directory, each list by name.
  public static AccessDocument export(DirectorySnapshot snapshot) {
    return new AccessDocument(
        snapshot.users().values().stream().map(AccessExporter::export).toList(),
        groups(snapshot),
        snapshot.targets().values().stream().map(AccessExporter::export).toList(),
        List.copyOf(snapshot.grants().values()));
  }

  private static List<Group> groups(DirectorySnapshot snapshot) {
    Set<Name> peopled = new HashSet<>();
    snapshot.users().values().forEach(user -> peopled.addAll(user.groups()));
    return snapshot.groups().values().stream()
        .filter(group -> !group.title().isEmpty() || !peopled.contains(group.name()))
        .toList();
  }

  /// One user.
  public static UserEntry export(User user) {
    return new UserEntry(
        user.name(),
        user.title(),
        user.roles(),
        user.groups(),
        user.active(),
        null,
        user.publicKeys(),
        user.language() == LanguageChoice.AUTO ? null : user.language());
  }

  /// One target.
  public static TargetEntry export(Target target) {
    return new TargetEntry(
        target.name(),
        target.title(),
        target.protocol(),
        target.address(),
        target.labels(),
        target.hostKeyPolicy(),
        target.hostKeyPolicy() == HostKeyPolicy.PINNED ? target.hostKeys() : List.of(),
        target.accounts().stream().map(AccessExporter::export).toList(),
        target.prompts(),
        target.encoding());
  }

  private static AccountEntry export(Account account) {
    return new AccountEntry(account.name(), account.login(), null, null);
  }
}
