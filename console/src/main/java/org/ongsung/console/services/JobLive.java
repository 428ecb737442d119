package org.ongsung.console.services;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.Jobs;

/// Says how a job goes on, as server-sent events (WHATWG HTML section 9.2).
///
/// Each event is how the job stands: at once, and whenever that has changed, twice, wherever its
/// worker is. The last is named `done`. A comment goes out while nothing happens, so that proxies
/// keep the connection and a hang-up is noticed.
public final class JobLive {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Jobs jobs;
  private final StreamPlaces places;
  private final Duration heartbeat;

  public JobLive(Jobs jobs, StreamPlaces places, ConsoleLimits limits) {
    this.jobs = jobs;
    this.places = places;
    this.heartbeat = limits.heartbeat();
  }

  /// The stream of one job.
  public Reply watch(Exchange exchange, Job job) {
    return Reply.stream("text/event-stream", places.holding(out -> write(exchange, job, out)));
  }

  private void write(Exchange exchange, Job first, OutputStream out)
      throws IOException, InterruptedException {
    Job shown = first;
    event(out, "", shown);
    long quietSince = System.nanoTime();
    boolean again = false; // what was written about it lies there a moment after it has changed
    while (!shown.state().ended() && !exchange.stopping()) {
      Thread.sleep(LOOK);
      Optional<Job> now = jobs.find(first.id());
      if (now.isEmpty()) {
        return; // forgotten
      }
      boolean changed = now.get().version() != shown.version();
      if (changed || again) {
        again = changed;
        shown = now.get();
        event(out, "", shown);
        quietSince = System.nanoTime();
      } else if (System.nanoTime() - quietSince > heartbeat.toNanos()) {
        out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
        quietSince = System.nanoTime();
      }
    }
    if (shown.state().ended()) {
      event(out, "event: done\n", shown);
    }
  }

  private static void event(OutputStream out, String name, Job job) throws IOException {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", job.id().value());
    tree.put("state", job.state().text());
    tree.put("attempt", job.attempt());
    tree.put("percent", job.progress().percent());
    tree.put("note", job.progress().note());
    out.write((name + "data: " + Json.text(tree) + "\n\n").getBytes(StandardCharsets.UTF_8));
  }
}
