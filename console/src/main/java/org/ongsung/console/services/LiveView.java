package org.ongsung.console.services;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.model.SessionId;
import org.ongsung.recording.RecordingFollower;

/// Shows a recording while it grows, as server-sent events (WHATWG HTML section 9.2).
///
/// A terminal begins with one event that holds its size and all that stands on it, then come the
/// asciicast events (`[seconds, "o" or "r", data]`) as they are flushed; typed input and markers
/// are left out. A command's JSON lines come as they are. The end is an event named `done`. A
/// comment goes out while nothing happens, so that proxies keep the connection and a hang-up is
/// noticed.
public final class LiveView {
  private static final int QUEUED_LINES = 1_000;
  private static final int HISTORY_CHARACTERS = 1 << 20;
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final String END = "";

  private final SessionReading reading;
  private final StreamPlaces places;
  private final Duration heartbeat;
  private final Watched watched;
  private final Map<SessionId, Integer> watchers = new HashMap<>();

  /// Hears how many people look at a session now, besides its owner.
  @FunctionalInterface
  public interface Watched {
    void by(SessionId session, int people);
  }

  /// @param watched told whenever somebody comes or goes
  public LiveView(
      SessionReading reading, StreamPlaces places, ConsoleLimits limits, Watched watched) {
    this.reading = reading;
    this.places = places;
    this.watched = watched;
    this.heartbeat = limits.heartbeat();
  }

  /// The stream of one channel; in the ledger before it begins.
  public Reply watch(Exchange exchange, SessionId id, int number) throws IOException {
    reading.tellWatched(exchange.caller(), id, number);
    return Reply.stream(
        "text/event-stream",
        places.holding(
            out -> {
              boolean another = !exchange.caller().is(reading.session(id).user());
              count(id, another ? 1 : 0);
              try {
                write(exchange, id, number, out);
              } finally {
                count(id, another ? -1 : 0);
              }
            }));
  }

  private void count(SessionId id, int more) {
    synchronized (watchers) {
      int now = watchers.getOrDefault(id, 0) + more;
      if (now == 0) {
        watchers.remove(id);
      } else {
        watchers.put(id, now);
      }
      watched.by(id, now);
    }
  }

  private void write(Exchange exchange, SessionId id, int number, OutputStream out)
      throws IOException, InterruptedException {
    History history = history(id, number);
    if (history.terminal) {
      event(out, history.screen());
    }
    BlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUED_LINES);
    int known = history.terminal ? history.lines : 0;
    try (AutoCloseable _ = reading.follow(id, number, new Queueing(lines, known))) {
      pump(exchange, history.terminal, lines, out);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a recording could not be left", e);
    }
  }

  private void pump(
      Exchange exchange, boolean terminal, BlockingQueue<String> lines, OutputStream out)
      throws IOException, InterruptedException {
    long quietSince = System.nanoTime();
    while (!exchange.stopping()) {
      String line = lines.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        if (System.nanoTime() - quietSince > heartbeat.toNanos()) {
          out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
          quietSince = System.nanoTime();
        }
      } else if (line.equals(END)) {
        out.write("event: done\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8));
        return;
      } else if (!terminal || isShown(line)) {
        event(out, line);
        quietSince = System.nanoTime();
      }
    }
  }

  private static boolean isShown(String line) {
    return Json.parse(line) instanceof List<?> event
        && event.size() == 3
        && !"i".equals(event.get(1))
        && !"m".equals(event.get(1));
  }

  private static void event(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
  }

  private History history(SessionId id, int number) throws IOException {
    History history = new History();
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(reading.openAgain(id, number), StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        history.add(line);
      }
    }
    return history;
  }

  /// Hands lines over and drops those that are known.
  private static final class Queueing implements RecordingFollower {
    private final BlockingQueue<String> lines;
    private int toSkip;

    Queueing(BlockingQueue<String> lines, int toSkip) {
      this.lines = lines;
      this.toSkip = toSkip;
    }

    @Override
    public void line(String line) {
      if (toSkip > 0) {
        toSkip--;
      } else {
        put(line);
      }
    }

    @Override
    public void ended() {
      put(END);
    }

    private void put(String line) {
      try {
        lines.put(line);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// What a terminal shows after all that was recorded so far.
  private static final class History {
    private final StringBuilder output = new StringBuilder();
    private boolean terminal;
    private int lines;
    private int columns = 80;
    private int rows = 24;
    private double time;

    void add(String line) {
      Object parsed = Json.parse(line);
      if (lines++ == 0) {
        terminal = parsed instanceof Map<?, ?> header && header.containsKey("version");
        if (parsed instanceof Map<?, ?> header) {
          resize(header.get("width"), header.get("height"));
        }
      } else if (parsed instanceof List<?> event && event.size() == 3) {
        time = event.getFirst() instanceof Number at ? at.doubleValue() : time;
        String data = String.valueOf(event.get(2));
        if ("o".equals(event.get(1))) {
          output.append(data);
          if (output.length() > 2 * HISTORY_CHARACTERS) {
            output.delete(0, output.length() - HISTORY_CHARACTERS);
          }
        } else if ("r".equals(event.get(1)) && data.matches("[0-9]{1,5}x[0-9]{1,5}")) {
          String[] size = data.split("x", 2);
          resize(Integer.valueOf(size[0]), Integer.valueOf(size[1]));
        }
      }
    }

    private void resize(@Nullable Object width, @Nullable Object height) {
      columns = width instanceof Number number ? number.intValue() : columns;
      rows = height instanceof Number number ? number.intValue() : rows;
    }

    String screen() {
      return Json.text(
          Map.of("cols", columns, "rows", rows, "time", time, "init", output.toString()));
    }
  }
}
