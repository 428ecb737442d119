package org.ongsung.server.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.via.PassageRefusedException.Reason;
import org.ongsung.jobs.JobTrees;
import org.ongsung.model.HostAndPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to a target, for a session of the gateway's.
///
/// Each way is a loop of requests that name the place of their bytes in the stream. One that did
/// not get through is sent again as it was: what the gateway has already it does not take twice,
/// and what it gave it gives again until it is told that it has arrived.
final class CarriedSession {
  private static final Logger LOG = LoggerFactory.getLogger(CarriedSession.class);
  private static final int PIECE_BYTES = 256 << 10;
  private static final int BUFFER_BYTES = 32 << 10;
  private static final int WAIT_SECONDS = 5;
  private static final Duration ANSWER = Duration.ofSeconds(WAIT_SECONDS + 5L);
  private static final Duration CONNECT = Duration.ofSeconds(9);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final String OCTETS = "application/octet-stream";
  private static final String ENDING = "Ongsung-Ending";
  private static final byte[] NOTHING = {};

  private final SessionCarrier carrier;
  private final String id;
  private final HostAndPort address;
  private final Socket socket = new Socket();
  private volatile boolean closed;

  /// Of the thread that reads from the target.
  private boolean reset;

  CarriedSession(SessionCarrier carrier, String id, HostAndPort address) {
    this.carrier = carrier;
    this.id = id;
    this.address = address;
  }

  String id() {
    return id;
  }

  void start() {
    Thread.ofVirtual().name("carried-" + id).start(this::run);
  }

  /// There is nothing more to do for it.
  void close() {
    closed = true;
    closeSocket();
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("{} could not be closed: {}", address, e.toString());
    }
  }

  private void run() {
    try {
      Reason refused = connect();
      if (refused != null) {
        tell("refused", Map.of("process", carrier.process(), "reason", refused.text()));
        return;
      }
      tell("opened", Map.of("process", carrier.process()));
      Thread saying = Thread.ofVirtual().name("carried-from-" + id).start(this::fromTarget);
      toTarget();
      saying.join();
    } catch (GoneException e) {
      LOG.debug("{} is over: {}", address, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
      carrier.over(this);
    }
  }

  // To the target.

  private @Nullable Reason connect() {
    InetAddress[] ips;
    try {
      ips = InetAddress.getAllByName(address.host());
    } catch (UnknownHostException e) {
      return Reason.NO_SUCH_HOST;
    }
    if (Arrays.stream(ips).anyMatch(Reach::isForbidden)) {
      return Reason.FORBIDDEN;
    }
    InetAddress ip = Arrays.stream(ips).filter(carrier.reach()::allows).findFirst().orElse(null);
    if (ip == null) {
      LOG.warn("a session to {} is refused: it lies in none of the networks of --reach", address);
      return Reason.NOT_ALLOWED;
    }
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      // Urgent bytes stand in their place, as where the gateway itself connects.
      socket.setOOBInline(true);
      socket.connect(
          new InetSocketAddress(ip, address.port()), Math.toIntExact(CONNECT.toMillis()));
      return null;
    } catch (SocketTimeoutException e) {
      return Reason.TIMEOUT;
    } catch (NoRouteToHostException e) {
      return Reason.NO_ROUTE;
    } catch (ConnectException e) {
      return Reason.REFUSED;
    } catch (IOException e) {
      return Reason.FAILED;
    }
  }

  private void toTarget() throws GoneException, InterruptedException {
    long from = 0;
    while (true) {
      GatewayCalls.Answer answer =
          persist(
              "GET",
              "/bytes?process=" + carrier.process() + "&from=" + from + "&wait=" + WAIT_SECONDS,
              OCTETS,
              NOTHING);
      if (!write(answer.body())) {
        return;
      }
      from += answer.body().length;
      String ending = answer.header(ENDING).orElse("");
      if (ending.equals("closed")) {
        close();
        return;
      }
      if (ending.equals("finished")) {
        finish();
        return;
      }
    }
  }

  /// @return whether the target takes more; else reading from it ends as well, and says why
  private boolean write(byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      return true;
    } catch (IOException e) {
      LOG.debug("{} takes no more: {}", address, e.toString());
      closeSocket();
      return false;
    }
  }

  private void finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      closeSocket();
    }
  }

  // From the target.

  private void fromTarget() {
    try {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      long from = 0;
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        byte[] piece = withWhatIsThere(in, buffer, n);
        put(from, piece, "");
        from += piece.length;
      }
      put(from, NOTHING, reset ? "reset" : "finished");
    } catch (GoneException | IOException e) {
      LOG.debug("{} says no more: {}", address, e.toString());
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      reset = true;
      return -1;
    }
  }

  /// As much as came meanwhile goes with it: a request costs the same for a line and for a window.
  private static byte[] withWhatIsThere(InputStream in, byte[] buffer, int read)
      throws IOException {
    int more = Math.min(in.available(), PIECE_BYTES - read);
    byte[] piece = Arrays.copyOf(buffer, read + Math.max(0, more));
    if (more <= 0) {
      return piece;
    }
    int got = in.readNBytes(piece, read, more);
    return got == more ? piece : Arrays.copyOf(piece, read + got);
  }

  private void put(long from, byte[] piece, String end) throws GoneException, InterruptedException {
    long at = from;
    do {
      byte[] rest = at == from ? piece : Arrays.copyOfRange(piece, (int) (at - from), piece.length);
      GatewayCalls.Answer answer =
          persist(
              "POST",
              "/bytes?process="
                  + carrier.process()
                  + "&from="
                  + at
                  + "&wait="
                  + WAIT_SECONDS
                  + (end.isEmpty() ? "" : "&end=" + end),
              OCTETS,
              rest);
      try {
        at = JobTrees.number(JobTrees.tree(answer.text()), "taken", Long.MAX_VALUE);
      } catch (IllegalArgumentException e) {
        throw new GoneException(200);
      }
      if (at < from || at > from + piece.length) {
        throw new GoneException(200);
      }
    } while (at < from + piece.length);
  }

  private void tell(String word, Map<String, Object> body)
      throws GoneException, InterruptedException {
    persist(
        "POST",
        "/" + word,
        "application/json",
        JobTrees.json(body).getBytes(StandardCharsets.UTF_8));
  }

  /// Says something until it is answered, for as long as the gateway waits for this connection.
  private GatewayCalls.Answer persist(String method, String path, String type, byte[] body)
      throws GoneException, InterruptedException {
    long end = System.nanoTime() + carrier.resume().toNanos();
    Duration pause = SHORTEST_PAUSE;
    while (true) {
      if (closed) {
        throw new GoneException(0);
      }
      int status = 0;
      try {
        GatewayCalls.Answer answer =
            carrier.gateway().call(method, "/passages/" + id + path, type, body, ANSWER);
        status = answer.status();
        if (status == 200 || status == 204) {
          return answer;
        }
      } catch (IOException e) {
        LOG.debug("said again: {}", e.toString());
      }
      boolean forGood = status == 410 || status == 409 || status == 400 || status == 413;
      if (forGood || System.nanoTime() - end >= 0) {
        throw new GoneException(status);
      }
      Thread.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /// The gateway has no use for the connection any more, or cannot be reached.
  private static final class GoneException extends Exception {
    private static final long serialVersionUID = 1;

    GoneException(int status) {
      super("the gateway lets it go (" + status + ")");
    }
  }
}
