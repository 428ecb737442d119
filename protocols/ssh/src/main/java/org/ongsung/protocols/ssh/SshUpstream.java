package org.ongsung.protocols.ssh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.PropertyResolverUtils;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.kex.extension.KexExtensions;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionDisconnectHandler;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.HostKeyVerdict;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.via.Passage;
import org.ongsung.gateway.via.PassageRefusedException;
import org.ongsung.gateway.via.Passages;
import org.ongsung.model.Account;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.EndReason;
import org.ongsung.model.ForbiddenAddresses;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.SecretKind;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.ongsung.policy.TargetGrant;
import org.ongsung.protocols.ssh.transport.EventLoops;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.Vault;
import org.ongsung.vault.VaultException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to a target: connects, exchanges keys, has the host key verified, and only then logs in
/// with what the vault holds.
///
/// Threads: [#dial] blocks; virtual threads only.
final class SshUpstream {
  private static final Logger LOG = LoggerFactory.getLogger(SshUpstream.class);

  /// Who takes the packets of a target's `ssh-connection` service.
  static final AttributeKey<SshTargetService.Receiver> RECEIVER = new AttributeKey<>();

  private static final AttributeKey<Attempt> ATTEMPT = new AttributeKey<>();

  /// Stands for an address that only the worker looks up.
  private static final String ELSEWHERE = "0.0.0.0";

  private final SshClient client;
  private final Passages passages;
  private final Gateway gateway;
  private final Vault vault;
  private final SshLimits limits;

  SshUpstream(SshClient client, Gateway gateway, Vault vault, Passages passages, SshLimits limits) {
    this.client = client;
    this.passages = passages;
    this.gateway = gateway;
    this.vault = vault;
    this.limits = limits;
    client.addSessionListener(new Watcher());
    client.setSessionDisconnectHandler(new WeakAlgorithms());
    client.setServerKeyVerifier(SshUpstream::sameKey);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
    client.setUserInteraction(UserInteraction.NONE);
    // Otherwise MINA answers whatever has "password" in it by itself, besides our answer.
    PropertyResolverUtils.updateProperty(
        client, UserInteraction.AUTO_DETECT_PASSWORD_PROMPT, false);
  }

  /// No connection to a target: what to tell the person, and for the ledger in English.
  static final class DialException extends Exception {
    private final transient SshErrors.Message told;
    private final transient EndReason reason;

    DialException(SshErrors.Message told, String cause) {
      super(told.error() + ": " + cause);
      this.told = told;
      this.reason = EndReason.of(code(told.error()), cause);
    }

    private static EndReason.Code code(SshErrors error) {
      return switch (error) {
        case TARGET_UNREACHABLE -> EndReason.Code.TARGET_UNREACHABLE;
        case TARGET_TIMEOUT -> EndReason.Code.TARGET_TIMEOUT;
        case TARGET_HUNG_UP -> EndReason.Code.TARGET_HUNG_UP;
        case TARGET_ALGORITHMS, TARGET_WITHOUT_STRICT_KEX -> EndReason.Code.TARGET_ALGORITHMS;
        case WORKER_ABSENT -> EndReason.Code.WORKER_ABSENT;
        case WORKER_LOST -> EndReason.Code.WORKER_LOST;
        case HOST_KEY_CHANGED -> EndReason.Code.HOST_KEY_CHANGED;
        case HOST_KEY_UNKNOWN -> EndReason.Code.HOST_KEY_UNKNOWN;
        case CREDENTIAL_MISSING -> EndReason.Code.CREDENTIAL_MISSING;
        case CREDENTIAL_REFUSED -> EndReason.Code.CREDENTIAL_REFUSED;
        case PROGRAM_REFUSED -> EndReason.Code.TARGET_HUNG_UP;
        case RECORD_UNAVAILABLE -> EndReason.Code.RECORD_FAILED;
        default -> throw new IllegalArgumentException(error + " does not end a dial");
      };
    }

    EndReason reason() {
      return reason;
    }

    SshErrors.Message told() {
      return told;
    }
  }

  /// Says whether a host key is the target's.
  @FunctionalInterface
  private interface Verifier {
    HostKeyVerdict verify(SshPublicKey proven);
  }

  /// What is known of one connection while it is made.
  private static final class Attempt {
    final Target goal;
    final Account account;

    /// The session or job that it is for.
    final Object cause;

    final Verifier verifier;
    final CompletableFuture<Session> keyed = new CompletableFuture<>();
    volatile @Nullable PublicKey proven;
    volatile SshErrors.@Nullable Message problem;
    volatile String offered = "";
    volatile @Nullable Passage passage;

    Attempt(Target goal, Account account, Object cause, Verifier verifier) {
      this.goal = goal;
      this.account = account;
      this.cause = cause;
      this.verifier = verifier;
    }

    String target() {
      return goal.name().value();
    }

    DialException failed(SshErrors.Message told, String why) {
      Passage by = passage;
      if (by != null && by.isLost()) {
        return new DialException(SshErrors.WORKER_LOST.with(target(), cause), by.worker());
      }
      SshErrors.Message known = problem;
      return known == null ? new DialException(told, why) : new DialException(known, offered);
    }
  }

  /// Connects and logs in.
  ///
  /// @param context makes the connect context from ours, such as one that joins an event loop
  ClientSession dial(
      OpenSession session,
      SshTargetService.Receiver receiver,
      UnaryOperator<AttributeRepository> context)
      throws DialException, InterruptedException {
    ConnectionGuard.assertNoneHeld("the dial of a target");
    TargetGrant grant = session.grant();
    return dial(
        new Attempt(
            grant.target(),
            grant.account(),
            session.id(),
            key -> gateway.verifyHostKey(session, key)),
        receiver,
        context);
  }

  /// Connects, logs in, and hangs up: no channel is opened, and so nothing is started there. Only a
  /// host key that is known already is good enough; none is learned.
  ///
  /// @param cause what it is for, such as a job's id
  void tryLogin(Target target, Account account, Object cause)
      throws DialException, InterruptedException {
    ConnectionGuard.assertNoneHeld("a login at a target");
    ClientSession connected =
        dial(
            new Attempt(target, account, cause, key -> known(target, key)),
            (_, _) -> {},
            ours -> ours);
    connected.close(false);
  }

  private static HostKeyVerdict known(Target target, SshPublicKey proven) {
    if (target.hostKeys().stream().anyMatch(proven::equals)) {
      return HostKeyVerdict.TRUSTED;
    }
    return target.hostKeys().isEmpty() ? HostKeyVerdict.UNKNOWN : HostKeyVerdict.CHANGED;
  }

  private ClientSession dial(
      Attempt attempt,
      SshTargetService.Receiver receiver,
      UnaryOperator<AttributeRepository> context)
      throws DialException, InterruptedException {
    AttributeRepository ours =
        AttributeRepository.ofAttributesMap(Map.of(ATTEMPT, attempt, RECEIVER, receiver));
    ClientSession connected = connect(attempt, context.apply(ours));
    try {
      exchangeKeys(attempt, connected);
      verifyHostKey(attempt);
      logIn(attempt, connected);
      return connected;
    } catch (DialException | InterruptedException | RuntimeException e) {
      connected.close(true);
      throw e;
    }
  }

  private ClientSession connect(Attempt attempt, AttributeRepository context)
      throws DialException, InterruptedException {
    Optional<String> worker = passages.workerOf(attempt.goal);
    if (worker.isPresent()) {
      return connectBy(worker.get(), attempt, context);
    }
    HostAndPort address = attempt.goal.address();
    String login = attempt.account.login();
    Exception last = new UnknownHostException(address.host());
    for (InetAddress ip : resolve(attempt, address.host())) {
      if (ForbiddenAddresses.contains(ip)) {
        throw notReached(
            attempt,
            "reach.forbidden",
            address.host() + " stands for " + ip.getHostAddress() + ", where no target may lie");
      }
      try {
        ConnectFuture connecting =
            client.connect(login, new InetSocketAddress(ip, address.port()), context);
        connecting.verify(limits.dialTimeout());
        return connecting.getSession();
      } catch (IOException e) {
        last = e;
        LOG.debug("{} at {}: {}", attempt.target(), ip, e.toString());
      }
    }
    throw unreachable(attempt, last);
  }

  /// The worker carries bytes and nothing else: keys, credentials and packets stay here.
  private ClientSession connectBy(String worker, Attempt attempt, AttributeRepository context)
      throws DialException, InterruptedException {
    HostAndPort address = attempt.goal.address();
    Passage passage;
    try {
      passage = passages.open(worker, address, limits.dialTimeout());
    } catch (PassageRefusedException e) {
      throw noPassage(worker, attempt, e.reason());
    }
    attempt.passage = passage;
    try {
      ConnectFuture connecting =
          client.connect(
              attempt.account.login(),
              new InetSocketAddress(ELSEWHERE, address.port()),
              EventLoops.over(passages.channel(passage), context));
      connecting.verify(limits.dialTimeout());
      return connecting.getSession();
    } catch (IOException e) {
      passage.close();
      throw unreachable(attempt, e);
    }
  }

  private DialException noPassage(
      String worker, Attempt attempt, PassageRefusedException.Reason reason) {
    String cause = "by the worker " + worker + ": " + reason.text();
    return switch (reason) {
      case NO_WORKER ->
          attempt.failed(SshErrors.WORKER_ABSENT.with(attempt.target(), attempt.cause), worker);
      case TIMEOUT -> timedOut(attempt, limits.dialTimeout().toSeconds());
      case FAILED ->
          attempt.failed(SshErrors.TARGET_HUNG_UP.with(attempt.target(), attempt.cause), cause);
      case REFUSED -> notReached(attempt, "reach.refused", cause);
      case NO_ROUTE -> notReached(attempt, "reach.no-route", cause);
      case NO_SUCH_HOST -> notReached(attempt, "reach.no-such-host", cause);
      case FORBIDDEN -> notReached(attempt, "reach.forbidden", cause);
      case NOT_ALLOWED -> notReached(attempt, "reach.not-allowed", cause);
      case FULL -> notReached(attempt, "reach.too-many", cause);
    };
  }

  private static DialException notReached(Attempt attempt, String term, String cause) {
    return attempt.failed(
        SshErrors.TARGET_UNREACHABLE.with(attempt.target(), new SshText.Term(term), attempt.cause),
        cause);
  }

  /// The worker by which a connection went, if that is why the connection is over.
  static Optional<String> lostWorker(Session connected) {
    Attempt attempt = attemptOf(connected); // attributes are gone once it is closed
    return Optional.ofNullable(attempt == null ? null : attempt.passage)
        .filter(Passage::isLost)
        .map(Passage::worker);
  }

  private static InetAddress[] resolve(Attempt attempt, String host) throws DialException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw attempt.failed(
          SshErrors.TARGET_UNREACHABLE.with(
              attempt.target(), new SshText.Term("reach.no-such-host"), attempt.cause),
          "no address for " + host);
    }
  }

  private DialException unreachable(Attempt attempt, Exception cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      String reason =
          switch (t) {
            case NoRouteToHostException _ -> "reach.no-route";
            case ConnectException _ -> "reach.refused";
            default -> null;
          };
      if (reason != null) {
        return attempt.failed(
            SshErrors.TARGET_UNREACHABLE.with(
                attempt.target(), new SshText.Term(reason), attempt.cause),
            String.valueOf(t.getMessage()));
      }
      if (t instanceof TimeoutException) {
        return timedOut(attempt, limits.dialTimeout().toSeconds());
      }
    }
    return attempt.failed(
        SshErrors.TARGET_HUNG_UP.with(attempt.target(), attempt.cause), cause.toString());
  }

  private static DialException timedOut(Attempt attempt, long seconds) {
    return attempt.failed(
        SshErrors.TARGET_TIMEOUT.with(attempt.target(), seconds, attempt.cause),
        "no answer within " + seconds + " s");
  }

  private void exchangeKeys(Attempt attempt, ClientSession connected)
      throws DialException, InterruptedException {
    try {
      attempt.keyed.get(limits.targetLoginTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw timedOut(attempt, limits.targetLoginTimeout().toSeconds());
    } catch (ExecutionException e) {
      throw attempt.failed(
          SshErrors.TARGET_HUNG_UP.with(attempt.target(), attempt.cause),
          String.valueOf(e.getCause()));
    }
    String offered =
        connected.getServerKexProposals().getOrDefault(KexProposalOption.ALGORITHMS, "");
    boolean strict =
        Arrays.asList(offered.split(",")).contains(KexExtensions.STRICT_KEX_SERVER_EXTENSION);
    for (KexProposalOption direction :
        List.of(KexProposalOption.C2SENC, KexProposalOption.S2CENC)) {
      String cipher = connected.getNegotiatedKexParameter(direction);
      if (!strict && !SshAlgorithms.isGcm(cipher)) {
        throw new DialException(
            SshErrors.TARGET_WITHOUT_STRICT_KEX.with(attempt.target(), cipher, attempt.cause),
            "no strict key exchange, and " + cipher);
      }
    }
  }

  private void verifyHostKey(Attempt attempt) throws DialException {
    PublicKey proven = attempt.proven;
    if (proven == null) {
      throw new IllegalStateException("keys were exchanged without a host key");
    }
    SshPublicKey key = SshPublicKey.ofBlob(SshHostKeys.blob(proven), "");
    switch (attempt.verifier.verify(key)) {
      case TRUSTED, LEARNED -> {}
      case CHANGED ->
          throw new DialException(
              SshErrors.HOST_KEY_CHANGED.with(attempt.target(), attempt.cause), key.fingerprint());
      case UNKNOWN ->
          throw new DialException(
              SshErrors.HOST_KEY_UNKNOWN.with(attempt.target(), attempt.cause), key.fingerprint());
    }
  }

  private void logIn(Attempt attempt, ClientSession connected) throws DialException {
    try {
      boolean key = lendKeys(attempt, connected);
      boolean password = lendPassword(attempt, connected);
      if (!key && !password) {
        throw missing(attempt, "there is none");
      }
      AuthFuture login = connected.auth();
      login.verify(limits.targetLoginTimeout());
    } catch (VaultException | GeneralSecurityException e) {
      throw missing(attempt, e.toString());
    } catch (SshException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw timedOut(attempt, limits.targetLoginTimeout().toSeconds());
      }
      throw attempt.failed(
          SshErrors.CREDENTIAL_REFUSED.with(
              attempt.account.name(), attempt.target(), attempt.cause),
          String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw attempt.failed(
          SshErrors.TARGET_HUNG_UP.with(attempt.target(), attempt.cause), e.toString());
    } finally {
      connected.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
      connected.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
      connected.setUserInteraction(UserInteraction.NONE);
    }
  }

  private static DialException missing(Attempt attempt, String cause) {
    return attempt.failed(
        SshErrors.CREDENTIAL_MISSING.with(attempt.account.name(), attempt.target(), attempt.cause),
        cause);
  }

  private boolean lendKeys(Attempt attempt, ClientSession connected)
      throws IOException, GeneralSecurityException {
    Optional<Secret> secret = open(attempt, SecretKind.PRIVATE_KEY);
    if (secret.isEmpty()) {
      return false;
    }
    List<KeyPair> keys = new ArrayList<>();
    try (Secret key = secret.get();
        ByteArrayInputStream in = new ByteArrayInputStream(key.bytes())) {
      Iterable<KeyPair> found =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName("private key of the account"), in, null);
      if (found != null) {
        found.forEach(keys::add);
      }
    }
    if (keys.isEmpty()) {
      throw new GeneralSecurityException("the private key cannot be read");
    }
    connected.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(keys));
    return true;
  }

  private boolean lendPassword(Attempt attempt, ClientSession connected) {
    Optional<Secret> secret = open(attempt, SecretKind.PASSWORD);
    if (secret.isEmpty()) {
      return false;
    }
    String password;
    try (Secret clear = secret.get()) {
      password = new String(clear.bytes(), StandardCharsets.UTF_8);
    }
    connected.setPasswordIdentityProvider(PasswordIdentityProvider.wrapPasswords(password));
    connected.setUserInteraction(new OneHiddenQuestion(password));
    return true;
  }

  private Optional<Secret> open(Attempt attempt, SecretKind kind) {
    return vault.open(new SecretId(attempt.goal.name(), attempt.account.name(), kind));
  }

  /// Keeps the key of the first exchange, and lets no later exchange show another.
  private static boolean sameKey(
      ClientSession session, java.net.SocketAddress address, PublicKey key) {
    Attempt attempt = attemptOf(session);
    if (attempt == null || key instanceof OpenSshCertificate) {
      return false; // what else a certificate says is not looked at here
    }
    PublicKey first = attempt.proven;
    if (first == null) {
      attempt.proven = key;
      return true;
    }
    return Arrays.equals(SshHostKeys.blob(first), SshHostKeys.blob(key));
  }

  private static @Nullable Attempt attemptOf(Session session) {
    AttributeRepository context =
        session instanceof ClientSession connected ? connected.getConnectionContext() : null;
    return context == null ? null : context.getAttribute(ATTEMPT);
  }

  /// Answers keyboard-interactive (RFC 4256) when it asks one hidden question, and that once: what
  /// a target asks after the password (a code, a new password) is not for the password.
  private static final class OneHiddenQuestion implements UserInteraction {
    private final AtomicReference<@Nullable String> password;

    OneHiddenQuestion(String password) {
      this.password = new AtomicReference<>(password);
    }

    @Override
    public String @Nullable [] interactive(
        ClientSession session,
        String name,
        String instruction,
        String lang,
        String[] prompt,
        boolean[] echo) {
      if (prompt.length == 0) {
        return new String[0];
      }
      if (prompt.length != 1 || echo[0]) {
        return null;
      }
      String answer = password.getAndSet(null);
      return answer == null ? null : new String[] {answer};
    }

    @Override
    public @Nullable String getUpdatedPassword(ClientSession session, String prompt, String lang) {
      return null;
    }

    @Override
    public String toString() {
      return "OneHiddenQuestion[…]";
    }
  }

  /// Tells the waiting dialler how far its connection is.
  private static final class Watcher implements SessionListener {
    @Override
    public void sessionCreated(Session session) {
      Attempt attempt = attemptOf(session);
      if (attempt != null && session instanceof ClientSession connected) {
        connected.setSignatureFactories(SshAlgorithms.preferring(attempt.goal.hostKeys()));
      }
    }

    @Override
    public void sessionEvent(Session session, Event event) {
      Attempt attempt = attemptOf(session);
      if (attempt != null && event == Event.KeyEstablished) {
        attempt.keyed.complete(session);
      }
    }

    @Override
    public void sessionException(Session session, Throwable cause) {
      fail(session, cause);
    }

    @Override
    public void sessionDisconnect(
        Session session, int reason, String text, String language, boolean initiator) {
      fail(session, new SshException(reason, text));
    }

    @Override
    public void sessionClosed(Session session) {
      fail(session, new IOException("closed"));
    }

    private static void fail(Session session, Throwable cause) {
      Attempt attempt = attemptOf(session);
      if (attempt != null) {
        attempt.keyed.completeExceptionally(cause);
      }
    }
  }

  /// Puts into words that the two sides have no algorithm in common.
  private static final class WeakAlgorithms implements SessionDisconnectHandler {
    @Override
    public boolean handleKexDisconnectReason(
        Session session,
        Map<KexProposalOption, String> ours,
        Map<KexProposalOption, String> theirs,
        Map<KexProposalOption, String> negotiated,
        KexProposalOption option) {
      Attempt attempt = attemptOf(session);
      String kind =
          switch (option) {
            case ALGORITHMS -> "kind.key-exchange";
            case SERVERKEYS -> "kind.host-key";
            case C2SENC, S2CENC -> "kind.cipher";
            case C2SMAC, S2CMAC -> "kind.mac";
            case C2SCOMP, S2CCOMP -> "kind.compression";
            default -> null;
          };
      if (attempt != null && kind != null) {
        String offered = SshAlgorithms.shown(theirs.getOrDefault(option, ""));
        attempt.offered = offered;
        attempt.problem =
            SshErrors.TARGET_ALGORITHMS.with(
                attempt.target(),
                new SshText.Term(kind),
                org.ongsung.model.Shown.plain(offered, 300),
                attempt.cause);
      }
      return false;
    }
  }
}
