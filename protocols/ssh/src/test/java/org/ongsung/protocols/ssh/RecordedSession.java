package org.ongsung.protocols.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.EndNotice;
import org.ongsung.gateway.Notice;
import org.ongsung.gateway.OpenSession;
import org.ongsung.model.AuditCode;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.policy.TargetGrant;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.recording.RecordUnavailableException;

/// A session that keeps everything in memory for a test to look at.
final class RecordedSession implements OpenSession {
  /// What one channel's recorder was given.
  final class Channel implements ChannelRecorder {
    private static final int MAX_KEPT_BYTES = 1 << 20;

    final SessionChannel opened;
    final @Nullable Terminal terminal;
    final ByteArrayOutputStream fromClient = new ByteArrayOutputStream();
    final ByteArrayOutputStream fromTarget = new ByteArrayOutputStream();
    final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    final List<String> sizes = new CopyOnWriteArrayList<>();
    final List<String> files = new CopyOnWriteArrayList<>();
    final AtomicLong bytesFromClient = new AtomicLong();
    final AtomicLong bytesFromTarget = new AtomicLong();
    volatile @Nullable Integer exitStatus;
    volatile @Nullable String exitSignal;
    volatile boolean closed;

    Channel(SessionChannel opened, @Nullable Terminal terminal) {
      this.opened = opened;
      this.terminal = terminal;
    }

    @Override
    public SessionChannel channel() {
      return opened;
    }

    private synchronized void keep(ByteArrayOutputStream to, byte[] bytes, int offset, int length) {
      if (to.size() + length <= MAX_KEPT_BYTES) {
        to.write(bytes, offset, length);
      }
    }

    @Override
    public boolean fromClient(byte[] bytes, int offset, int length) {
      keep(fromClient, bytes, offset, length);
      bytesFromClient.addAndGet(length);
      return hasRoom(this);
    }

    @Override
    public boolean fromTarget(byte[] bytes, int offset, int length) {
      keep(fromTarget, bytes, offset, length);
      bytesFromTarget.addAndGet(length);
      return hasRoom(this);
    }

    @Override
    public boolean errorFromTarget(byte[] bytes, int offset, int length) {
      keep(errors, bytes, offset, length);
      bytesFromTarget.addAndGet(length);
      return hasRoom(this);
    }

    @Override
    public void resized(int columns, int rows) {
      sizes.add(columns + "x" + rows);
    }

    @Override
    public boolean fileOperation(
        String kind,
        String path,
        String otherPath,
        String detail,
        long bytesRead,
        long bytesWritten,
        String result) {
      files.add(
          String.join(" ", kind, path, otherPath, "r" + bytesRead, "w" + bytesWritten, result));
      return true;
    }

    @Override
    public long bytesFromClient() {
      return bytesFromClient.get();
    }

    @Override
    public long bytesToClient() {
      return bytesFromTarget.get();
    }

    @Override
    public void onRoom(Runnable listener) {
      whenRoom(listener);
    }

    @Override
    public CompletableFuture<SessionChannel.End> close(
        @Nullable Integer status, @Nullable String signal) {
      exitStatus = status;
      exitSignal = signal;
      closed = true;
      return CompletableFuture.completedFuture(
          new SessionChannel.End(
              Instant.now(),
              status,
              signal,
              bytesFromClient.get(),
              bytesFromTarget.get(),
              null,
              null,
              0,
              true));
    }

    String input() {
      return fromClient.toString(StandardCharsets.UTF_8);
    }

    String errorOutput() {
      return errors.toString(StandardCharsets.UTF_8);
    }

    String output() {
      return fromTarget.toString(StandardCharsets.UTF_8);
    }
  }

  final SessionId id = SessionId.create(Instant.now());
  final List<Channel> channels = new CopyOnWriteArrayList<>();
  final List<String> refusals = new CopyOnWriteArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  volatile @Nullable SessionState state;
  volatile @Nullable String reason;
  volatile boolean recordsFail;
  volatile long channelMillis;
  private final TargetGrant grant;
  private final ClientConnection client;
  private volatile @Nullable Consumer<EndNotice> onEnd;
  private final List<Runnable> waitingForRoom = new CopyOnWriteArrayList<>();
  private final List<Consumer<Notice>> notices = new CopyOnWriteArrayList<>();
  private volatile boolean full;

  RecordedSession(TargetGrant grant, ClientConnection client) {
    this.grant = grant;
    this.client = client;
  }

  /// Has every recorder say that there is no room, until [#room].
  void fill() {
    full = true;
  }

  void room() {
    full = false;
    List<Runnable> woken = List.copyOf(waitingForRoom);
    waitingForRoom.clear();
    woken.forEach(Runnable::run);
  }

  private boolean hasRoom(Channel channel) {
    return !full || channel.closed;
  }

  private void whenRoom(Runnable listener) {
    if (full) {
      waitingForRoom.add(listener);
    } else {
      listener.run();
    }
  }

  /// Ends it as the gateway would.
  void endByGateway(String message) {
    Consumer<EndNotice> listener = onEnd;
    if (listener != null) {
      Thread.ofVirtual()
          .start(
              () ->
                  listener.accept(
                      new EndNotice(
                          SessionState.TERMINATED,
                          EndReason.of(EndReason.Code.ADMINISTRATOR, message),
                          null)));
    }
  }

  /// Tells the person something as the gateway would.
  void notice(Notice line) {
    notices.forEach(listener -> listener.accept(line));
  }

  @Override
  public SessionId id() {
    return id;
  }

  @Override
  public TargetGrant grant() {
    return grant;
  }

  @Override
  public ClientConnection client() {
    return client;
  }

  @Override
  public ChannelRecorder openChannel(
      ChannelKind kind, String subject, @Nullable Terminal terminal) {
    if (recordsFail) {
      throw new RecordUnavailableException("full");
    }
    try {
      Thread.sleep(channelMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Channel channel =
        new Channel(
            new SessionChannel(id, channels.size(), kind, subject, Instant.now(), null), terminal);
    channels.add(channel);
    return channel;
  }

  @Override
  public void refused(ChannelKind kind, String subject, String why) {
    refusals.add(kind.text() + " " + subject + ": " + why);
  }

  @Override
  public void event(AuditCode code, String subject, Map<String, String> details) {
    events.add(code.text() + " " + subject);
  }

  @Override
  public void touch() {}

  @Override
  public void onEnd(Consumer<EndNotice> listener) {
    onEnd = listener;
  }

  @Override
  public void onNotice(Consumer<Notice> listener) {
    notices.add(listener);
  }

  @Override
  public void end(SessionState how, EndReason why) {
    synchronized (this) {
      if (state == null) {
        state = how;
        reason = why.text();
      }
    }
  }
}
