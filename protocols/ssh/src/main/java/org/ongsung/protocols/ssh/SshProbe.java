package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Shown;
import org.ongsung.model.SshPublicKey;

/// Looks at a target without logging in: connects, exchanges keys, sees which host key it proves,
/// and hangs up.
///
/// It has no secrets, and so can run in a worker that nobody would lend one. Its client is made at
/// the first look. [#look] blocks; for any thread.
public final class SshProbe implements AutoCloseable {
  private static final AttributeKey<Attempt> ATTEMPT = new AttributeKey<>();
  private static final int MAX_SOFTWARE_CHARACTERS = 250;
  private static final int MAX_ADDRESSES = 4;
  private static final String NAME = "Ongsung";

  private @Nullable SshClient client;
  private boolean closed;

  /// What was seen.
  ///
  /// @param problem why there is no key, in one line; empty when all is well
  /// @param answered whether something answered at the address, SSH or not
  /// @param software the identification string, harmless to show; may be empty
  public record Seen(
      boolean answered, String problem, String software, Optional<SshPublicKey> key) {}

  private static final class Attempt {
    final CompletableFuture<Session> keyed = new CompletableFuture<>();
    volatile @Nullable PublicKey proven;
  }

  /// Looks at `address`.
  ///
  /// @param known whose algorithms are asked for first
  /// @param longest for all of it
  public Seen look(HostAndPort address, List<SshPublicKey> known, Duration longest)
      throws InterruptedException {
    ConnectionGuard.assertNoneHeld("a probe of a target");
    long end = System.nanoTime() + longest.toNanos();
    InetAddress[] ips;
    try {
      ips = InetAddress.getAllByName(address.host());
    } catch (UnknownHostException e) {
      return unanswered("no address for " + address.host());
    }
    Seen seen = unanswered("no address for " + address.host());
    for (int i = 0; i < Math.min(ips.length, MAX_ADDRESSES); i++) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        return seen;
      }
      seen = look(new InetSocketAddress(ips[i], address.port()), known, left);
      if (seen.answered()) {
        return seen;
      }
    }
    return seen;
  }

  private Seen look(InetSocketAddress address, List<SshPublicKey> known, Duration longest)
      throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    Attempt attempt = new Attempt();
    ClientSession session;
    try {
      ConnectFuture connecting =
          client()
              .connect(
                  "probe",
                  address,
                  AttributeRepository.ofAttributesMap(
                      java.util.Map.of(ATTEMPT, attempt, KNOWN, known)));
      connecting.verify(longest);
      session = connecting.getSession();
    } catch (IOException e) {
      return unanswered(why(e, longest));
    }
    try {
      attempt.keyed.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      PublicKey proven = attempt.proven;
      return new Seen(
          true,
          "",
          software(session),
          proven == null
              ? Optional.empty()
              : Optional.of(SshPublicKey.ofBlob(SshHostKeys.blob(proven), "")));
    } catch (TimeoutException e) {
      return new Seen(
          true, "no key exchange within " + longest.toSeconds() + " s", software(session), NONE);
    } catch (ExecutionException e) {
      return new Seen(true, "the key exchange failed", software(session), NONE);
    } finally {
      session.close(true);
    }
  }

  private static final Optional<SshPublicKey> NONE = Optional.empty();
  private static final AttributeKey<List<SshPublicKey>> KNOWN = new AttributeKey<>();

  private static Seen unanswered(String problem) {
    return new Seen(false, problem, "", NONE);
  }

  private static String software(ClientSession session) {
    String version = session.getServerVersion();
    return version == null ? "" : Shown.plain(version, MAX_SOFTWARE_CHARACTERS);
  }

  private static String why(IOException thrown, Duration longest) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      String why =
          switch (t) {
            case NoRouteToHostException _ -> "no route to it";
            case ConnectException _ -> "it refuses connections";
            case TimeoutException _ -> "no answer within " + longest.toSeconds() + " s";
            default -> "";
          };
      if (!why.isEmpty()) {
        return why;
      }
    }
    return "the connection failed";
  }

  private synchronized SshClient client() {
    SshClient made = client;
    if (closed) {
      throw new IllegalStateException("the probe is closed");
    }
    if (made == null) {
      made = ClientBuilder.builder().build();
      SshAlgorithms.configure(made);
      made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
      made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
      made.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
      made.setUserInteraction(UserInteraction.NONE);
      made.setNioWorkers(1);
      made.setServerKeyVerifier(
          (session, _, key) -> {
            Attempt attempt = attemptOf(session);
            if (attempt != null) {
              attempt.proven = key;
            }
            return attempt != null;
          });
      made.addSessionListener(new Watcher());
      CoreModuleProperties.CLIENT_IDENTIFICATION.set(made, NAME);
      made.start();
      client = made;
    }
    return made;
  }

  private static @Nullable Attempt attemptOf(Session session) {
    AttributeRepository context =
        session instanceof ClientSession connected ? connected.getConnectionContext() : null;
    return context == null ? null : context.getAttribute(ATTEMPT);
  }

  @Override
  public synchronized void close() {
    closed = true;
    SshClient made = client;
    client = null;
    if (made != null) {
      made.stop();
    }
  }

  /// Tells the waiting look how far its connection is.
  private static final class Watcher implements SessionListener {
    @Override
    public void sessionCreated(Session session) {
      if (session instanceof ClientSession connected) {
        AttributeRepository context = connected.getConnectionContext();
        List<SshPublicKey> known = context == null ? null : context.getAttribute(KNOWN);
        if (known != null) {
          connected.setSignatureFactories(SshAlgorithms.preferring(known));
        }
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
}
