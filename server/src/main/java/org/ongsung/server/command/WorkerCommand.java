package org.ongsung.server.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.CommandFailure;
import org.ongsung.cli.ExitCode;
import org.ongsung.cli.words.Phrase;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobWorker;
import org.ongsung.jobs.JobsUnavailableException;
import org.ongsung.model.Network;
import org.ongsung.protocols.ssh.SshProbe;
import org.ongsung.server.doctor.TrustedCertificates;
import org.ongsung.server.running.RunUntilSignalled;
import org.ongsung.server.work.ProbeWork;
import org.ongsung.server.worker.GatewayCalls;
import org.ongsung.server.worker.HttpJobQueue;
import org.ongsung.server.worker.Reach;
import org.ongsung.server.worker.SessionCarrier;
import org.ongsung.server.worker.TokenRefusedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ongsung worker`.
@Command(
    name = "worker",
    description = {
      "Do jobs and carry people's sessions for a gateway elsewhere, to targets that only this"
          + " machine reaches.",
      "It asks the gateway by HTTP and needs no database, no configuration and no open port. While"
          + " the gateway cannot be reached it goes on trying."
    })
final class WorkerCommand extends ServerCommand {
  private static final int DEFAULT_SLOTS = 16;
  private static final int MAX_SLOTS = 1_000;

  @Option(
      names = "--join",
      required = true,
      paramLabel = "URL",
      description = "The gateway's console, such as https://gate.example.com.")
  private URI gateway = URI.create("http://127.0.0.1");

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description = "Holds the token that `ongsung job worker create` printed; mode 0600.")
  private Path tokenFile = Path.of("");

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description =
          "Certificates to trust the gateway's HTTPS by, as PEM, in place of those that Java"
              + " trusts.")
  private @Nullable Path trust;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Jobs at once, 1 to 1000. Default: 16.")
  private int slots = DEFAULT_SLOTS;

  @Option(
      names = "--reach",
      paramLabel = "NETWORK",
      description = {
        "A network to which people's sessions may go from here, such as 10.0.0.0/8; several times"
            + " for several. Without any, no sessions are carried."
      })
  private List<String> networks = List.of();

  @Override
  int run() throws IOException, InterruptedException {
    check();
    Reach reach = reach();
    Optional<SSLContext> trusted = trust();
    RunUntilSignalled stop = RunUntilSignalled.install();
    int status = ExitCode.FAILED.status();
    Path file = surroundings().folder().resolve(tokenFile);
    try (GatewayCalls calls = new GatewayCalls(gateway, file, trusted);
        SessionCarrier carrier = new SessionCarrier(calls, reach);
        SshProbe probe = new SshProbe()) {
      HttpJobQueue queue = new HttpJobQueue(calls);
      String name = name(queue);
      ProbeWork work = new ProbeWork(probe);
      try (JobWorker worker =
          new JobWorker(
              name,
              null,
              queue,
              Map.of(JobKind.PROBE, work, JobKind.SESSION, work),
              slots,
              Clock.systemUTC())) {
        worker.start();
        if (!reach.networks().isEmpty()) {
          carrier.start();
        }
        if (json()) {
          printJson(Map.of("worker", name, "gateway", gateway.toString()));
        } else {
          surroundings().out().println(words("worker.at", name, gateway));
        }
        surroundings().out().flush();
        stop.await();
      }
      status = ExitCode.OK.status();
    } catch (CommandFailure e) {
      status = e.exitCode().status(); // the process's, once the words are said
      throw e;
    } finally {
      stop.done(status);
    }
    return status;
  }

  private void check() throws IOException {
    String scheme = String.valueOf(gateway.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || gateway.getHost() == null) {
      throw new CommandFailure(
          ExitCode.USAGE, Phrase.of("worker.url", gateway), Phrase.of("worker.url.advice"));
    }
    if (slots < 1 || slots > MAX_SLOTS) {
      throw new CommandFailure(
          ExitCode.USAGE, Phrase.of("worker.slots"), Phrase.of("worker.slots.advice"));
    }
    Path file = surroundings().folder().resolve(tokenFile);
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    if (mode.contains(PosixFilePermission.OTHERS_READ)
        || mode.contains(PosixFilePermission.GROUP_READ)) {
      throw new CommandFailure(
          ExitCode.USAGE, Phrase.of("worker.mode", file), Phrase.of("worker.mode.advice", file));
    }
  }

  private Reach reach() {
    try {
      return new Reach(networks.stream().map(Network::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          Phrase.of("worker.reach", String.valueOf(e.getMessage())),
          Phrase.of("worker.reach.advice"),
          e);
    }
  }

  private Optional<SSLContext> trust() {
    Path file = trust;
    return file == null
        ? Optional.empty()
        : Optional.of(TrustedCertificates.of(surroundings().folder().resolve(file)));
  }

  private String name(HttpJobQueue queue) throws InterruptedException {
    try {
      return queue.name();
    } catch (TokenRefusedException e) {
      throw new CommandFailure(
          ExitCode.DENIED,
          Phrase.of("worker.refused", gateway, String.valueOf(e.getMessage())),
          Phrase.of("worker.refused.advice"),
          e);
    } catch (JobsUnavailableException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          Phrase.of("worker.unreachable", gateway, reason(e)),
          Phrase.of("worker.unreachable.advice"),
          e);
    }
  }

  /// What is known of why nothing answers: the network's words where it has some.
  private static String reason(JobsUnavailableException thrown) {
    Throwable cause = thrown.getCause();
    if (cause == null) {
      return String.valueOf(thrown.getMessage());
    }
    String words = cause.getMessage();
    return words == null ? cause.getClass().getSimpleName() : words;
  }
}
