package org.ongsung.directory.access;

import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.DurationText;
import org.ongsung.directory.Problem;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.LoginPrompts;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;

/// An access document as a tree of maps, lists, texts, numbers and truth values, of the shape of
/// the access file: the form in which it travels as JSON, whatever reads and writes the JSON.
///
/// A tree holds secrets in clear where the document does (`password: {plain: …}`, `privateKey:
/// {plain: …}`); it names no files.
public final class AccessTree {
  private static final AccessReading READING = new AccessReading(null);

  private AccessTree() {}

  /// Reads a whole document.
  ///
  /// @throws AccessDocumentException naming every problem with its path of keys
  public static AccessDocument read(Object tree) throws AccessDocumentException {
    return TreeFields.read(tree, READING::document);
  }

  /// Reads one user; `name` stands in its tree, too, or nowhere.
  public static UserEntry readUser(Name name, Object tree) throws AccessDocumentException {
    return entry(name, tree, READING::user);
  }

  /// Reads one group; `name` stands in its tree, too, or nowhere.
  public static Group readGroup(Name name, Object tree) throws AccessDocumentException {
    return entry(name, tree, READING::group);
  }

  /// Reads one target; `name` stands in its tree, too, or nowhere.
  public static TargetEntry readTarget(Name name, Object tree) throws AccessDocumentException {
    return entry(name, tree, READING::target);
  }

  /// Reads one grant; `name` stands in its tree, too, or nowhere.
  public static Grant readGrant(Name name, Object tree) throws AccessDocumentException {
    return entry(name, tree, READING::grant);
  }

  private static <T> T entry(Name name, Object tree, Function<Fields, T> reading)
      throws AccessDocumentException {
    if (!(tree instanceof Map<?, ?> map)) {
      return TreeFields.read(tree, reading);
    }
    Map<Object, @Nullable Object> named = new LinkedHashMap<>(map);
    if (!name.value()
        .equals(Objects.requireNonNullElse(named.put("name", name.value()), name.value()))) {
      throw new AccessDocumentException(
          List.of(
              new Problem(
                  Problem.Code.NOT_A_NAME,
                  "name",
                  List.of(String.valueOf(map.get("name"))),
                  "name: expected " + name + ", the name in the address, or no name")));
    }
    return TreeFields.read(named, reading);
  }

  /// The whole document.
  public static Map<String, Object> write(AccessDocument document) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("users", document.users().stream().map(AccessTree::write).toList());
    if (!document.groups().isEmpty()) {
      tree.put("groups", document.groups().stream().map(AccessTree::write).toList());
    }
    tree.put("targets", document.targets().stream().map(AccessTree::write).toList());
    tree.put("grants", document.grants().stream().map(AccessTree::write).toList());
    return tree;
  }

  /// One user.
  public static Map<String, Object> write(UserEntry user) {
    Map<String, Object> tree = named(user.name(), user.title());
    tree.put("roles", user.roles().stream().sorted().map(Role::text).toList());
    putList(tree, "groups", sorted(user.groups()));
    if (!user.active()) {
      tree.put("active", false);
    }
    putGiven(tree, "password", user.password());
    putList(tree, "publicKeys", user.publicKeys().stream().map(SshPublicKey::line).toList());
    LanguageChoice language = user.language();
    if (language != null) {
      tree.put("language", language.text());
    }
    return tree;
  }

  /// One group.
  public static Map<String, Object> write(Group group) {
    return named(group.name(), group.title());
  }

  /// One target.
  public static Map<String, Object> write(TargetEntry target) {
    Map<String, Object> tree = named(target.name(), target.title());
    tree.put("protocol", target.protocol().text());
    tree.put("address", target.address().toString());
    if (!target.labels().isEmpty()) {
      tree.put("labels", new TreeMap<>(target.labels()));
    }
    if (target.protocol() == Protocol.SSH) {
      tree.put(
          "hostKeys",
          target.hostKeyPolicy() == HostKeyPolicy.TRUST_ON_FIRST_USE
              ? HostKeyPolicy.TRUST_ON_FIRST_USE.text()
              : target.hostKeys().stream().map(SshPublicKey::line).toList());
    }
    Map<String, Object> prompts = prompts(target.prompts());
    if (!prompts.isEmpty()) {
      tree.put("prompts", prompts);
    }
    if (target.encoding() != TextEncoding.UTF_8) {
      tree.put("encoding", target.encoding().text());
    }
    putList(tree, "accounts", target.accounts().stream().map(AccessTree::write).toList());
    return tree;
  }

  private static Map<String, Object> prompts(LoginPrompts prompts) {
    Map<String, Object> tree = new LinkedHashMap<>();
    putList(tree, "login", prompts.login());
    putList(tree, "password", prompts.password());
    putList(tree, "ready", prompts.ready());
    putList(tree, "refused", prompts.refused());
    return tree;
  }

  private static Map<String, Object> write(AccountEntry account) {
    Map<String, Object> tree = named(account.name(), Title.NONE);
    if (!account.login().equals(account.name().value())) {
      tree.put("login", account.login());
    }
    putGiven(tree, "password", account.password());
    putGiven(tree, "privateKey", account.privateKey());
    return tree;
  }

  /// One grant.
  public static Map<String, Object> write(Grant grant) {
    Map<String, Object> tree = named(grant.name(), Title.NONE);
    Map<String, Object> who = new LinkedHashMap<>();
    putList(who, "users", sorted(grant.who().users()));
    putList(who, "groups", sorted(grant.who().groups()));
    tree.put("who", who);
    Map<String, Object> where = new LinkedHashMap<>();
    putList(where, "targets", sorted(grant.where().targets()));
    if (!grant.where().labels().isEmpty()) {
      where.put("labels", new TreeMap<>(grant.where().labels()));
    }
    tree.put("where", where);
    tree.put("as", sorted(grant.as()));
    tree.put("may", grant.may().stream().sorted().map(Capability::text).toList());
    putList(tree, "from", grant.from().stream().map(Network::toString).toList());
    if (grant.until() != null) {
      tree.put("until", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(grant.until()));
    }
    Map<String, Object> limits = limits(grant.limits());
    if (!limits.isEmpty()) {
      tree.put("limits", limits);
    }
    return tree;
  }

  private static Map<String, Object> limits(Grant.Limits limits) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (limits.idle() != null) {
      tree.put("idle", DurationText.of(limits.idle()));
    }
    if (limits.duration() != null) {
      tree.put("duration", DurationText.of(limits.duration()));
    }
    if (limits.sessions() != null) {
      tree.put("sessions", limits.sessions());
    }
    return tree;
  }

  private static Map<String, Object> named(Name name, Title title) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name.value());
    if (!title.isEmpty()) {
      tree.put("title", title.value());
    }
    return tree;
  }

  private static void putList(Map<String, Object> tree, String key, List<?> items) {
    if (!items.isEmpty()) {
      tree.put(key, items);
    }
  }

  private static void putGiven(Map<String, Object> tree, String key, @Nullable Given given) {
    switch (given) {
      case null -> {}
      case Given.Plain plain -> tree.put(key, Map.of("plain", plain.text()));
      case Given.Hashed hashed -> tree.put(key, Map.of("argon2id", hashed.hash().encoded()));
      case Given.None _ -> tree.put(key, "none");
    }
  }

  private static List<String> sorted(Set<Name> names) {
    return names.stream().sorted().map(Name::toString).toList();
  }
}
