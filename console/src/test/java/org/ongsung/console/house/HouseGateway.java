package org.ongsung.console.house;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.EndNotice;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.HostKeyVerdict;
import org.ongsung.gateway.Notice;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.SessionRefusedException;
import org.ongsung.model.AuditCode;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.EndReason;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;
import org.ongsung.model.SessionState;
import org.ongsung.model.SshPublicKey;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.TargetGrant;
import org.ongsung.recording.ChannelRecorder;

/// The gateway of a console that stands alone: opens sessions and keeps what was recorded of them
/// where a test can look.
public final class HouseGateway implements Gateway {
  private final List<HouseSession> sessions = new CopyOnWriteArrayList<>();
  private final List<String> denials = new CopyOnWriteArrayList<>();

  /// The sessions so far, oldest first.
  public List<HouseSession> sessions() {
    return sessions;
  }

  /// The oldest session, once it is open: a browser has its answer before its terminal has one.
  public HouseSession awaitFirst() throws InterruptedException {
    while (sessions.isEmpty()) {
      Thread.sleep(10);
    }
    return sessions.getFirst();
  }

  /// Whom was denied what, each `user target`.
  public List<String> denials() {
    return denials;
  }

  @Override
  public OpenSession open(TargetGrant grant, ClientConnection client)
      throws SessionRefusedException {
    HouseSession session = new HouseSession(grant, client);
    sessions.add(session);
    return session;
  }

  @Override
  public void denied(
      AuthenticatedUser user, AccessRequest request, ClientConnection client, String reason) {
    denials.add(user.user().name() + " " + request.target());
  }

  @Override
  public HostKeyVerdict verifyHostKey(OpenSession session, SshPublicKey proven) {
    throw new UnsupportedOperationException("no target here proves a key");
  }

  /// One session and the record of its terminal.
  public static final class HouseSession implements OpenSession {
    private final SessionId id = SessionId.create(Instant.now());
    private final TargetGrant grant;
    private final ClientConnection client;
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final List<String> sizes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<EndReason> over = new CompletableFuture<>();
    private final List<Consumer<EndNotice>> ends = new ArrayList<>();

    HouseSession(TargetGrant grant, ClientConnection client) {
      this.grant = grant;
      this.client = client;
    }

    /// What the record has of the person's keys.
    public synchronized String typed() {
      return typed.toString(StandardCharsets.UTF_8);
    }

    /// What the record has of the target's output.
    public synchronized String shown() {
      return shown.toString(StandardCharsets.UTF_8);
    }

    /// The sizes that the terminal took, each `columns x rows` without spaces.
    public List<String> sizes() {
      return sizes;
    }

    /// Done when the session is over.
    public CompletableFuture<EndReason> over() {
      return over;
    }

    /// Ends it as an administrator would.
    public void terminate(String reason) {
      EndNotice notice =
          new EndNotice(
              SessionState.TERMINATED, EndReason.of(EndReason.Code.ADMINISTRATOR, reason), null);
      List<Consumer<EndNotice>> listeners;
      synchronized (this) {
        listeners = List.copyOf(ends);
      }
      listeners.forEach(listener -> Thread.startVirtualThread(() -> listener.accept(notice)));
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
      return new Recorder(new SessionChannel(id, 0, kind, subject, Instant.now(), null));
    }

    @Override
    public void refused(ChannelKind kind, String subject, String reason) {}

    @Override
    public void event(AuditCode code, String subject, Map<String, String> details) {}

    @Override
    public void touch() {}

    @Override
    public synchronized void onEnd(Consumer<EndNotice> listener) {
      ends.add(listener);
    }

    @Override
    public void onNotice(Consumer<Notice> listener) {}

    @Override
    public void end(SessionState state, EndReason reason) {
      over.complete(reason);
    }

    private final class Recorder implements ChannelRecorder {
      private final SessionChannel channel;

      Recorder(SessionChannel channel) {
        this.channel = channel;
      }

      @Override
      public SessionChannel channel() {
        return channel;
      }

      @Override
      public boolean fromClient(byte[] bytes, int offset, int length) {
        synchronized (HouseSession.this) {
          typed.write(bytes, offset, length);
        }
        return true;
      }

      @Override
      public boolean fromTarget(byte[] bytes, int offset, int length) {
        synchronized (HouseSession.this) {
          shown.write(bytes, offset, length);
        }
        return true;
      }

      @Override
      public boolean errorFromTarget(byte[] bytes, int offset, int length) {
        return fromTarget(bytes, offset, length);
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
        return true;
      }

      @Override
      public long bytesFromClient() {
        return typed.size();
      }

      @Override
      public long bytesToClient() {
        return shown.size();
      }

      @Override
      public void onRoom(Runnable listener) {
        listener.run();
      }

      @Override
      public CompletableFuture<SessionChannel.End> close(
          @Nullable Integer exitStatus, @Nullable String exitSignal) {
        return CompletableFuture.completedFuture(
            new SessionChannel.End(
                Instant.now(), exitStatus, exitSignal, 0, 0, null, null, 0, true));
      }
    }
  }
}
