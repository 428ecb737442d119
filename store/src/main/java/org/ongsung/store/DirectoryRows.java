package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.Group;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.LoginPrompts;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// How the directory's entries lie in rows, both ways.
final class DirectoryRows {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private static final String PUT_USER =
      """
      insert into users
        (name, title, active, password, roles, member_of, public_keys, language)
      values (:name, :title, :active, :password, :roles, :memberOf, :publicKeys, :language)
      on conflict (name) do update
      set title = excluded.title, active = excluded.active, password = excluded.password,
          roles = excluded.roles, member_of = excluded.member_of,
          public_keys = excluded.public_keys, language = excluded.language
      """;

  private static final String PUT_GROUP =
      """
      insert into user_groups (name, title) values (:name, :title)
      on conflict (name) do update set title = excluded.title
      """;

  private static final String PUT_TARGET =
      """
      insert into targets
        (name, title, protocol, host, port, labels, host_key_policy, host_keys, accounts,
         prompts, encoding)
      values (:name, :title, :protocol, :host, :port, :labels, :policy, :hostKeys, :accounts,
              :prompts, :encoding)
      on conflict (name) do update
      set title = excluded.title, protocol = excluded.protocol, host = excluded.host,
          port = excluded.port, labels = excluded.labels,
          host_key_policy = excluded.host_key_policy, host_keys = excluded.host_keys,
          accounts = excluded.accounts, prompts = excluded.prompts,
          encoding = excluded.encoding
      """;

  private static final String PUT_GRANT =
      """
      insert into grants
        (name, who_users, who_groups, where_targets, where_labels, accounts, may, from_networks,
         until_at, until_offset_seconds, idle_micros, duration_micros, sessions)
      values (:name, :users, :groups, :targets, :labels, :accounts, :may, :from,
              :until, :untilOffset, :idle, :duration, :sessions)
      on conflict (name) do update
      set who_users = excluded.who_users, who_groups = excluded.who_groups,
          where_targets = excluded.where_targets, where_labels = excluded.where_labels,
          accounts = excluded.accounts, may = excluded.may,
          from_networks = excluded.from_networks, until_at = excluded.until_at,
          until_offset_seconds = excluded.until_offset_seconds,
          idle_micros = excluded.idle_micros, duration_micros = excluded.duration_micros,
          sessions = excluded.sessions
      """;

  private DirectoryRows() {}

  static void putUsers(Handle handle, List<User> users) {
    put(
        handle,
        PUT_USER,
        users,
        (row, user) -> {
          PasswordHash password = user.password();
          row.bind("name", user.name().value())
              .bind("title", clean(user.title().value()))
              .bind("active", user.active() ? 1 : 0)
              .bind("password", password == null ? null : password.encoded())
              .bind("roles", sorted(user.roles(), Role::text))
              .bind("memberOf", names(user.groups()))
              .bind("publicKeys", keys(user.publicKeys()))
              .bind("language", user.language().text());
        });
  }

  static User user(ResultSet row) throws SQLException {
    String password = row.getString("password");
    return new User(
        Name.of(row.getString("name")),
        new Title(row.getString("title")),
        set(row.getString("roles"), Role::of),
        set(row.getString("member_of"), Name::of),
        row.getInt("active") == 1,
        password == null ? null : new PasswordHash(password),
        list(row.getString("public_keys"), SshPublicKey::parse),
        LanguageChoice.of(row.getString("language")));
  }

  static void putGroups(Handle handle, List<Group> groups) {
    put(
        handle,
        PUT_GROUP,
        groups,
        (row, group) ->
            row.bind("name", group.name().value()).bind("title", clean(group.title().value())));
  }

  static Group group(ResultSet row) throws SQLException {
    return new Group(Name.of(row.getString("name")), new Title(row.getString("title")));
  }

  static void putTargets(Handle handle, List<Target> targets) {
    put(
        handle,
        PUT_TARGET,
        targets,
        (row, target) ->
            row.bind("name", target.name().value())
                .bind("title", clean(target.title().value()))
                .bind("protocol", target.protocol().text())
                .bind("host", target.address().host())
                .bind("port", target.address().port())
                .bind("labels", JsonText.map(target.labels()))
                .bind("policy", target.hostKeyPolicy().text())
                .bind("hostKeys", keys(target.hostKeys()))
                .bind("accounts", accounts(target.accounts()))
                .bind("prompts", prompts(target.prompts()))
                .bind("encoding", target.encoding().text()));
  }

  /// Kind and pattern in turn.
  private static String prompts(LoginPrompts prompts) {
    List<String> texts = new ArrayList<>();
    add(texts, "login", prompts.login());
    add(texts, "password", prompts.password());
    add(texts, "ready", prompts.ready());
    add(texts, "refused", prompts.refused());
    return JsonText.list(texts);
  }

  private static void add(List<String> texts, String kind, List<String> patterns) {
    for (String pattern : patterns) {
      texts.add(kind);
      texts.add(clean(pattern));
    }
  }

  private static LoginPrompts prompts(String json) {
    List<String> texts = JsonText.list(json);
    return new LoginPrompts(
        ofKind(texts, "login"),
        ofKind(texts, "password"),
        ofKind(texts, "ready"),
        ofKind(texts, "refused"));
  }

  private static List<String> ofKind(List<String> texts, String kind) {
    List<String> patterns = new ArrayList<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      if (texts.get(i).equals(kind)) {
        patterns.add(texts.get(i + 1));
      }
    }
    return patterns;
  }

  /// Name and login in turn: the accounts in their order, as the administrator gave it.
  private static String accounts(List<Account> accounts) {
    return JsonText.list(
        accounts.stream().flatMap(a -> List.of(a.name().value(), a.login()).stream()).toList());
  }

  /// Which secrets there are: target, account, kinds.
  static Map<Name, Map<Name, Set<String>>> secretKinds(Handle handle) {
    Map<Name, Map<Name, Set<String>>> kinds = new HashMap<>();
    handle
        .createQuery("select target, account, kind from secrets")
        .map((row, context) -> List.of(row.getString(1), row.getString(2), row.getString(3)))
        .forEach(
            secret ->
                kinds
                    .computeIfAbsent(Name.of(secret.get(0)), target -> new HashMap<>())
                    .computeIfAbsent(Name.of(secret.get(1)), account -> new HashSet<>())
                    .add(secret.get(2)));
    return kinds;
  }

  static Target target(ResultSet row, Map<Name, Map<Name, Set<String>>> secrets)
      throws SQLException {
    Name name = Name.of(row.getString("name"));
    Map<Name, Set<String>> kinds = secrets.getOrDefault(name, Map.of());
    List<String> texts = JsonText.list(row.getString("accounts"));
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      Name account = Name.of(texts.get(i));
      Set<SecretKind> held =
          kinds.getOrDefault(account, Set.of()).stream()
              .map(DirectoryRows::secretKind)
              .collect(Collectors.toSet());
      accounts.add(new Account(account, texts.get(i + 1), held));
    }
    return new Target(
        name,
        new Title(row.getString("title")),
        Protocol.of(row.getString("protocol")),
        new HostAndPort(row.getString("host"), row.getInt("port")),
        JsonText.map(row.getString("labels")),
        byText(HostKeyPolicy.values(), HostKeyPolicy::text, row.getString("host_key_policy")),
        list(row.getString("host_keys"), SshPublicKey::parse),
        accounts,
        prompts(row.getString("prompts")),
        TextEncoding.of(row.getString("encoding")));
  }

  static SecretKind secretKind(String text) {
    return byText(SecretKind.values(), SecretKind::text, text);
  }

  static void putGrants(Handle handle, List<Grant> grants) {
    put(
        handle,
        PUT_GRANT,
        grants,
        (row, grant) -> {
          OffsetDateTime until = grant.until();
          row.bind("name", grant.name().value())
              .bind("users", names(grant.who().users()))
              .bind("groups", names(grant.who().groups()))
              .bind("targets", names(grant.where().targets()))
              .bind("labels", JsonText.map(grant.where().labels()))
              .bind("accounts", names(grant.as()))
              .bind("may", sorted(grant.may(), Capability::text))
              .bind("from", JsonText.list(grant.from().stream().map(Network::toString).toList()))
              .bind("until", until == null ? null : StoredText.micros(until.toInstant()))
              .bind("untilOffset", until == null ? null : until.getOffset().getTotalSeconds())
              .bind("idle", micros(grant.limits().idle()))
              .bind("duration", micros(grant.limits().duration()))
              .bind("sessions", grant.limits().sessions());
        });
  }

  static Grant grant(ResultSet row) throws SQLException {
    return new Grant(
        Name.of(row.getString("name")),
        new Grant.Who(
            set(row.getString("who_users"), Name::of), set(row.getString("who_groups"), Name::of)),
        new Grant.Where(
            set(row.getString("where_targets"), Name::of),
            JsonText.map(row.getString("where_labels"))),
        set(row.getString("accounts"), Name::of),
        set(row.getString("may"), Capability::of),
        list(row.getString("from_networks"), Network::parse),
        until(row),
        new Grant.Limits(
            duration(Columns.longOrNull(row, "idle_micros")),
            duration(Columns.longOrNull(row, "duration_micros")),
            Columns.intOrNull(row, "sessions")));
  }

  /// With the offset as it was written, so that an export says what the administrator said.
  private static @Nullable OffsetDateTime until(ResultSet row) throws SQLException {
    Long at = Columns.longOrNull(row, "until_at");
    if (at == null) {
      return null;
    }
    Instant instant = StoredText.instant(at);
    return instant.atOffset(ZoneOffset.ofTotalSeconds(row.getInt("until_offset_seconds")));
  }

  private static @Nullable Long micros(@Nullable Duration duration) {
    return duration == null
        ? null
        : Math.addExact(
            Math.multiplyExact(duration.getSeconds(), MICROS_PER_SECOND),
            // A duration is longer than nothing, also when cut.
            Math.max(duration.getNano() / 1_000, duration.getSeconds() == 0 ? 1 : 0));
  }

  private static @Nullable Duration duration(@Nullable Long micros) {
    return micros == null
        ? null
        : Duration.ofSeconds(micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND * 1_000);
  }

  private interface Binding<T> {
    void bind(PreparedBatch row, T entry);
  }

  private static <T> void put(Handle handle, String sql, List<T> entries, Binding<T> binding) {
    if (entries.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(sql);
    for (T entry : entries) {
      binding.bind(batch, entry);
      batch.add();
    }
    batch.execute();
  }

  private static String names(Collection<Name> names) {
    return sorted(names, Name::value);
  }

  private static <T> String sorted(Collection<T> values, Function<T, String> text) {
    return JsonText.list(values.stream().map(text).sorted().toList());
  }

  private static String keys(List<SshPublicKey> keys) {
    return JsonText.list(keys.stream().map(SshPublicKey::line).toList());
  }

  private static <T> List<T> list(String json, Function<String, T> of) {
    return JsonText.list(json).stream().map(of).toList();
  }

  private static <T> Set<T> set(String json, Function<String, T> of) {
    return JsonText.list(json).stream().map(of).collect(Collectors.toSet());
  }

  private static <T> T byText(T[] values, Function<T, String> text, String wanted) {
    return Arrays.stream(values)
        .filter(value -> text.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not known: " + wanted));
  }
}
