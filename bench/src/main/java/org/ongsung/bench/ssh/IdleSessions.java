package org.ongsung.bench.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What idle sessions cost: live heap after a full collection and resident memory, with none and
/// with many.
final class IdleSessions {
  private final Workshop workshop;
  private final Ongsung ongsung;

  IdleSessions(Workshop workshop, Ongsung ongsung) {
    this.workshop = workshop;
    this.ongsung = ongsung;
  }

  void measure(Route route, int count) throws IOException {
    long heapBefore = liveHeapBytes();
    long residentBefore = Relay.residentKib(ongsung.process().pid());
    List<Process> clients = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        clients.add(open(route, i));
      }
      Workshop.sleep(2_000);
      System.out.printf(
          "%d idle sessions: %.1f KiB live heap each, %.1f KiB resident each%n",
          count,
          (liveHeapBytes() - heapBefore) / 1024.0 / count,
          (Relay.residentKib(ongsung.process().pid()) - residentBefore) / (double) count);
    } finally {
      clients.forEach(Process::destroy);
    }
  }

  /// A shell without a terminal that has answered once and then waits.
  private Process open(Route route, int number) throws IOException {
    Process client =
        new ProcessBuilder(route.ssh(List.of(), "echo ready; cat"))
            .redirectError(workshop.file("idle-" + number + ".log").toFile())
            .start();
    if (client.getInputStream().read() != 'r') {
      throw new IOException("session " + number + " did not open");
    }
    return client;
  }

  /// Bytes of live objects, after the full collection that the histogram makes.
  private long liveHeapBytes() throws IOException {
    String jcmd = System.getProperty("java.home") + "/bin/jcmd";
    Process process =
        new ProcessBuilder(jcmd, Long.toString(ongsung.process().pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      if (line.startsWith("Total")) {
        return Long.parseLong(line.trim().split("\\s+", 4)[2]);
      }
    }
    throw new IOException("jcmd said: " + text);
  }
}
