package org.ongsung.console.house;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import org.ongsung.gateway.terminal.TerminalExit;
import org.ongsung.gateway.terminal.TerminalSignal;
import org.ongsung.gateway.terminal.TerminalUpstream;

/// A target that shows a prompt and what was typed; `exit` ends it, `flood` shows very much, `deaf`
/// makes it take nothing more.
public final class EchoTarget implements TerminalUpstream {
  /// How much `flood` shows, in bytes.
  public static final int FLOOD_BYTES = 1 << 20;

  private static final byte[] END = {};

  private final String prompt;
  private final LinkedBlockingQueue<byte[]> shows = new LinkedBlockingQueue<>();
  private final StringBuilder line = new StringBuilder();
  private byte[] rest = {};
  private boolean deaf;
  private boolean closed;

  /// @param greeting shown first
  public EchoTarget(String greeting, String prompt) {
    this.prompt = prompt;
    show(greeting + prompt);
  }

  private void show(String text) {
    shows.add(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int read(byte[] into) throws IOException {
    try {
      if (rest.length == 0) {
        rest = shows.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (rest.length == 0) {
      return -1;
    }
    int length = Math.min(into.length, rest.length);
    System.arraycopy(rest, 0, into, 0, length);
    rest = java.util.Arrays.copyOfRange(rest, length, rest.length);
    return length;
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      while (deaf && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    shows.add(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    for (int i = 0; i < text.length(); i++) {
      char typed = text.charAt(i);
      if (typed == '\r') {
        command(line.toString());
        line.setLength(0);
      } else {
        line.append(typed);
      }
    }
  }

  private void command(String command) {
    switch (command) {
      case "exit" -> {
        show("\r\n");
        shows.add(END);
      }
      case "flood" -> {
        show("\r\n" + "0123456789abcde\n".repeat(FLOOD_BYTES / 16) + "\r\nflooded\r\n" + prompt);
      }
      case "deaf" -> deaf = true;
      default -> show("\r\n" + prompt);
    }
  }

  @Override
  public void resize(int columns, int rows) {}

  @Override
  public void signal(TerminalSignal signal) {}

  @Override
  public TerminalExit exit() {
    return new TerminalExit(0, null);
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    shows.add(END);
  }
}
