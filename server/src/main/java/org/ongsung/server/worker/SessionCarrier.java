package org.ongsung.server.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.ongsung.gateway.via.Passages;
import org.ongsung.jobs.JobTrees;
import org.ongsung.jobs.SteadyFault;
import org.ongsung.model.HostAndPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries sessions for a gateway: asks whom to connect to, and passes bytes both ways. It sees
/// nothing but bytes: who may go where, passwords, keys and the record are the gateway's.
///
/// While the gateway cannot be reached it goes on trying; connections wait for it for as long as
/// the gateway waits for them, and no longer.
///
/// Threads: one that asks, and a few virtual ones for each connection.
public final class SessionCarrier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCarrier.class);
  private static final int WAIT_SECONDS = 5;
  private static final Duration ANSWER = Duration.ofSeconds(WAIT_SECONDS + 7L);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration FAULT_PAUSE = Duration.ofSeconds(1);
  private static final Duration USUAL_RESUME = Duration.ofSeconds(30);

  private final GatewayCalls gateway;
  private final Reach reach;
  private final String process = UUID.randomUUID().toString();
  private final Map<String, CarriedSession> carried = new ConcurrentHashMap<>();
  private final Thread asking = Thread.ofVirtual().name("carrier").unstarted(this::ask);
  private final SteadyFault fault =
      new SteadyFault(LOG, "the gateway could not be asked whom to connect to");
  private volatile Duration resume = USUAL_RESUME;
  private volatile boolean stopped;

  public SessionCarrier(GatewayCalls gateway, Reach reach) {
    this.gateway = gateway;
    this.reach = reach;
  }

  /// Begins to ask.
  public void start() {
    asking.start();
  }

  GatewayCalls gateway() {
    return gateway;
  }

  Reach reach() {
    return reach;
  }

  /// What this process calls itself.
  String process() {
    return process;
  }

  /// How long the gateway waits for a connection that it does not hear of.
  Duration resume() {
    return resume;
  }

  void over(CarriedSession session) {
    carried.remove(session.id(), session);
  }

  private void ask() {
    while (!stopped) {
      try {
        askOnce();
        fault.isOver();
      } catch (IOException | IllegalArgumentException e) {
        LOG.debug("the gateway is asked again: {}", e.toString());
        pause(PAUSE);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // Whatever is wrong may end; a carrier that asks no more strands everybody's sessions.
        fault.happened(e);
        pause(FAULT_PAUSE);
      }
    }
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askOnce() throws IOException, InterruptedException {
    Set<String> held = new HashSet<>(carried.keySet());
    boolean full = held.size() >= Passages.MAX_HELD;
    GatewayCalls.Answer answer =
        gateway.call(
            "POST",
            "/dials?wait=" + (full ? 0 : WAIT_SECONDS),
            "application/json",
            JobTrees.json(Map.of("process", process, "held", List.copyOf(held)))
                .getBytes(StandardCharsets.UTF_8),
            ANSWER);
    if (answer.status() != 200) {
      throw new IOException("HTTP status " + answer.status());
    }
    Map<String, Object> tree = JobTrees.tree(answer.text());
    resume = Duration.ofMillis(JobTrees.number(tree, "resumeMillis", Integer.MAX_VALUE));
    if (tree.get("gone") instanceof List<?> gone) {
      for (Object id : gone) {
        CarriedSession session = carried.get(String.valueOf(id));
        if (session != null) {
          session.close();
        }
      }
    }
    if (tree.get("dials") instanceof List<?> dials) {
      for (Object dial : dials) {
        begin(JobTrees.map(dial, "dials"));
      }
    }
    if (full) {
      pause(PAUSE);
    }
  }

  private void begin(Map<String, Object> dial) {
    String id = JobTrees.text(dial, "id");
    HostAndPort address = HostAndPort.parse(JobTrees.text(dial, "address"), 0);
    if (!id.matches("[0-9a-f]{1,64}")) {
      throw new IllegalArgumentException("not the id of a connection");
    }
    CarriedSession session = new CarriedSession(this, id, address);
    if (carried.size() < Passages.MAX_HELD && carried.putIfAbsent(id, session) == null) {
      session.start();
    }
  }

  @Override
  public void close() {
    stopped = true;
    asking.interrupt();
    carried.values().forEach(CarriedSession::close);
  }
}
