package org.ongsung.cli;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of entries of the directory, and how each is named, listed and set.
final class EntryKind {
  static final EntryKind USER =
      new EntryKind(
          "user",
          "users",
          List.of("name", "title", "roles", "groups", "state", "keys"),
          EntryKind::userRow,
          """
          {"title": "", "roles": [], "groups": [], "active": true, "publicKeys": []}""",
          UserSetCommand::new);
  static final EntryKind GROUP =
      new EntryKind(
          "group",
          "groups",
          List.of("name", "title"),
          group -> List.of(text(group, "name"), text(group, "title")),
          """
          {"title": ""}""",
          GroupSetCommand::new);
  static final EntryKind TARGET =
      new EntryKind(
          "target",
          "targets",
          List.of("name", "title", "address", "accounts", "labels"),
          EntryKind::targetRow,
          """
          {"title": "", "labels": {}, "accounts": []}""",
          TargetSetCommand::new);
  static final EntryKind GRANT =
      new EntryKind(
          "grant",
          "grants",
          List.of("name", "who", "where", "as", "may", "until"),
          EntryKind::grantRow,
          """
          {"from": [], "until": null, "limits": {}}""",
          GrantSetCommand::new);

  /// All, in the order of the access file.
  static final List<EntryKind> ALL = List.of(USER, GROUP, TARGET, GRANT);

  static final EntryKind NOTICE =
      new EntryKind(
          "notice",
          "notices",
          List.of("name", "title", "sticky", "from", "until", "groups"),
          EntryKind::noticeRow,
          "{}",
          NoticeSetCommand::new);
  static final EntryKind LINK =
      new EntryKind(
          "link",
          "links",
          List.of("name", "title", "address", "rank", "groups"),
          EntryKind::linkRow,
          "{}",
          LinkSetCommand::new);

  /// What stands on the wall: not of the access file.
  static final List<EntryKind> OF_WALL = List.of(NOTICE, LINK);

  private final String word;
  private final String collection;
  private final List<String> heads;
  private final Function<JsonNode, List<String>> row;
  private final JsonNode defaults;
  private final Supplier<EntrySetCommand> set;

  private EntryKind(
      String word,
      String collection,
      List<String> heads,
      Function<JsonNode, List<String>> row,
      String defaults,
      Supplier<EntrySetCommand> set) {
    this.word = word;
    this.collection = collection;
    this.heads = heads;
    this.row = row;
    this.defaults = JsonMapper.shared().readTree(defaults);
    this.set = set;
  }

  /// `user`.
  String word() {
    return word;
  }

  /// `users`, as in the API's paths.
  String collection() {
    return collection;
  }

  List<String> heads() {
    return heads;
  }

  List<String> row(JsonNode entry) {
    return row.apply(entry);
  }

  /// The entry with every field that it may have: a program must not look for one in vain because
  /// it has its default, as an access file may leave it out.
  JsonNode complete(JsonNode entry) {
    if (entry instanceof ObjectNode fields) {
      defaults.forEachEntry(
          (field, value) -> {
            if (!fields.has(field)) {
              fields.set(field, value);
            }
          });
    }
    return entry;
  }

  /// The command `ongsung user` with its subcommands.
  CommandLine commands() {
    CommandSpec spec = CommandSpec.create().name(word);
    spec.usageMessage().description("List, show, add, set and delete " + collection + ".");
    CommandLine line = new CommandLine(spec);
    line.addSubcommand(
        "list", described(new EntryListCommand(this), "List all " + collection + "."));
    line.addSubcommand("show", described(new EntryShowCommand(this), "Show one " + word + "."));
    line.addSubcommand(
        "add", described(set.get().onlyNew(), "Add a " + word + " that is not there yet."));
    line.addSubcommand(
        "set",
        described(
            set.get(), "Change what is named of a " + word + "; everything else stays as it is."));
    line.addSubcommand("delete", described(new EntryDeleteCommand(this), "Delete a " + word + "."));
    return line;
  }

  private static CommandLine described(Object command, String description) {
    CommandLine line = new CommandLine(command);
    line.getCommandSpec().usageMessage().description(description);
    return line;
  }

  private static String text(JsonNode entry, String field) {
    return entry.path(field).asString("");
  }

  private static List<String> userRow(JsonNode user) {
    return List.of(
        text(user, "name"),
        text(user, "title"),
        GatewayCommand.joined(user.path("roles")),
        GatewayCommand.joined(user.path("groups")),
        user.path("active").asBoolean(true) ? "active" : "inactive",
        String.valueOf(user.path("publicKeys").size()));
  }

  private static List<String> targetRow(JsonNode target) {
    StringBuilder accounts = new StringBuilder();
    for (JsonNode account : target.path("accounts")) {
      accounts.append(accounts.isEmpty() ? "" : ", ").append(text(account, "name"));
    }
    return List.of(
        text(target, "name"),
        text(target, "title"),
        text(target, "address"),
        accounts.toString(),
        pairs(target.path("labels")));
  }

  private static List<String> grantRow(JsonNode grant) {
    return List.of(
        text(grant, "name"),
        named(grant.path("who"), "users", "groups"),
        named(grant.path("where"), "targets", "labels"),
        GatewayCommand.joined(grant.path("as")),
        GatewayCommand.joined(grant.path("may")),
        text(grant, "until"));
  }

  private static List<String> noticeRow(JsonNode notice) {
    return List.of(
        text(notice, "name"),
        text(notice, "title"),
        notice.path("sticky").asBoolean(false) ? "yes" : "",
        text(notice, "shownFrom"),
        text(notice, "shownUntil"),
        GatewayCommand.joined(notice.path("groups")));
  }

  private static List<String> linkRow(JsonNode link) {
    return List.of(
        text(link, "name"),
        text(link, "title"),
        text(link, "address"),
        link.path("rank").asString(""),
        GatewayCommand.joined(link.path("groups")));
  }

  private static String named(JsonNode node, String plain, String other) {
    String first = GatewayCommand.joined(node.path(plain));
    JsonNode rest = node.path(other);
    String second = rest.isObject() ? pairs(rest) : GatewayCommand.joined(rest);
    if (second.isEmpty()) {
      return first;
    }
    return (first.isEmpty() ? "" : first + "; ") + other + " " + second;
  }

  private static String pairs(JsonNode map) {
    StringBuilder text = new StringBuilder();
    map.forEachEntry(
        (key, value) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(key)
                .append('=')
                .append(value.asString("")));
    return text.toString();
  }
}
