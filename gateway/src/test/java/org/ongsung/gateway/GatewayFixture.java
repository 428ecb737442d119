package org.ongsung.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.model.Account;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Capability;
import org.ongsung.model.EndReason;
import org.ongsung.model.Grant;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Role;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.model.User;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Decision;
import org.ongsung.policy.LoginAttempt;
import org.ongsung.policy.LoginLimits;
import org.ongsung.policy.LoginResult;
import org.ongsung.policy.LoginThrottle;
import org.ongsung.policy.PasswordHasher;
import org.ongsung.policy.PasswordLimits;
import org.ongsung.policy.TargetGrant;
import org.ongsung.policy.ThrottledAuthenticator;
import org.ongsung.recording.RecorderLimits;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.Recordings;

/// A gateway on ports in memory, with alice, who may reach web-1 as root.
final class GatewayFixture implements AutoCloseable {
  static final Name ALICE = Name.of("alice");
  static final Name WEB = Name.of("web-1");
  static final Name OPS = Name.of("ops");
  static final Duration DEADLINE = Duration.ofSeconds(30);
  static final long MARK_BYTES = 1_000;
  static final GatewayLimits QUICK =
      new GatewayLimits(
          5,
          3,
          100,
          Duration.ofMillis(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(2));

  final Memory.LedgerEvents events = new Memory.LedgerEvents();
  final Memory.People people = new Memory.People();
  final Memory.Sessions sessions = new Memory.Sessions();
  final Memory.Tapes tapes = new Memory.Tapes();
  volatile Duration clockOffset = Duration.ZERO;
  final InstantSource clock = () -> Instant.now().plus(clockOffset);
  final Ledger ledger;
  final Recorders recorders = new Recorders(tapes, RecorderLimits.DEFAULT, clock);
  final Recordings recordings = new Recordings(tapes, recorders::isOpen);
  final Authorizer authorizer = new Authorizer(people, clock);
  final Memory.Reserve reserve = new Memory.Reserve();
  final StorageWatch storage = new StorageWatch(tapes, reserve, MARK_BYTES, clock);
  final SessionGateway gateway;
  final ClientConnection client =
      new ClientConnection(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_022), "ssh", "OpenSSH_9.2");
  private final PasswordHasher hasher = new PasswordHasher(PasswordLimits.DEFAULT);
  private final AuthenticatedUser alice;

  GatewayFixture() throws Exception {
    this(QUICK);
  }

  GatewayFixture(GatewayLimits limits) throws Exception {
    this(limits, LedgerLimits.DEFAULT);
  }

  GatewayFixture(GatewayLimits limits, LedgerLimits ledgerLimits) throws Exception {
    ledger = new Ledger(events, ledgerLimits);
    people.change(
        change ->
            change.put(user(true)).put(target(List.of())).put(grant(null, Grant.Limits.NONE)));
    ThrottledAuthenticator door =
        new ThrottledAuthenticator(
            people,
            ledger,
            hasher,
            new LoginThrottle(LoginLimits.DEFAULT, clock, System::nanoTime),
            clock);
    LoginAttempt attempt = new LoginAttempt("alice", InetAddress.getLoopbackAddress(), "console");
    alice = ((LoginResult.Accepted) door.session(attempt, "password")).user();
    gateway =
        new SessionGateway(
            new GatewayParts(
                "node-1", ledger, sessions, recorders, storage, people, authorizer, clock, limits));
  }

  static User user(boolean active) {
    return new User(ALICE, Title.NONE, Set.of(Role.USER), Set.of(), active, null, List.of());
  }

  static Target target(List<SshPublicKey> hostKeys) {
    return target(HostKeyPolicy.TRUST_ON_FIRST_USE, hostKeys);
  }

  static Target target(HostKeyPolicy policy, List<SshPublicKey> hostKeys) {
    return new Target(
        WEB,
        Title.NONE,
        Protocol.SSH,
        new HostAndPort("127.0.0.1", 22_022),
        Map.of(),
        policy,
        hostKeys,
        List.of(new Account(Name.of("root"), "root", Set.<SecretKind>of())));
  }

  static Grant grant(@Nullable OffsetDateTime until, Grant.Limits limits) {
    return new Grant(
        OPS,
        new Grant.Who(Set.of(ALICE), Set.of()),
        new Grant.Where(Set.of(WEB), Map.of()),
        Set.of(Name.of("root")),
        Set.of(Capability.SHELL, Capability.SFTP),
        List.of(),
        until,
        limits);
  }

  /// A key of any 32 bytes; nothing is ever signed with it.
  static SshPublicKey key(int fill) {
    byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
    byte[] blob = new byte[4 + type.length + 4 + 32];
    java.util.Arrays.fill(blob, (byte) fill);
    java.nio.ByteBuffer.wrap(blob).putInt(type.length).put(type).putInt(32);
    return SshPublicKey.parse("ssh-ed25519 " + Base64.getEncoder().encodeToString(blob));
  }

  AuthenticatedUser alice() {
    return alice;
  }

  TargetGrant permitted() {
    return ((Decision.Permit) authorizer.authorise(alice, new AccessRequest("web-1", null)))
        .grant();
  }

  OpenSession open() throws SessionRefusedException {
    return gateway.open(permitted(), client);
  }

  /// A session whose protocol does what it must: closes when told to.
  Carried carry() throws SessionRefusedException {
    return new Carried(open());
  }

  static final class Carried {
    final OpenSession session;
    final BlockingQueue<EndNotice> notices = new LinkedBlockingQueue<>();

    Carried(OpenSession session) {
      this.session = session;
      session.onEnd(
          notice -> {
            notices.add(notice);
            session.end(
                org.ongsung.model.SessionState.ENDED, EndReason.of(EndReason.Code.PERSON_LEFT));
          });
    }

    EndNotice awaitNotice() throws InterruptedException {
      EndNotice notice = notices.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      assertThat(notice).as("a notice within the deadline").isNotNull();
      return notice;
    }
  }

  AuditEvent awaitEvent(AuditCode code) {
    await(() -> !events.of(code).isEmpty(), code.text() + " in " + events.codes());
    return events.of(code).getFirst();
  }

  org.ongsung.model.Session awaitEnd(OpenSession session) {
    await(
        () -> sessions.find(session.id()).orElseThrow().end() != null,
        "the end of " + session.id());
    return sessions.find(session.id()).orElseThrow();
  }

  static void await(BooleanSupplier condition, String what) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(DEADLINE.toNanos());
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    events.failing = false;
    sessions.failing = false;
    gateway.close();
    recorders.close();
    ledger.close();
    hasher.close();
  }
}
