package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.terminal.Spoken;
import org.ongsung.gateway.terminal.TerminalDialException;
import org.ongsung.gateway.terminal.TerminalDialler;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.TerminalUpstream;
import org.ongsung.gateway.terminal.TerminalWords;
import org.ongsung.gateway.via.Passage;
import org.ongsung.gateway.via.PassageRefusedException;
import org.ongsung.gateway.via.Passages;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.EndReason;
import org.ongsung.model.ForbiddenAddresses;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.SecretKind;
import org.ongsung.model.TextEncoding;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.Vault;
import org.ongsung.vault.VaultException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way to a Telnet target: connects, and where the vault holds the account's password logs in
/// with it, so that the person need not know it. They never see it: what the target shows of it is
/// hidden before anybody looks. Without a password in the vault the person logs in themselves.
///
/// Threads: [#dial] blocks; virtual threads only.
final class TelnetUpstream implements TerminalDialler {
  private static final Logger LOG = LoggerFactory.getLogger(TelnetUpstream.class);

  private final Vault vault;
  private final Passages passages;
  private final TelnetLimits limits;

  TelnetUpstream(Vault vault, Passages passages, TelnetLimits limits) {
    this.vault = vault;
    this.passages = passages;
    this.limits = limits;
  }

  @Override
  public TerminalUpstream dial(OpenSession session, TerminalRequest terminal)
      throws TerminalDialException, InterruptedException {
    ConnectionGuard.assertNoneHeld("the dial of a target");
    byte[] password = password(session);
    Optional<Passage> passage = passage(session);
    Socket socket = passage.isPresent() ? passage.get().socket() : connect(session);
    try {
      TextEncoding encoding = session.grant().target().encoding();
      TelnetTerminal made = new TelnetTerminal(socket, passage, terminal, encoding);
      if (password.length > 0) {
        new TelnetLogin(made, session, password, limits).run();
      }
      return made;
    } catch (IOException e) {
      boolean lost = passage.map(Passage::isLost).orElse(false);
      close(socket);
      interruptedOrNot();
      if (lost) {
        throw new TerminalDialException(
            TerminalWords.WORKER_LOST.with(target(session), session.id()),
            EndReason.of(EndReason.Code.WORKER_LOST, passage.orElseThrow().worker()));
      }
      throw new TerminalDialException(
          TerminalWords.HUNG_UP.with(target(session), session.id()),
          EndReason.of(EndReason.Code.TARGET_HUNG_UP, e.toString()));
    } catch (TerminalDialException | InterruptedException | RuntimeException e) {
      close(socket);
      throw e;
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  private byte[] password(OpenSession session) throws TerminalDialException {
    SecretId id =
        new SecretId(
            session.grant().target().name(), session.grant().account().name(), SecretKind.PASSWORD);
    try {
      Optional<Secret> secret = vault.open(id);
      if (secret.isEmpty()) {
        return new byte[0];
      }
      try (Secret clear = secret.get()) {
        return written(clear.bytes(), session.grant().target().encoding());
      }
    } catch (VaultException e) {
      throw new TerminalDialException(
          TerminalWords.CREDENTIAL_MISSING.with(
              session.grant().account().name(), target(session), session.id()),
          EndReason.of(EndReason.Code.CREDENTIAL_MISSING, e.toString()));
    }
  }

  /// The password as the target writes text.
  private static byte[] written(byte[] password, TextEncoding encoding) {
    return encoding == TextEncoding.UTF_8
        ? password.clone()
        : new String(password, StandardCharsets.UTF_8).getBytes(encoding.charset());
  }

  private static String target(OpenSession session) {
    return session.grant().target().name().value();
  }

  /// The way by a worker, where only one reaches the target.
  private Optional<Passage> passage(OpenSession session)
      throws TerminalDialException, InterruptedException {
    Optional<String> worker = passages.workerOf(session.grant().target());
    if (worker.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          passages.open(worker.get(), session.grant().target().address(), limits.dialTimeout()));
    } catch (PassageRefusedException e) {
      throw noPassage(session, worker.get(), e.reason());
    }
  }

  private TerminalDialException noPassage(
      OpenSession session, String worker, PassageRefusedException.Reason reason) {
    String cause = "by the worker " + worker + ": " + reason.text();
    return switch (reason) {
      case NO_WORKER ->
          new TerminalDialException(
              TerminalWords.WORKER_ABSENT.with(target(session), session.id()),
              EndReason.of(EndReason.Code.WORKER_ABSENT, worker));
      case TIMEOUT -> timedOut(session, limits.dialTimeout());
      case FAILED ->
          new TerminalDialException(
              TerminalWords.HUNG_UP.with(target(session), session.id()),
              EndReason.of(EndReason.Code.TARGET_HUNG_UP, cause));
      case REFUSED -> unreachable(session, TerminalWords.REASON_REFUSED.with(), cause);
      case NO_ROUTE -> unreachable(session, TerminalWords.REASON_NO_ROUTE.with(), cause);
      case NO_SUCH_HOST -> unreachable(session, TerminalWords.REASON_NO_SUCH_HOST.with(), cause);
      case FORBIDDEN -> unreachable(session, TerminalWords.REASON_FORBIDDEN.with(), cause);
      case NOT_ALLOWED -> unreachable(session, TerminalWords.REASON_NOT_ALLOWED.with(), cause);
      case FULL -> unreachable(session, TerminalWords.REASON_TOO_MANY.with(), cause);
    };
  }

  private Socket connect(OpenSession session) throws TerminalDialException, InterruptedException {
    HostAndPort address = session.grant().target().address();
    IOException last = new UnknownHostException(address.host());
    for (InetAddress ip : resolve(session, address.host())) {
      if (ForbiddenAddresses.contains(ip)) {
        throw unreachable(
            session,
            TerminalWords.REASON_FORBIDDEN.with(),
            address.host() + " stands for " + ip.getHostAddress() + ", where no target may lie");
      }
      try {
        return connect(new InetSocketAddress(ip, address.port()));
      } catch (IOException e) {
        interruptedOrNot();
        last = e;
        LOG.debug("{} at {}: {}", target(session), ip, e.toString());
      }
    }
    throw notConnected(session, last);
  }

  /// A socket that can go over to an event loop.
  private Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = SocketChannel.open().socket();
    try {
      // Urgent bytes stand in their place, or a Synch would tear an escape apart.
      socket.setOOBInline(true);
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(address, millis(limits.dialTimeout()));
      return socket;
    } catch (IOException e) {
      close(socket);
      throw e;
    }
  }

  private static int millis(Duration time) {
    return Math.clamp(time.toMillis(), 1, Integer.MAX_VALUE);
  }

  private static void interruptedOrNot() throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("the dial was given up");
    }
  }

  private static InetAddress[] resolve(OpenSession session, String host)
      throws TerminalDialException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw unreachable(
          session, TerminalWords.REASON_NO_SUCH_HOST.with(), "no address for " + host);
    }
  }

  private static TerminalDialException unreachable(
      OpenSession session, Spoken reason, String cause) {
    return new TerminalDialException(
        TerminalWords.UNREACHABLE.with(target(session), reason, session.id()),
        EndReason.of(EndReason.Code.TARGET_UNREACHABLE, cause));
  }

  private TerminalDialException notConnected(OpenSession session, IOException cause) {
    return switch (cause) {
      case SocketTimeoutException _ -> timedOut(session, limits.dialTimeout());
      case NoRouteToHostException _ ->
          unreachable(session, TerminalWords.REASON_NO_ROUTE.with(), cause.toString());
      case ConnectException _ ->
          unreachable(session, TerminalWords.REASON_REFUSED.with(), cause.toString());
      default ->
          new TerminalDialException(
              TerminalWords.HUNG_UP.with(target(session), session.id()),
              EndReason.of(EndReason.Code.TARGET_HUNG_UP, cause.toString()));
    };
  }

  static TerminalDialException timedOut(OpenSession session, Duration time) {
    return new TerminalDialException(
        TerminalWords.TIMEOUT.with(target(session), time.toSeconds(), session.id()),
        EndReason.of(EndReason.Code.TARGET_TIMEOUT, "no answer within " + time.toSeconds() + " s"));
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("a socket could not be closed: {}", e.toString());
    }
  }
}
