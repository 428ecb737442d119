package org.ongsung.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A network switch that a test plays: a TCP listener that runs the same script for every
/// connection, and keeps every byte that came.
public final class ScriptedSwitch implements AutoCloseable {
  /// What it does with a connection.
  @FunctionalInterface
  public interface Script {
    void play(Wire wire) throws IOException;
  }

  /// One connection, as the script has it. Telnet commands that come are kept and skipped.
  public static final class Wire {
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

    private Wire(Socket socket) throws IOException {
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    /// Sends text as it is.
    public void say(String text) throws IOException {
      send(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends bytes as they are.
    public void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /// Reads a line, up to CR or LF, without the NUL or LF after a CR; null at the end.
    public @Nullable String line() throws IOException {
      return line(StandardCharsets.UTF_8);
    }

    /// The same of text in that encoding.
    public @Nullable String line(Charset encoding) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (true) {
        int b = read();
        if (b < 0) {
          return line.size() == 0 ? null : line.toString(encoding);
        }
        if (b == 255) {
          skipCommand();
        } else if (b == '\r' || b == '\n') {
          return line.toString(encoding);
        } else if (b != 0) {
          line.write(b);
        }
      }
    }

    private void skipCommand() throws IOException {
      int command = read();
      if (command >= 251 && command <= 254) {
        read();
      } else if (command == 250) {
        int before = 0;
        for (int b = read(); b >= 0 && !(before == 255 && b == 240); b = read()) {
          before = b;
        }
      }
    }

    private int read() throws IOException {
      int b = in.read();
      synchronized (raw) {
        if (b >= 0) {
          raw.write(b);
        }
      }
      return b;
    }

    /// Every byte that came so far, Telnet commands and all, one character each.
    public String raw() {
      synchronized (raw) {
        return raw.toString(StandardCharsets.ISO_8859_1);
      }
    }
  }

  private final ServerSocket listener;
  private final Script script;
  private final List<Wire> wires = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private ScriptedSwitch(Script script) {
    this.script = script;
    try {
      listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("scripted-switch").start(this::accept);
  }

  /// Starts one on a free port of the loopback interface.
  public static ScriptedSwitch start(Script script) {
    return new ScriptedSwitch(script);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        Wire wire = new Wire(socket);
        wires.add(wire);
        Thread.ofVirtual().start(() -> play(socket, wire));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void play(Socket socket, Wire wire) {
    try (socket) {
      script.play(wire);
    } catch (IOException e) {
      // The other side is gone.
    }
  }

  /// `127.0.0.1:port`, as targets name it.
  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /// What came on all connections, one after the other.
  public String received() {
    StringBuilder all = new StringBuilder();
    wires.forEach(wire -> all.append(wire.raw()));
    return all.toString();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
