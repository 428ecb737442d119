package org.ongsung.console.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket: puts messages together, answers pings, and lets a [SocketHandler] write from a
/// virtual thread.
///
/// Threads: frames come one after another on the connection's threads; [Line] belongs to the one
/// virtual thread.
final class SocketEnd implements FrameHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SocketEnd.class);

  /// How long the other end may take to accept a message, or to answer a ping.
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

  private final SocketHandler handler;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
  private byte kind = OpCode.UNDEFINED;
  private volatile long heardNanos = System.nanoTime();
  private volatile @Nullable CoreSession session;
  private volatile @Nullable Thread writing;

  SocketEnd(SocketHandler handler) {
    this.handler = handler;
  }

  @Override
  public void onOpen(CoreSession opened, Callback callback) {
    session = opened;
    callback.succeeded();
    writing = Thread.ofVirtual().name("socket").start(() -> write(opened));
    opened.demand();
  }

  private void write(CoreSession to) {
    Line line = new Line(to);
    try {
      handler.opened(line);
      to.close(line.code, null, Callback.NOOP);
    } catch (IOException e) {
      LOG.debug("a browser is gone: {}", e.toString());
      to.abort();
    } catch (InterruptedException e) {
      to.close(CloseStatus.SHUTDOWN, null, Callback.NOOP);
    } catch (RuntimeException e) {
      LOG.error("a socket failed", e);
      to.close(CloseStatus.SERVER_ERROR, null, Callback.NOOP);
    } finally {
      gone();
    }
  }

  @Override
  public void onFrame(Frame frame, Callback callback) {
    heardNanos = System.nanoTime();
    CoreSession from = session;
    if (from == null) {
      callback.failed(new IllegalStateException("a frame before the socket was open"));
      return;
    }
    try {
      switch (frame.getOpCode()) {
        case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> data(frame);
        case OpCode.PING ->
            from.sendFrame(new Frame(OpCode.PONG, true, copy(frame)), Callback.NOOP, false);
        default -> {} // a pong; a close is answered underneath
      }
    } catch (HttpProblem problem) {
      LOG.debug("a socket is closed: {}", problem.toString());
      from.close(CloseStatus.POLICY_VIOLATION, problem.code(), Callback.NOOP);
      callback.succeeded();
      return;
    }
    callback.succeeded();
    if (frame.getOpCode() != OpCode.CLOSE) {
      from.demand();
    }
  }

  private static ByteBuffer copy(Frame frame) {
    return ByteBuffer.wrap(bytes(frame));
  }

  private static byte[] bytes(Frame frame) {
    ByteBuffer payload = frame.getPayload();
    if (payload == null) {
      return new byte[0];
    }
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  private void data(Frame frame) {
    if (frame.getOpCode() != OpCode.CONTINUATION) {
      kind = frame.getOpCode();
      parts.reset();
    }
    byte[] part = bytes(frame);
    if (parts.size() + part.length > Sockets.MAX_MESSAGE_BYTES) {
      throw new HttpProblem(413, "too-large", "the message is too long");
    }
    parts.writeBytes(part);
    if (!frame.isFin()) {
      return;
    }
    byte[] message = parts.toByteArray();
    parts.reset();
    if (kind == OpCode.BINARY) {
      handler.binary(message);
    } else {
      handler.text(new String(message, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void onError(Throwable cause, Callback callback) {
    LOG.debug("a socket broke: {}", cause.toString());
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    Thread thread = writing;
    if (thread != null) {
      thread.interrupt();
    }
    gone();
    callback.succeeded();
  }

  private void gone() {
    if (closed.compareAndSet(false, true)) {
      handler.closed();
    }
  }

  /// The writing side.
  private final class Line implements SocketLine {
    private final CoreSession to;
    private int code = CloseStatus.NORMAL;

    Line(CoreSession to) {
      this.to = to;
    }

    @Override
    public void binary(byte[] message) throws IOException, InterruptedException {
      send(new Frame(OpCode.BINARY, true, ByteBuffer.wrap(message)));
    }

    @Override
    public void text(String message) throws IOException, InterruptedException {
      send(new Frame(OpCode.TEXT, true, message));
    }

    @Override
    public void ping() throws IOException, InterruptedException {
      if (System.nanoTime() - heardNanos > LONGEST_SILENCE.toNanos()) {
        throw new IOException("no answer to pings");
      }
      send(new Frame(OpCode.PING));
    }

    private void send(Frame frame) throws IOException, InterruptedException {
      Callback.Completable sent = new Callback.Completable();
      to.sendFrame(frame, sent, false);
      try {
        sent.get(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("not sent", e);
      }
    }

    @Override
    public void endsWith(int newCode) {
      code = newCode;
    }
  }
}
