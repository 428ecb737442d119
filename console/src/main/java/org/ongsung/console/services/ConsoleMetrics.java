package org.ongsung.console.services;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.ongsung.console.http.Door;
import org.ongsung.console.http.RequestMeter;
import org.ongsung.console.http.Route;
import org.ongsung.gateway.GatewayFigures;
import org.ongsung.jobs.JobFigures;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobState;
import org.ongsung.policy.ThrottledAuthenticator;
import org.ongsung.transcript.index.LineFinder;

/// What Prometheus reads: the gateway's figures, HTTP requests by route, the process itself. No
/// label holds a name of a person, a target or anything else that somebody sent.
public final class ConsoleMetrics implements RequestMeter, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Served, Timer> served = new ConcurrentHashMap<>();
  private final Supplier<GatewayFigures> figures;
  private final Supplier<JobFigures> jobs; // meters hold it weakly
  private final JvmGcMetrics gc = new JvmGcMetrics();

  public ConsoleMetrics(
      Supplier<GatewayFigures> figures,
      ThrottledAuthenticator authenticator,
      Door door,
      Supplier<JobFigures> jobs,
      LineFinder lines) {
    this.figures = figures;
    this.jobs = jobs;
    jobs(this.jobs);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    gauge("ongsung.sessions.live", "Sessions carried now", GatewayFigures::liveSessions);
    gauge("ongsung.recordings.open", "Recordings that grow now", GatewayFigures::openRecordings);
    gauge(
        "ongsung.recordings.queued.bytes",
        "Payload that waits in memory to be recorded",
        GatewayFigures::queuedRecordingBytes);
    gauge(
        "ongsung.recordings.usable.bytes",
        "Free space for recordings",
        GatewayFigures::usableRecordingBytes);
    gauge(
        "ongsung.late.writes",
        "Entries that the ledger or the store did not take yet",
        GatewayFigures::lateWrites);
    counter("ongsung.sessions.started", "Sessions begun", GatewayFigures::startedSessions);
    counter("ongsung.sessions.refused", "Sessions refused", GatewayFigures::refusedSessions);
    counter(
        "ongsung.sessions.terminated", "Sessions terminated", GatewayFigures::terminatedSessions);
    counter("ongsung.bytes.from.clients", "Payload from people", GatewayFigures::bytesFromClients);
    counter("ongsung.bytes.to.clients", "Payload to people", GatewayFigures::bytesToClients);
    Gauge.builder("ongsung.logins.blocked", authenticator, a -> a.blocks().size())
        .description("Addresses that may not log in now")
        .register(registry);
    Gauge.builder("ongsung.search.behind.lines", lines, LineFinder::behind)
        .description("Lines of transcripts that this node's index has not yet; -1 while unknown")
        .register(registry);
    bind(door);
  }

  private void bind(Door door) {
    Gauge.builder("ongsung.http.door.places", door, d -> d.figures().places())
        .description("Requests that may be worked on at once, as found out")
        .register(registry);
    Gauge.builder("ongsung.http.door.inside", door, d -> d.figures().inside())
        .description("Requests that are worked on now")
        .register(registry);
    Gauge.builder("ongsung.http.door.waiting", door, d -> d.figures().waiting())
        .description("Requests that wait to be let in")
        .register(registry);
    FunctionCounter.builder("ongsung.http.door.turned.away", door, d -> d.figures().turnedAway())
        .description("Requests refused because there were too many")
        .register(registry);
  }

  private void jobs(Supplier<JobFigures> figures) {
    for (JobKind kind : JobKind.values()) {
      for (JobState state : List.of(JobState.NEW, JobState.TAKEN, JobState.RUNNING)) {
        Gauge.builder("ongsung.jobs.open", figures, f -> open(f.get(), kind, state))
            .description("Jobs that have not ended, over all processes")
            .tag("kind", kind.text())
            .tag("state", state.text())
            .register(registry);
      }
    }
    for (JobState state : List.of(JobState.DONE, JobState.ERROR, JobState.DROPPED)) {
      FunctionCounter.builder(
              "ongsung.jobs.ended", figures, f -> f.get().ended().getOrDefault(state, 0L))
          .description("Jobs that ended, by how")
          .tag("state", state.text())
          .register(registry);
    }
    FunctionCounter.builder("ongsung.jobs.submitted", figures, f -> f.get().submitted())
        .description("Jobs asked for")
        .register(registry);
    FunctionCounter.builder("ongsung.jobs.retried", figures, f -> f.get().retried())
        .description("Attempts that are followed by another")
        .register(registry);
    FunctionCounter.builder("ongsung.jobs.lost", figures, f -> f.get().lost())
        .description("Workers that fell silent with a job")
        .register(registry);
  }

  private static int open(JobFigures figures, JobKind kind, JobState state) {
    return figures.open().getOrDefault(kind, Map.of()).getOrDefault(state, 0);
  }

  private void gauge(String name, String description, ToDoubleFunction<GatewayFigures> read) {
    Gauge.builder(name, figures, f -> read.applyAsDouble(f.get()))
        .description(description)
        .register(registry);
  }

  private void counter(String name, String description, ToDoubleFunction<GatewayFigures> read) {
    FunctionCounter.builder(name, figures, f -> read.applyAsDouble(f.get()))
        .description(description)
        .register(registry);
  }

  @Override
  public void served(Route route, int status, Duration took) {
    // As many as there are routes and classes of status.
    served
        .computeIfAbsent(new Served(route.method(), route.template(), status / 100), this::timer)
        .record(took);
  }

  private record Served(String method, String template, int hundreds) {}

  private Timer timer(Served served) {
    return Timer.builder("ongsung.http.requests")
        .description("HTTP requests by route")
        .tag("method", served.method())
        .tag("route", served.template())
        .tag("status", served.hundreds() + "xx")
        .register(registry);
  }

  /// The text that Prometheus reads (exposition format 0.0.4).
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
