package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.files.FileLateException;
import org.ongsung.gateway.terminal.TerminalExit;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.TerminalSignal;
import org.ongsung.gateway.terminal.TerminalUpstream;
import org.ongsung.model.Shown;
import org.ongsung.protocols.ssh.transport.LoopSession;

/// A shell with a terminal on an SSH target, or a subsystem (RFC 4254 section 6.5), for fronts that
/// do not speak SSH: one connection with one session channel (RFC 4254 sections 5 and 6).
///
/// Threads: packets come on an event loop and only change what stands here; whoever waits for it
/// does so on virtual threads.
final class SshTerminal implements TerminalUpstream {
  /// What the target may send ahead of what was read, in bytes.
  static final int WINDOW_BYTES = 262_144;

  private static final int NUMBER = 0;
  private static final int PAUSE_MILLIS = 20;
  private static final long NO_END = Long.MAX_VALUE;

  private final SshLimits limits;

  // Guarded by this.
  private @Nullable ClientSession session;
  private @Nullable SshLeg leg;
  private final ArrayDeque<byte[]> shown = new ArrayDeque<>();
  private int readOfFirst;
  private int consumed;
  private long granted = WINDOW_BYTES;
  private long peer;
  private long window;
  private int maxPacket;
  private boolean confirmed;
  private boolean refused;
  private int answers;
  private boolean ended;
  private boolean closed;
  private boolean heard;
  private int unanswered;
  private TerminalExit exit = TerminalExit.UNKNOWN;

  private boolean dropsErrors;

  private SshTerminal(SshLimits limits) {
    this.limits = limits;
  }

  /// Connects and logs in; then [#startSubsystem].
  static SshTerminal dialWithoutShell(SshUpstream upstream, OpenSession record, SshLimits limits)
      throws SshUpstream.DialException, InterruptedException {
    SshTerminal made = new SshTerminal(limits);
    made.dropsErrors = true;
    made.attach(upstream.dial(record, made::received, ours -> ours));
    return made;
  }

  /// Connects, logs in, and starts the shell.
  static SshTerminal dial(
      SshUpstream upstream, OpenSession record, TerminalRequest terminal, SshLimits limits)
      throws SshUpstream.DialException, InterruptedException {
    SshTerminal made = new SshTerminal(limits);
    ClientSession connected = upstream.dial(record, made::received, ours -> ours);
    boolean started = false;
    try {
      made.attach(connected);
      started = made.start(terminal);
    } finally {
      if (!started) {
        made.close();
      }
    }
    if (!started) {
      throw new SshUpstream.DialException(
          SshErrors.PROGRAM_REFUSED.with(record.grant().target().name(), record.id()),
          "no shell with a terminal");
    }
    return made;
  }

  private void attach(ClientSession connected) {
    synchronized (this) {
      session = connected;
      leg = new SshLeg(connected);
    }
    connected.addCloseFutureListener(over -> lost());
    askIfAliveLater(connected);
  }

  private synchronized void lost() {
    closed = true;
    notifyAll();
  }

  private boolean openChannel() throws InterruptedException {
    SshLeg to = leg();
    Buffer opening = to.packet(SshConstants.SSH_MSG_CHANNEL_OPEN, 64);
    opening.putString("session");
    opening.putUInt(NUMBER);
    opening.putUInt(WINDOW_BYTES);
    opening.putUInt(SshLimits.MAX_PACKET_BYTES / 2);
    to.send(opening);
    return await(1);
  }

  /// Starts a subsystem in the place of a shell; its standard error is dropped.
  ///
  /// @return whether the target has it
  boolean startSubsystem(String name) throws InterruptedException {
    if (!openChannel()) {
      return false;
    }
    Buffer out = request("subsystem", true, name.length() + 4);
    out.putString(name);
    leg().send(out);
    return await(2);
  }

  private boolean start(TerminalRequest terminal) throws InterruptedException {
    SshLeg to = leg();
    if (!openChannel()) {
      return false;
    }
    for (Map.Entry<String, String> variable : terminal.environment().entrySet()) {
      Buffer out = request("env", false, 160);
      out.putString(variable.getKey());
      out.putString(variable.getValue());
      to.send(out);
    }
    Buffer pty = request("pty-req", true, 128);
    pty.putString(terminal.type());
    putSize(pty, terminal.columns(), terminal.rows());
    pty.putString("\0"); // no modes: TTY_OP_END (RFC 4254 section 8)
    to.send(pty);
    to.send(request("shell", true, 0));
    return await(3);
  }

  private static void putSize(Buffer out, int columns, int rows) {
    out.putUInt(columns);
    out.putUInt(rows);
    out.putUInt(0);
    out.putUInt(0);
  }

  private SshLeg leg() {
    SshLeg now;
    synchronized (this) {
      now = leg;
    }
    if (now == null) {
      throw new IllegalStateException("no connection yet");
    }
    return now;
  }

  private Buffer request(String name, boolean wantReply, int more) {
    long to;
    synchronized (this) {
      to = peer;
    }
    Buffer out = leg().packet(SshConstants.SSH_MSG_CHANNEL_REQUEST, 16 + name.length() + more);
    out.putUInt(to);
    out.putString(name);
    out.putBoolean(wantReply);
    return out;
  }

  /// Waits for so many favourable answers: the channel, the terminal, the shell.
  private synchronized boolean await(int wanted) throws InterruptedException {
    long end = System.nanoTime() + limits.targetLoginTimeout().toNanos();
    while (!refused && !closed && answers < wanted) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return !refused && !closed;
  }

  // Packets of the target.

  private void received(int command, Buffer in) throws SshException {
    synchronized (this) {
      heard = true;
      unanswered = 0;
    }
    switch (command) {
      case SshConstants.SSH_MSG_GLOBAL_REQUEST -> globalRequest(in);
      case SshConstants.SSH_MSG_REQUEST_SUCCESS, SshConstants.SSH_MSG_REQUEST_FAILURE -> {}
      case SshConstants.SSH_MSG_CHANNEL_OPEN -> refuseOpening(in);
      default -> {
        if (in.getUInt() != NUMBER) {
          throw SshRelay.broken("a channel that is not open");
        }
        onChannel(command, in);
      }
    }
  }

  private void globalRequest(Buffer in) {
    in.getString();
    if (in.getBoolean()) {
      SshLeg to = leg();
      to.send(to.packet(SshConstants.SSH_MSG_REQUEST_FAILURE, 0));
    }
  }

  private void refuseOpening(Buffer in) {
    in.getString();
    SshMessages.refuseOpening(
        leg(), in.getUInt(), SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, "not here");
  }

  private void onChannel(int command, Buffer in) throws SshException {
    switch (command) {
      case SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION -> confirmed(in);
      case SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, SshConstants.SSH_MSG_CHANNEL_FAILURE ->
          answered(false);
      case SshConstants.SSH_MSG_CHANNEL_SUCCESS -> answered(true);
      case SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST -> adjusted(in.getUInt());
      case SshConstants.SSH_MSG_CHANNEL_DATA -> data(in);
      case SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA -> {
        in.getInt();
        if (dropsErrors) {
          dropped(in);
        } else {
          data(in);
        }
      }
      case SshConstants.SSH_MSG_CHANNEL_REQUEST -> targetRequest(in);
      case SshConstants.SSH_MSG_CHANNEL_EOF -> ended();
      case SshConstants.SSH_MSG_CHANNEL_CLOSE -> {
        ended();
        lost();
      }
      default -> throw SshRelay.broken("message " + command + " is not known");
    }
  }

  private synchronized void confirmed(Buffer in) throws SshException {
    if (confirmed) {
      throw SshRelay.broken("a channel that is open already");
    }
    confirmed = true;
    peer = in.getUInt();
    window = in.getUInt();
    maxPacket = Math.clamp(in.getUInt(), 1, SshLimits.MAX_PACKET_BYTES);
    answers++;
    notifyAll();
  }

  private synchronized void answered(boolean success) {
    refused |= !success && answers < 3;
    answers++;
    notifyAll();
  }

  private synchronized void adjusted(long more) throws SshException {
    window += more;
    if (window > 0xFFFF_FFFFL) {
      throw SshRelay.broken("a window of more than 4 GiB");
    }
    notifyAll();
  }

  private synchronized void data(Buffer in) throws SshException {
    int length = in.getInt();
    if (length < 0 || length > in.available() || length > granted || ended) {
      throw SshRelay.broken("data past the window or the end");
    }
    granted -= length;
    if (length > 0) {
      byte[] bytes = new byte[length];
      in.getRawBytes(bytes);
      shown.add(bytes);
      notifyAll();
    }
  }

  private void dropped(Buffer in) throws SshException {
    int length = in.getInt();
    synchronized (this) {
      if (length < 0 || length > in.available() || length > granted || ended) {
        throw SshRelay.broken("data past the window or the end");
      }
    }
    grant(length); // as much as it took
  }

  private void targetRequest(Buffer in) {
    String name = in.getString();
    boolean wantReply = in.getBoolean();
    boolean known = true;
    synchronized (this) {
      switch (name) {
        case "exit-status" -> exit = new TerminalExit(in.getInt(), null);
        case "exit-signal" -> exit = new TerminalExit(null, Shown.plain(in.getString(), 64));
        default -> known = name.equals("eow@openssh.com") || name.equals("xon-xoff");
      }
    }
    if (wantReply) {
      SshLeg to = leg();
      Buffer out =
          to.packet(
              known ? SshConstants.SSH_MSG_CHANNEL_SUCCESS : SshConstants.SSH_MSG_CHANNEL_FAILURE,
              4);
      synchronized (this) {
        out.putUInt(peer);
      }
      to.send(out);
    }
  }

  private synchronized void ended() {
    ended = true;
    notifyAll();
  }

  // What a front asks for.

  @Override
  public int read(byte[] into) throws IOException {
    int length;
    long more = 0;
    synchronized (this) {
      awaitOutput();
      byte[] first = shown.peek();
      if (first == null) {
        if (!ended) {
          throw new IOException("the connection to the target was lost");
        }
        return -1;
      }
      length = Math.min(into.length, first.length - readOfFirst);
      System.arraycopy(first, readOfFirst, into, 0, length);
      readOfFirst += length;
      if (readOfFirst == first.length) {
        shown.poll();
        readOfFirst = 0;
      }
      consumed += length;
      if (consumed >= WINDOW_BYTES / 2 && !ended && !closed) {
        more = consumed;
        granted += more;
        consumed = 0;
      }
    }
    if (more > 0) {
      grant(more);
    }
    return length;
  }

  private synchronized void awaitOutput() throws IOException {
    try {
      // After the end of data comes the exit status, and then the close.
      while (shown.isEmpty() && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void grant(long more) {
    SshLeg to = leg();
    Buffer out = to.packet(SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, 8);
    synchronized (this) {
      out.putUInt(peer);
    }
    out.putUInt(more);
    to.send(out);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    writeUntil(NO_END, bytes, offset, length);
  }

  /// The same to a target that has to take it within a time.
  ///
  /// @throws FileLateException when it did not
  void write(byte[] bytes, int offset, int length, Duration most) throws IOException {
    writeUntil(System.nanoTime() + most.toNanos(), bytes, offset, length);
  }

  private void writeUntil(long end, byte[] bytes, int offset, int length) throws IOException {
    for (int at = 0; at < length; ) {
      int piece = take(length - at, end);
      SshLeg to = leg();
      Buffer out = to.packet(SshConstants.SSH_MSG_CHANNEL_DATA, piece + 12);
      synchronized (this) {
        out.putUInt(peer);
      }
      out.putUInt(piece);
      out.putRawBytes(bytes, offset + at, piece);
      to.send(out);
      at += piece;
    }
  }

  /// Waits for window and socket, and takes from the window what may be sent at once.
  private synchronized int take(int wanted, long end) throws IOException {
    try {
      while (!closed && window == 0) {
        wait(left(end));
      }
      while (!closed && !LoopSession.of(leg().session()).isWritable()) {
        left(end);
        wait(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (closed) {
      throw new IOException("the terminal is closed");
    }
    int piece = (int) Math.min(Math.min(wanted, window), maxPacket);
    window -= piece;
    return piece;
  }

  /// Milliseconds to that end, as [Object#wait] takes them: 0 where there is none.
  private static long left(long end) throws FileLateException {
    if (end == NO_END) {
      return 0;
    }
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (left <= 0) {
      throw new FileLateException();
    }
    return left;
  }

  @Override
  public void resize(int columns, int rows) {
    Buffer out = request("window-change", false, 16);
    putSize(out, columns, rows);
    leg().send(out);
  }

  @Override
  public void signal(TerminalSignal signal) throws IOException {
    String name =
        switch (signal) {
          case BREAK -> "";
          // The terminal's own keys: a server may not take signals, its terminal does.
          case INTERRUPT -> "\u0003";
          case QUIT -> "\u001c";
          case SUSPEND -> "\u001a";
          case HANGUP -> "HUP";
          case TERMINATE -> "TERM";
          case KILL -> "KILL";
        };
    if (name.isEmpty()) {
      Buffer out = request("break", false, 4);
      out.putUInt(500);
      leg().send(out);
    } else if (name.length() == 1) {
      write(new byte[] {(byte) name.charAt(0)}, 0, 1);
    } else {
      Buffer out = request("signal", false, 16);
      out.putString(name);
      leg().send(out);
    }
  }

  @Override
  public Optional<String> lostWorker() {
    ClientSession now;
    synchronized (this) {
      now = session;
    }
    return now == null ? Optional.empty() : SshUpstream.lostWorker(now);
  }

  @Override
  public synchronized TerminalExit exit() {
    return exit;
  }

  @Override
  public void close() {
    ClientSession open;
    synchronized (this) {
      closed = true;
      notifyAll();
      open = session;
    }
    if (open != null) {
      open.close(false);
    }
  }

  private void askIfAliveLater(ClientSession connected) {
    LoopSession.of(connected)
        .schedule(
            limits.keepAliveInterval(),
            () -> {
              boolean asks;
              boolean dead;
              synchronized (this) {
                if (closed) {
                  return;
                }
                asks = !heard;
                heard = false;
                dead = asks && ++unanswered > limits.maxUnansweredKeepAlives();
              }
              if (dead) {
                connected.close(true);
                return;
              }
              if (asks) {
                SshLeg to = leg();
                Buffer out = to.packet(SshConstants.SSH_MSG_GLOBAL_REQUEST, 40);
                out.putString("keepalive@openssh.com");
                out.putBoolean(true);
                to.send(out);
              }
              askIfAliveLater(connected);
            });
  }
}
