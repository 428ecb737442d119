package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.HostKeyVerdict;
import org.ongsung.gateway.Notice;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.SessionRefusedException;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.files.FileUpstream;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.gateway.via.PassageLimits;
import org.ongsung.gateway.via.Passages;
import org.ongsung.model.Account;
import org.ongsung.model.Capability;
import org.ongsung.model.Grant;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.AuthenticatorForTests;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Decision;
import org.ongsung.policy.LoginAttempt;
import org.ongsung.policy.LoginResult;
import org.ongsung.policy.TargetGrant;
import org.ongsung.protocols.ssh.transport.TransportLimits;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.GatewayHostKeys;
import org.ongsung.testkit.OpenSshClient;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.SshKey;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.SecretPlace;
import org.ongsung.vault.Vault;

/// A gateway on a free port with what stands around the SSH room replaced by what a test can look
/// into; people log in with the key `alice` or the password `correct horse`.
final class SshGateway implements AutoCloseable {
  static final String PASSWORD = "correct horse";

  final Path folder = Folders.temporary("ongsung-ssh");
  final SshKey alice = SshKey.generate(folder.resolve("alice"), "ed25519", "alice");
  final List<RecordedSession> sessions = new CopyOnWriteArrayList<>();
  final List<String> denials = new CopyOnWriteArrayList<>();
  final Map<Name, List<SshPublicKey>> learned = new ConcurrentHashMap<>();
  final AuthenticatorForTests authenticator;
  final OpenSshClient client;
  final InetSocketAddress address;
  volatile @Nullable Notice refusing;
  volatile boolean recordsFail;
  volatile long openMillis;

  /// How long the record of a channel takes to open.
  volatile long channelMillis;

  private final MemoryDirectory directory = new MemoryDirectory();
  private final MemoryVault vault = new MemoryVault();
  private final Passages passages = new Passages("here", PassageLimits.DEFAULT);
  private final Gateway gateway = new MemoryGateway();
  private final SshProtocol protocol;

  SshGateway() {
    this(SshLimits.DEFAULT);
  }

  SshGateway(SshLimits limits) {
    this(limits, TransportLimits.DEFAULT);
  }

  SshGateway(SshLimits limits, TransportLimits transport) {
    try {
      authenticator = new AuthenticatorForTests(directory);
      authenticator.passwords.put("alice", PASSWORD);
      GatewayHostKeys.into(folder);
      SshHostKeys hostKeys = SshHostKeys.loadOrCreate(folder);
      protocol =
          new SshProtocol(
              gateway,
              authenticator,
              new Authorizer(directory, InstantSource.system()),
              vault,
              hostKeys,
              new Terminals(gateway),
              passages,
              java.util.List.of(),
              limits,
              transport);
      address = protocol.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      client = new OpenSshClient(folder);
      hostKeys.publicKeys().forEach(key -> client.trust(address.getPort(), key.line()));
      user("alice", alice.publicLine());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Of everybody, in clear.
  java.util.Map<String, String> passwords() {
    return authenticator.passwords;
  }

  int port() {
    return address.getPort();
  }

  SshProtocol protocol() {
    return protocol;
  }

  /// Alice's session on the files of a target's account `root`, as the console opens one.
  FileUpstream files(String target, FileLimits limits) throws Exception {
    ClientConnection console =
        new ClientConnection(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "console", "a browser");
    LoginAttempt attempt = new LoginAttempt("alice", console.source().getAddress(), "console");
    if (authenticator.session(attempt, "password") instanceof LoginResult.Accepted login
        && new Authorizer(directory, InstantSource.system())
                .authorise(login.user(), new AccessRequest(target, "root"))
            instanceof Decision.Permit permit) {
      return protocol.files(limits).dial(gateway.open(permit.grant(), console));
    }
    throw new AssertionError("alice may not");
  }

  void user(String name, String... publicKeys) {
    directory.users.put(
        name,
        new User(
            Name.of(name),
            Title.NONE,
            Set.of(Role.USER),
            Set.of(Name.of("ops")),
            true,
            null,
            java.util.Arrays.stream(publicKeys).map(SshPublicKey::parse).toList()));
  }

  /// Has the user choose a language.
  void speaks(String name, LanguageChoice language) {
    directory.users.computeIfPresent(name, (_, user) -> user.withLanguage(language));
  }

  /// A target that is this sshd, with one account, and a grant of everything on it.
  SshGateway target(String name, OpenSshServer server) {
    return target(name, server.address(), server, Set.of("root"), server.hostKeys());
  }

  /// A target that has a terminal and nothing else, and a grant of everything on it.
  SshGateway telnetTarget(String name) {
    directory.targets.put(
        name,
        new Target(
            Name.of(name),
            Title.NONE,
            Protocol.TELNET,
            HostAndPort.parse("127.0.0.1:1", 23),
            Map.of(),
            HostKeyPolicy.TRUST_ON_FIRST_USE,
            List.of(),
            List.of(new Account(Name.of("admin"), "admin", Set.of()))));
    grant("all-on-" + name, name, Set.of("admin"), EnumSet.allOf(Capability.class));
    return this;
  }

  SshGateway target(
      String name,
      String targetAddress,
      OpenSshServer server,
      Set<String> accounts,
      List<String> hostKeys) {
    List<Account> made = new ArrayList<>();
    for (String account : new java.util.TreeSet<>(accounts)) {
      made.add(new Account(Name.of(account), server.user(), Set.of(SecretKind.PRIVATE_KEY)));
      secret(name, account, SecretKind.PRIVATE_KEY, server.clientKey().privateKeyText());
    }
    directory.targets.put(
        name,
        new Target(
            Name.of(name),
            new Title("웹 서버 " + name),
            Protocol.SSH,
            HostAndPort.parse(targetAddress, 22),
            Map.of("env", "prod"),
            hostKeys.isEmpty() ? HostKeyPolicy.TRUST_ON_FIRST_USE : HostKeyPolicy.PINNED,
            hostKeys.stream().map(SshPublicKey::parse).toList(),
            made));
    grant("all-on-" + name, name, accounts, EnumSet.allOf(Capability.class));
    return this;
  }

  /// Has the target write another encoding on its terminals.
  SshGateway encoding(String name, TextEncoding encoding) {
    directory.targets.computeIfPresent(
        name,
        (key, target) ->
            new Target(
                target.name(),
                target.title(),
                target.protocol(),
                target.address(),
                target.labels(),
                target.hostKeyPolicy(),
                target.hostKeys(),
                target.accounts(),
                target.prompts(),
                encoding));
    return this;
  }

  void grant(String name, String target, Set<String> accounts, Set<Capability> may) {
    directory.grants.put(
        name,
        new Grant(
            Name.of(name),
            new Grant.Who(Set.of(), Set.of(Name.of("ops"))),
            new Grant.Where(Set.of(Name.of(target)), Map.of()),
            accounts.stream().map(Name::of).collect(java.util.stream.Collectors.toSet()),
            may,
            List.of(),
            null,
            Grant.Limits.NONE));
  }

  void secret(String target, String account, SecretKind kind, String text) {
    vault.secrets.put(new SecretId(Name.of(target), Name.of(account), kind), text);
  }

  void forgetSecrets() {
    vault.secrets.clear();
  }

  /// `ssh alice+…@gateway` with alice's key, and these arguments.
  Program ssh(String user, String... arguments) {
    return client.ssh(options(user)).and("127.0.0.1").and(arguments);
  }

  String[] options(String user) {
    return new String[] {
      "-p", Integer.toString(port()), "-i", alice.privateKeyFile().toString(), "-l", user
    };
  }

  /// How often a log of OpenSSH, of level DEBUG1 (`-v`) or more, tells that new keys were taken.
  static long keyExchanges(String log) {
    return log.lines().filter(line -> line.contains("SSH2_MSG_NEWKEYS received")).count();
  }

  /// The only session there was.
  RecordedSession session() {
    if (sessions.size() != 1) {
      throw new AssertionError("expected one session, there are " + sessions.size());
    }
    return sessions.getFirst();
  }

  @Override
  public void close() {
    protocol.close();
    Folders.delete(folder);
  }

  private static final class MemoryDirectory implements Directory {
    final Map<String, User> users = new ConcurrentHashMap<>();
    final Map<String, Target> targets = new ConcurrentHashMap<>();
    final Map<String, Grant> grants = new ConcurrentHashMap<>();

    @Override
    public DirectorySnapshot snapshot() {
      return new DirectorySnapshot(1, users.values(), List.of(), targets.values(), grants.values());
    }

    @Override
    public DirectorySnapshot change(
        Actor actor, Function<DirectorySnapshot, DirectoryChange> decide) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onChange(Consumer<DirectorySnapshot> listener) {}
  }

  private static final class MemoryVault implements Vault {
    final Map<SecretId, String> secrets = new ConcurrentHashMap<>();

    @Override
    public SealedSecret seal(SecretPlace id, Secret secret) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Secret> open(SecretPlace id) {
      return Optional.ofNullable(secrets.get(id))
          .map(text -> new Secret(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private final class MemoryGateway implements Gateway {
    @Override
    public OpenSession open(TargetGrant grant, ClientConnection connection)
        throws SessionRefusedException {
      Notice why = refusing;
      if (why != null) {
        throw new SessionRefusedException(why);
      }
      try {
        Thread.sleep(openMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      RecordedSession session = new RecordedSession(grant, connection);
      session.recordsFail = recordsFail;
      session.channelMillis = channelMillis;
      sessions.add(session);
      return session;
    }

    @Override
    public void denied(
        AuthenticatedUser user, AccessRequest request, ClientConnection connection, String reason) {
      denials.add(user.user().name() + " " + request.target() + ": " + reason);
    }

    @Override
    public HostKeyVerdict verifyHostKey(OpenSession session, SshPublicKey proven) {
      Target target = session.grant().target();
      List<SshPublicKey> known = new ArrayList<>(target.hostKeys());
      known.addAll(learned.getOrDefault(target.name(), List.of()));
      if (known.contains(proven)) {
        return HostKeyVerdict.TRUSTED;
      }
      if (!known.isEmpty()) {
        return HostKeyVerdict.CHANGED;
      }
      if (target.hostKeyPolicy() == HostKeyPolicy.PINNED) {
        return HostKeyVerdict.UNKNOWN;
      }
      learned.put(target.name(), List.of(proven));
      return HostKeyVerdict.LEARNED;
    }
  }
}
