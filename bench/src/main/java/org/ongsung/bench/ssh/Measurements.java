package org.ongsung.bench.ssh;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// The things that are measured on one route. Every method runs OpenSSH's own client to its end.
final class Measurements {
  private static final double GIB = 1L << 30;

  private final Workshop workshop;
  private final long bytes;

  /// @param bytes how much a bulk transfer moves
  Measurements(Workshop workshop, long bytes) {
    this.workshop = workshop;
    this.bytes = bytes;
  }

  /// What a transfer took.
  ///
  /// @param cpuSecondsPerGib processor time of the relay alone
  record Transfer(double mibPerSecond, double cpuSecondsPerGib) {}

  /// Round trips of one byte in microseconds.
  record Echo(double p50, double p99) {}

  /// Short sessions, four clients at a time.
  record Sessions(double perSecond, double cpuMillisEach) {}

  Transfer down(Route route, List<String> cipher) throws IOException {
    String command = "head -c " + bytes + " /dev/zero";
    return transfer(route, route.ssh(cipher, command), new File("/dev/null"));
  }

  Transfer up(Route route, List<String> cipher) throws IOException {
    return transfer(route, route.ssh(cipher, "cat >/dev/null"), payload().toFile());
  }

  Transfer get(Route route, List<String> cipher) throws IOException {
    Path batch = workshop.write("get.batch", "get " + payload() + " /dev/null\n");
    return transfer(route, route.sftp(cipher, batch.toString()), new File("/dev/null"));
  }

  Transfer put(Route route, List<String> cipher) throws IOException {
    Path batch = workshop.write("put.batch", "put " + payload() + " /dev/null\n");
    return transfer(route, route.sftp(cipher, batch.toString()), new File("/dev/null"));
  }

  private Path payload() throws IOException {
    Path payload = workshop.file("payload");
    if (!Files.exists(payload)) {
      try (var file = new java.io.RandomAccessFile(payload.toFile(), "rw")) {
        file.setLength(bytes); // sparse: the disk is not what is measured
      }
    }
    return payload;
  }

  private Transfer transfer(Route route, List<String> command, File stdin) throws IOException {
    double cpu = route.relay().cpuSeconds();
    long start = System.nanoTime();
    finish(
        new ProcessBuilder(command)
            .redirectInput(stdin)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    double seconds = (System.nanoTime() - start) / 1e9;
    double cost = route.relay().cpuSeconds() - cpu;
    return new Transfer(bytes / 1048576.0 / seconds, cost / (bytes / GIB));
  }

  Echo echo(Route route, int count) throws IOException {
    Process process =
        new ProcessBuilder(route.ssh(List.of(), "cat"))
            .redirectError(workshop.file("client.log").toFile())
            .start();
    double[] micros = new double[count];
    try (OutputStream out = process.getOutputStream();
        InputStream in = process.getInputStream()) {
      for (int i = -count / 10; i < count; i++) {
        long start = System.nanoTime();
        out.write('x');
        out.flush();
        if (in.read() != 'x') {
          throw new IOException("no echo: " + Files.readString(workshop.file("client.log")));
        }
        if (i >= 0) {
          micros[i] = (System.nanoTime() - start) / 1e3;
        }
      }
    } finally {
      process.destroy();
    }
    Arrays.sort(micros);
    return new Echo(micros[count / 2], micros[(int) (count * 0.99)]);
  }

  Sessions sessions(Route route, int count) throws IOException {
    double cpu = route.relay().cpuSeconds();
    long start = System.nanoTime();
    try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
      List<Future<Void>> all =
          java.util.stream.IntStream.range(0, count)
              .mapToObj(i -> clients.submit(() -> oneSession(route)))
              .toList();
      for (Future<Void> one : all) {
        one.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("a session failed", e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double cost = route.relay().cpuSeconds() - cpu;
    return new Sessions(count / seconds, cost * 1000 / count);
  }

  private Void oneSession(Route route) throws IOException {
    finish(
        new ProcessBuilder(route.ssh(List.of(), "true"))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    return null;
  }

  private void finish(ProcessBuilder builder) throws IOException {
    Path log = Files.createTempFile(workshop.file("."), "client", ".log");
    Process process = builder.redirectError(log.toFile()).start();
    try {
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("no end after ten minutes: " + builder.command());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(builder.command() + " failed: " + Files.readString(log));
    }
    Files.delete(log);
  }
}
