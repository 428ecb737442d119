package org.ongsung.practice.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A terminal between a person and the programs of one shell, as a kernel's line discipline is.
///
/// While a line is edited ([#raw]) every byte goes to the editor. While a command runs ([#cooked])
/// what is typed is echoed and collected into lines that backspace can mend; Ctrl-C interrupts the
/// command, Ctrl-D ends its input. A thread of the terminal's own reads what is typed, so that
/// Ctrl-C works while a command is busy.
///
/// Output passes with line feeds made into CR LF. Thread-safe.
public final class Terminal {
  private static final int MAX_BUFFERED_BYTES = 64 << 10;
  private static final byte[] END = {};
  private static final int CTRL_C = 3;
  private static final int CTRL_D = 4;
  private static final int BACKSPACE = 8;
  private static final int CTRL_U = 21;
  private static final int CTRL_BACKSLASH = 28;
  private static final int DELETE = 127;

  private final InputStream typed;
  private final OutputStream shown;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// What can be read: single bytes for the editor, whole lines for a command, [#END] where Ctrl-D
  /// was typed.
  private final ArrayDeque<byte[]> ready = new ArrayDeque<>();

  private final StringBuilder line = new StringBuilder();
  private final Utf8Input lineBytes = new Utf8Input();
  private int readyBytes;
  private int headTaken;
  private boolean cooked;
  private boolean echo = true;
  private boolean inputEnded;
  private Runnable interrupt = () -> {};
  private volatile int columns;
  private volatile int rows;

  /// A terminal over a channel's streams; [#listen] must run for input to arrive.
  public Terminal(InputStream typed, OutputStream shown, int columns, int rows) {
    this.typed = typed;
    this.shown = shown;
    resize(columns, rows);
  }

  /// The window's width.
  public int columns() {
    return columns;
  }

  /// The window's height.
  public int rows() {
    return rows;
  }

  /// The window got another size; 0 stands for unknown and becomes 80 × 24.
  public void resize(int newColumns, int newRows) {
    columns = newColumns <= 0 ? 80 : Math.min(newColumns, 1000);
    rows = newRows <= 0 ? 24 : Math.min(newRows, 1000);
  }

  /// Reads what is typed until the channel ends; blocks, so it belongs on a thread of its own.
  public void listen() {
    byte[] buffer = new byte[4096];
    try {
      for (int length = typed.read(buffer); length >= 0; length = typed.read(buffer)) {
        for (int at = 0; at < length; at++) {
          accept(buffer[at] & 0xFF);
        }
        shown.flush();
      }
    } catch (IOException e) {
      // the channel is gone, which is the end of the input as well
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      endInput();
    }
  }

  /// From now on bytes go to who reads [#read] as they are typed.
  public void raw() {
    lock.lock();
    try {
      cooked = false;
      echo = true;
      interrupt = () -> {};
      List<byte[]> lines = unread();
      clearReady();
      for (byte[] each : lines) {
        append(each.length == 0 ? new byte[] {CTRL_D} : each);
      }
      if (!line.isEmpty()) {
        append(line.toString().getBytes(StandardCharsets.UTF_8));
        line.setLength(0);
      }
    } finally {
      lock.unlock();
    }
  }

  /// From now on lines are put together for a command that `onInterrupt` stops; what was typed
  /// ahead of it too.
  public void cooked(Runnable onInterrupt) throws IOException {
    lock.lock();
    try {
      cooked = true;
      interrupt = onInterrupt;
      List<byte[]> ahead = unread();
      clearReady();
      for (byte[] each : ahead) {
        for (byte octet : each) {
          accept(octet & 0xFF);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /// Whether what is typed to a command is shown; off for passwords, on again at the next prompt.
  public void echo(boolean on) {
    lock.lock();
    try {
      echo = on;
    } finally {
      lock.unlock();
    }
  }

  /// The next byte typed, or -1 at the end of the input.
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /// What a command reads: whole lines, and the end of the input when Ctrl-D was typed.
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return Terminal.this.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return Terminal.this.read(bytes, offset, length);
      }
    };
  }

  /// What a command writes to.
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        show(bytes, offset, length);
      }

      @Override
      public void flush() throws IOException {
        shown.flush();
      }
    };
  }

  /// Shows text as it is, without touching line feeds.
  public void show(String text) throws IOException {
    shown.write(text.getBytes(StandardCharsets.UTF_8));
    shown.flush();
  }

  private void show(byte[] bytes, int offset, int length) throws IOException {
    int start = offset;
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n') {
        shown.write(bytes, start, at - start);
        shown.write('\r');
        start = at;
      }
    }
    shown.write(bytes, start, offset + length - start);
  }

  private int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    shown.flush();
    lock.lock();
    try {
      while (ready.isEmpty()) {
        if (inputEnded) {
          return -1;
        }
        changed.await();
      }
      changed.signalAll();
      return take(bytes, offset, length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /// From the first line only, as a kernel does; the end that Ctrl-D made is read once.
  private int take(byte[] bytes, int offset, int length) {
    byte[] head = ready.getFirst();
    int taken = Math.min(length, head.length - headTaken);
    System.arraycopy(head, headTaken, bytes, offset, taken);
    headTaken += taken;
    readyBytes -= taken;
    if (headTaken == head.length) {
      ready.removeFirst();
      headTaken = 0;
    }
    return head.length == 0 ? -1 : taken;
  }

  private void accept(int octet) throws IOException, InterruptedException {
    Runnable interrupted = null;
    lock.lock();
    try {
      if (!cooked) {
        put(new byte[] {(byte) octet});
      } else if (octet == CTRL_C || octet == CTRL_BACKSLASH) {
        line.setLength(0);
        clearReady();
        interrupted = interrupt;
      } else {
        edit(octet);
      }
    } finally {
      lock.unlock();
    }
    if (interrupted != null) {
      show("^C\r\n");
      interrupted.run();
    }
  }

  private void edit(int octet) throws IOException, InterruptedException {
    switch (octet) {
      case CTRL_D -> {
        if (line.isEmpty()) {
          put(END);
        } else {
          putLineBlocking();
        }
      }
      case BACKSPACE, DELETE -> erase();
      case CTRL_U -> {
        while (!line.isEmpty()) {
          erase();
        }
      }
      case '\r', '\n' -> {
        line.append('\n');
        shown.write(echo ? new byte[] {'\r', '\n'} : new byte[0]);
        putLineBlocking();
      }
      default -> {
        int codePoint = lineBytes.accept(octet);
        if (codePoint >= 0 && line.length() < MAX_BUFFERED_BYTES / 4) {
          line.appendCodePoint(codePoint);
          if (echo) {
            shown.write(shownAs(codePoint).getBytes(StandardCharsets.UTF_8));
          }
        }
      }
    }
  }

  private static String shownAs(int codePoint) {
    return codePoint < 0x20 && codePoint != '\t'
        ? "^" + (char) (codePoint + 0x40)
        : Character.toString(codePoint);
  }

  private void erase() throws IOException {
    if (line.isEmpty()) {
      return;
    }
    int last = line.codePointBefore(line.length());
    line.setLength(line.length() - Character.charCount(last));
    if (echo) {
      int width = last < 0x20 ? 2 : CharacterWidth.of(last);
      shown.write("\b \b".repeat(width).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void putLineBlocking() throws InterruptedException {
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    line.setLength(0);
    put(bytes);
  }

  private void put(byte[] bytes) throws InterruptedException {
    while (readyBytes + ready.size() >= MAX_BUFFERED_BYTES) {
      changed.await();
    }
    append(bytes);
  }

  private void append(byte[] bytes) {
    ready.addLast(bytes);
    readyBytes += bytes.length;
    changed.signalAll();
  }

  private List<byte[]> unread() {
    if (headTaken > 0) {
      byte[] head = ready.removeFirst();
      ready.addFirst(Arrays.copyOfRange(head, headTaken, head.length));
      headTaken = 0;
    }
    return List.copyOf(ready);
  }

  private void clearReady() {
    ready.clear();
    readyBytes = 0;
    headTaken = 0;
  }

  private void endInput() {
    lock.lock();
    try {
      inputEnded = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
