package org.ongsung.directory.access;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.DurationText;
import org.ongsung.directory.Passwords;
import org.ongsung.directory.Problem;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.ForbiddenAddresses;
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
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.vault.Secret;

/// What an access document says, read from its [Fields]: the grammar of the file.
final class AccessReading {
  private static final String NONE = "none";
  private static final Name NO_NAME = Name.of("0");
  private static final Grant.Who NOBODY = new Grant.Who(Set.of(), Set.of());
  private static final Grant.Where NOWHERE = new Grant.Where(Set.of(), Map.of());
  private static final HostAndPort NO_ADDRESS = new HostAndPort("0", 1);

  private final @Nullable SecretFiles files;

  /// @param files null where paths mean nothing, as in a document that came over the network
  AccessReading(@Nullable SecretFiles files) {
    this.files = files;
  }

  AccessDocument document(Fields root) {
    return new AccessDocument(
        unique(root, "users", this::user, UserEntry::name),
        unique(root, "groups", this::group, Group::name),
        unique(root, "targets", this::target, TargetEntry::name),
        unique(root, "grants", this::grant, Grant::name));
  }

  private static <T> List<T> unique(
      Fields fields, String key, Function<Fields, T> reading, Function<T, Name> name) {
    Set<Name> seen = new HashSet<>();
    return fields.mappings(
        key,
        entry -> {
          T read = reading.apply(entry);
          if (!name.apply(read).equals(NO_NAME) && !seen.add(name.apply(read))) {
            entry.problem(
                "name",
                Problem.Code.LISTED_TWICE,
                "\"" + name.apply(read) + "\" is listed twice under " + key,
                name.apply(read));
          }
          return read;
        });
  }

  UserEntry user(Fields user) {
    Name name = name(user);
    Title title = title(user);
    boolean rolesGiven = user.has("roles");
    Set<Role> roles = Set.copyOf(user.list("roles", Expected.ROLE, Role::of));
    return new UserEntry(
        name,
        title,
        rolesGiven ? roles : EnumSet.of(Role.USER),
        atMost(user, "groups", User.MAX_GROUPS, names(user, "groups")),
        user.bool("active", true),
        password(user),
        atMost(
            user,
            "publicKeys",
            User.MAX_PUBLIC_KEYS,
            user.list("publicKeys", Expected.PUBLIC_KEY, AccessReading::publicKey)),
        user.optional("language", Expected.LANGUAGE, LanguageChoice::of).orElse(null));
  }

  private static <C extends java.util.Collection<?>> C atMost(
      Fields fields, String key, int most, C items) {
    if (items.size() > most) {
      fields.problem(
          key,
          Problem.Code.AT_MOST,
          "at most " + most + " are allowed here, not " + items.size(),
          most,
          items.size());
    }
    return items;
  }

  Group group(Fields group) {
    return new Group(name(group), title(group));
  }

  TargetEntry target(Fields target) {
    Name name = name(target);
    Title title = title(target);
    Protocol protocol = target.required("protocol", Expected.PROTOCOL, Protocol.SSH, Protocol::of);
    HostAndPort address =
        target.required("address", Expected.ADDRESS, NO_ADDRESS, text -> address(text, protocol));
    boolean pinned = target.isList("hostKeys");
    List<AccountEntry> accounts =
        atMost(
            target,
            "accounts",
            Target.MAX_ACCOUNTS,
            unique(target, "accounts", this::account, AccountEntry::name));
    return new TargetEntry(
        name,
        title,
        protocol,
        address,
        labels(target),
        pinned ? HostKeyPolicy.PINNED : HostKeyPolicy.TRUST_ON_FIRST_USE,
        hostKeys(target, protocol, pinned),
        accounts,
        target.mapping("prompts", AccessReading::prompts).orElse(LoginPrompts.USUAL),
        target
            .optional("encoding", Expected.ENCODING, TextEncoding::of)
            .orElse(TextEncoding.UTF_8));
  }

  private static LoginPrompts prompts(Fields prompts) {
    try {
      return new LoginPrompts(
          prompts.list("login", Expected.PROMPT, LoginPrompts::pattern),
          prompts.list("password", Expected.PROMPT, LoginPrompts::pattern),
          prompts.list("ready", Expected.PROMPT, LoginPrompts::pattern),
          prompts.list("refused", Expected.PROMPT, LoginPrompts::pattern));
    } catch (IllegalArgumentException e) {
      throw new UnfitValueException(Problem.Code.NOT_A_PROMPT, String.valueOf(e.getMessage()));
    }
  }

  private static List<SshPublicKey> hostKeys(Fields target, Protocol protocol, boolean pinned) {
    if (protocol == Protocol.SSH) {
      return pinned ? pinnedKeys(target) : trustOnFirstUse(target);
    }
    if (pinned) {
      target.problem(
          "hostKeys",
          Problem.Code.PROTOCOL_WITHOUT_KEYS,
          "a " + protocol.text() + " target proves no key: leave hostKeys out",
          protocol.text());
      return List.of();
    }
    return target.has("hostKeys") ? trustOnFirstUse(target) : List.of();
  }

  private static List<SshPublicKey> pinnedKeys(Fields target) {
    List<SshPublicKey> keys =
        target.list("hostKeys", Expected.PUBLIC_KEY, AccessReading::publicKey);
    return atMost(target, "hostKeys", User.MAX_PUBLIC_KEYS, keys);
  }

  private static List<SshPublicKey> trustOnFirstUse(Fields target) {
    return target.required(
        "hostKeys",
        Expected.HOST_KEYS,
        List.of(),
        text -> {
          if (!text.equals(HostKeyPolicy.TRUST_ON_FIRST_USE.text())) {
            throw new IllegalArgumentException("it is neither");
          }
          return List.of();
        });
  }

  AccountEntry account(Fields account) {
    Name name = name(account);
    String login =
        account
            .optional("login", Expected.LOGIN, text -> new Account(name, text, Set.of()).login())
            .orElse(name.value());
    Given password = secret(account, "password", "passwordFile", Function.identity());
    Given privateKey = secret(account, "privateKey", "privateKeyFile", PrivateKeyText::checked);
    return new AccountEntry(name, login, password, privateKey);
  }

  private @Nullable Given secret(
      Fields account, String key, String fileKey, Function<String, String> check) {
    if (account.has(key) && account.has(fileKey)) {
      account.problem(
          fileKey, Problem.Code.EITHER, "give either " + key + " or " + fileKey, key, fileKey);
    }
    if (account.has(fileKey)) {
      return account
          .<Given>optional(fileKey, Expected.SECRET_FILE, path -> fromFile(fileKey, path))
          .orElse(null);
    }
    return plainOrNone(
        account,
        key,
        given ->
            new Given.Plain(
                given.required("plain", Expected.SECRET, "", text -> check.apply(bounded(text)))));
  }

  private Given fromFile(String fileKey, String path) {
    if (files == null) {
      throw new IllegalArgumentException(
          "files are read where the access file is applied, not here; send the secret itself");
    }
    return new Given.Plain(
        fileKey.equals("privateKeyFile") ? files.privateKey(path) : files.password(path));
  }

  private static String bounded(String secret) {
    int bytes = secret.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > Secret.MAX_BYTES) {
      throw new IllegalArgumentException("a secret has 1 to 65536 bytes");
    }
    return secret;
  }

  private static @Nullable Given password(Fields user) {
    return plainOrNone(
        user,
        "password",
        given -> {
          if (given.has("plain") && given.has("argon2id")) {
            given.problem(
                "argon2id",
                Problem.Code.EITHER,
                "give either plain or argon2id",
                "plain",
                "argon2id");
          }
          Optional<PasswordHash> hash =
              given.optional("argon2id", Expected.HASH, PasswordHash::new);
          return given.has("argon2id")
              ? hash.<Given>map(Given.Hashed::new).orElseGet(Given.None::new)
              : new Given.Plain(
                  given.required("plain", Expected.PASSWORD, "", AccessReading::sized));
        });
  }

  private static String sized(String password) {
    if (password.isEmpty() || password.length() > Passwords.MAX_CHARACTERS) {
      throw new IllegalArgumentException("a password has 1 to 1024 characters");
    }
    return password;
  }

  /// `none`, or a mapping that `reading` reads. The message about another text must not show it:
  /// somebody may have written the secret itself there.
  private static @Nullable Given plainOrNone(
      Fields fields, String key, Function<Fields, Given> reading) {
    if (!fields.has(key)) {
      return null;
    }
    if (fields.isMapping(key)) {
      return fields.mapping(key, reading).orElse(null);
    }
    return fields
        .<Given>optional(
            key,
            Expected.GIVEN,
            text -> {
              if (!text.equals(NONE)) {
                throw new IllegalArgumentException("write " + key + ": {plain: \"…\"}");
              }
              return new Given.None();
            })
        .orElse(null);
  }

  Grant grant(Fields grant) {
    Name name = name(grant);
    for (String key : List.of("who", "where", "as", "may")) {
      if (!grant.has(key)) {
        grant.problem(key, Problem.Code.MISSING, "a grant needs the key \"" + key + "\"");
      }
    }
    Grant.Who who = grant.mapping("who", AccessReading::who).orElse(NOBODY);
    Grant.Where where = grant.mapping("where", AccessReading::where).orElse(NOWHERE);
    return new Grant(
        name,
        who,
        where,
        names(grant, "as"),
        Set.copyOf(grant.list("may", Expected.CAPABILITY, Capability::of)),
        grant.list("from", Expected.NETWORK, Network::parse).stream().distinct().toList(),
        grant.optional("until", Expected.MOMENT, AccessReading::moment).orElse(null),
        grant.mapping("limits", AccessReading::limits).orElse(Grant.Limits.NONE));
  }

  private static Grant.Who who(Fields who) {
    Grant.Who read = new Grant.Who(names(who, "users"), names(who, "groups"));
    if (!who.has("users") && !who.has("groups")) {
      who.problem("users", Problem.Code.MISSING, "a grant is for somebody: name users or groups");
    }
    return read;
  }

  private static Grant.Where where(Fields where) {
    Grant.Where read = new Grant.Where(names(where, "targets"), labels(where));
    if (!where.has("targets") && !where.has("labels")) {
      where.problem(
          "targets", Problem.Code.MISSING, "a grant is for some target: name targets or labels");
    }
    return read;
  }

  private static Grant.Limits limits(Fields limits) {
    try {
      return readLimits(limits);
    } catch (IllegalArgumentException e) {
      throw new UnfitValueException(Problem.Code.BAD_LIMITS, String.valueOf(e.getMessage()));
    }
  }

  private static Grant.Limits readLimits(Fields limits) {
    return new Grant.Limits(
        limits.optional("idle", Expected.DURATION, DurationText::parse).orElse(null),
        limits.optional("duration", Expected.DURATION, DurationText::parse).orElse(null),
        limits.optional("sessions", Expected.COUNT, Integer::valueOf).orElse(null));
  }

  private static HostAndPort address(String text, Protocol protocol) {
    HostAndPort address = HostAndPort.parse(text, protocol.defaultPort());
    if (ForbiddenAddresses.containsLiteral(address.host())) {
      throw new UnfitValueException(
          Problem.Code.ADDRESS_FORBIDDEN,
          "no target may lie at a link-local, multicast or metadata address: " + address);
    }
    return address;
  }

  /// A certificate binds more than its key (principals, addresses, an end), none of which would be
  /// looked at here.
  private static SshPublicKey publicKey(String line) {
    SshPublicKey key = SshPublicKey.parse(line);
    if (key.algorithm().contains("-cert-v0")) {
      throw new UnfitValueException(
          Problem.Code.KEY_IS_CERTIFICATE, "a certificate; give the public key itself");
    }
    if (key.algorithm().equals("ssh-dss")) {
      throw new UnfitValueException(
          Problem.Code.KEY_OF_OTHER_KIND, "a DSA key; use ed25519, ECDSA or RSA");
    }
    return key;
  }

  private static OffsetDateTime moment(String text) {
    try {
      return OffsetDateTime.parse(text).truncatedTo(ChronoUnit.MILLIS); // what stores keep
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("it is not one", e);
    }
  }

  /// The labels of a target or of what a grant looks for.
  private static Map<String, String> labels(Fields fields) {
    Map<String, String> labels = fields.texts("labels");
    try {
      return new Grant.Where(Set.of(), labels).labels();
    } catch (IllegalArgumentException e) {
      fields.problem("labels", Problem.Code.BAD_LABELS, String.valueOf(e.getMessage()));
      return Map.of();
    }
  }

  private static Name name(Fields fields) {
    return fields.required("name", Expected.NAME, NO_NAME, Name::of);
  }

  private static Title title(Fields fields) {
    return fields.optional("title", Expected.TITLE, Title::new).orElse(Title.NONE);
  }

  private static Set<Name> names(Fields fields, String key) {
    return Set.copyOf(fields.list(key, Expected.NAME, Name::of));
  }
}
