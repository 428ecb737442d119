package org.ongsung.server.work;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ongsung.jobs.Destination;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.JobContext;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobWork;
import org.ongsung.jobs.WorkFailedException;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Protocol;
import org.ongsung.model.SshPublicKey;
import org.ongsung.protocols.ssh.SshProbe;

/// Looks at a target, for its health or for somebody who wants to go there.
///
/// A target that does not answer is an answer, not a failure. Addresses that no target can have
/// (link-local, and so those of cloud metadata; multicast) are not dialled, whatever a name
/// resolves to.
public final class ProbeWork implements JobWork {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final SshProbe probe;

  public ProbeWork(SshProbe probe) {
    this.probe = probe;
  }

  @Override
  public JobResult run(
      JobParameters parameters, @Nullable Destination destination, JobContext context)
      throws WorkFailedException, InterruptedException {
    if (destination == null) {
      throw new WorkFailedException("there is nothing to look at", false, null);
    }
    context.progress(10, "connecting to " + destination.address());
    JobResult.Probed probed = look(destination);
    context.log(probed.summary());
    return switch (parameters) {
      case JobParameters.OpenSession _ -> new JobResult.Way(context.worker(), probed);
      default -> probed;
    };
  }

  private JobResult.Probed look(Destination destination) throws InterruptedException {
    if (Outbound.isForbidden(addresses(destination.address().host()))) {
      return new JobResult.Probed(
          false,
          "its address is not one that a target can have",
          Duration.ZERO,
          "",
          "",
          HostKeyCheck.NOT_SEEN);
    }
    if (destination.protocol() != Protocol.SSH) {
      return connected(destination);
    }
    long start = System.nanoTime();
    SshProbe.Seen seen = probe.look(destination.address(), destination.hostKeys(), LONGEST);
    Duration took = Duration.ofNanos((System.nanoTime() - start) / 1_000 * 1_000);
    return new JobResult.Probed(
        seen.key().isPresent(),
        seen.problem(),
        took,
        seen.software(),
        seen.key().map(SshPublicKey::fingerprint).orElse(""),
        seen.key().map(key -> check(key, destination.hostKeys())).orElse(HostKeyCheck.NOT_SEEN));
  }

  /// A target that proves nothing before the login: it answers when it takes the connection.
  private static JobResult.Probed connected(Destination destination) {
    long start = System.nanoTime();
    String problem = "";
    try (Socket socket = new Socket()) {
      HostAndPort address = destination.address();
      socket.connect(
          new InetSocketAddress(InetAddress.getByName(address.host()), address.port()),
          Math.toIntExact(LONGEST.toMillis()));
    } catch (UnknownHostException e) {
      problem = "no address for " + destination.address().host();
    } catch (SocketTimeoutException e) {
      problem = "no answer within " + LONGEST.toSeconds() + " s";
    } catch (IOException e) {
      problem = "it refuses connections";
    }
    return new JobResult.Probed(
        problem.isEmpty(),
        problem,
        Duration.ofNanos((System.nanoTime() - start) / 1_000 * 1_000),
        "",
        "",
        HostKeyCheck.NOT_SEEN);
  }

  private static HostKeyCheck check(SshPublicKey seen, List<SshPublicKey> known) {
    return known.isEmpty()
        ? HostKeyCheck.UNKNOWN
        : known.contains(seen) ? HostKeyCheck.MATCHES : HostKeyCheck.CHANGED;
  }

  private static List<InetAddress> addresses(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of(); // the look says so
    }
  }
}
