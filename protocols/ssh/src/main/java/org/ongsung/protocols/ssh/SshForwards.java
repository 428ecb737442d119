package org.ongsung.protocols.ssh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.model.AuditCode;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.protocols.ssh.SshChannel.Side;

/// Forwarding and global requests (RFC 4254 sections 4 and 7, OpenSSH's PROTOCOL sections 2.4 and
/// 2.5): which listeners the person asked for, which channels may open for them, and who is owed an
/// answer.
///
/// Guarded by the relay's lock.
final class SshForwards {
  /// What becomes of a forward's channel.
  sealed interface Opening {
    /// It opens, once its record is open.
    record Allowed(ChannelKind kind, String subject) implements Opening {}

    /// It does not (RFC 4254 section 5.1).
    record Refused(int reason, String text) implements Opening {}
  }

  /// A line that a person is still to be told.
  record Note(SshChannel channel, SshErrors.Message text) {}

  /// An answer that the target owes.
  private sealed interface Expected {
    /// To the person.
    record ForPerson(@Nullable Listener listener, boolean cancels) implements Expected {}

    /// To our own question whether it is still there.
    record ForUs() implements Expected {}

    /// Ours to the person, behind the ones before it.
    record Ours(boolean success) implements Expected {}
  }

  /// A listener at the target. A port of 0 lets the target choose.
  private record Listener(ChannelKind kind, String address, long port) {
    String subject() {
      return kind == ChannelKind.REMOTE_FORWARD ? address + ":" + port : address;
    }
  }

  /// The most answers that are waited for, or that wait for others before them.
  static final int MAX_EXPECTED = 256;

  private static final String KEEP_ALIVE = "keepalive@openssh.com";

  private final SshRelay relay;
  private final SshLeg clientLeg;
  private final Deque<Expected> fromTarget = new ArrayDeque<>(2);
  private final Deque<Expected> fromClient = new ArrayDeque<>(2);
  private final List<Listener> listeners = new ArrayList<>(0);
  private final Set<ChannelKind> lent = EnumSet.noneOf(ChannelKind.class);
  private final List<SshErrors.Message> notes = new ArrayList<>(0);
  private @Nullable SshLeg targetLeg;
  private @Nullable OpenSession session;

  SshForwards(SshRelay relay, SshLeg clientLeg) {
    this.relay = relay;
    this.clientLeg = clientLeg;
  }

  void attach(SshLeg leg, OpenSession opened) {
    targetLeg = leg;
    session = opened;
  }

  /// The person lends their agent or display to the target.
  void lent(ChannelKind kind) {
    lent.add(kind);
  }

  /// What a new session channel's person has not been told yet.
  List<Note> notesFor(SshChannel channel) {
    List<Note> told = notes.stream().map(text -> new Note(channel, text)).toList();
    notes.clear();
    return told;
  }

  // Global requests.

  void request(Side side, Buffer in) throws SshException {
    int start = in.rpos();
    String name = in.getString();
    boolean wantReply = in.getBoolean();
    if (side == Side.TARGET) {
      // Not hostkeys-00@openssh.com either: the person would learn the target's keys for our name.
      if (wantReply) {
        reply(targetLeg, false);
      }
      return;
    }
    switch (name) {
      case "tcpip-forward" -> listen(tcp(in), wantReply, in, start);
      case "streamlocal-forward@openssh.com" -> listen(socket(in), wantReply, in, start);
      case "cancel-tcpip-forward" -> cancel(tcp(in), wantReply, in, start);
      case "cancel-streamlocal-forward@openssh.com" -> cancel(socket(in), wantReply, in, start);
      case "no-more-sessions@openssh.com" -> {
        relay.noMoreSessions();
        answer(wantReply, true);
      }
      default -> answer(wantReply, false);
    }
  }

  private static Listener tcp(Buffer in) {
    String address = SshText.bounded(in.getString(), 255);
    return new Listener(ChannelKind.REMOTE_FORWARD, address, in.getUInt());
  }

  private static Listener socket(Buffer in) {
    String path = SshText.bounded(in.getString(), 1_024);
    return new Listener(ChannelKind.REMOTE_SOCKET_FORWARD, path, 0);
  }

  private void listen(Listener listener, boolean wantReply, Buffer in, int start)
      throws SshException {
    OpenSession now = session;
    if (now == null) {
      relay.listeningWithoutTarget();
      answer(wantReply, false);
    } else if (!now.grant().allows(Capability.REMOTE_FORWARD)) {
      now.refused(listener.kind(), listener.subject(), "the grant has no remote-forward");
      if (notes.size() < SshLimits.MAX_LISTENERS) {
        notes.add(relay.notAllowed(Capability.REMOTE_FORWARD));
      }
      answer(wantReply, false);
    } else if (listeners.size() >= SshLimits.MAX_LISTENERS) {
      now.refused(listener.kind(), listener.subject(), "too many listeners");
      answer(wantReply, false);
    } else {
      pass(in, start, wantReply, new Expected.ForPerson(listener, false));
      if (!wantReply) {
        listens(listener);
      }
    }
  }

  private void cancel(Listener listener, boolean wantReply, Buffer in, int start)
      throws SshException {
    Listener known = find(listener);
    if (known == null) {
      answer(wantReply, false);
      return;
    }
    pass(in, start, wantReply, new Expected.ForPerson(known, true));
    if (!wantReply) {
      cancelled(known);
    }
  }

  private @Nullable Listener find(Listener like) {
    for (Listener listener : listeners) {
      if (listener.kind() == like.kind()
          && listener.port() == like.port()
          && (listener.kind() == ChannelKind.REMOTE_FORWARD
              || listener.address().equals(like.address()))) {
        return listener;
      }
    }
    return null;
  }

  private void pass(Buffer in, int start, boolean wantReply, Expected expected)
      throws SshException {
    SshLeg to = targetLeg;
    if (to == null) {
      return;
    }
    if (fromTarget.size() >= MAX_EXPECTED) {
      throw SshRelay.broken("too many requests without an answer");
    }
    int length = in.wpos() - start;
    Buffer out = to.packet(SshConstants.SSH_MSG_GLOBAL_REQUEST, length);
    out.putRawBytes(in.array(), start, length);
    if (wantReply) {
      fromTarget.add(expected);
    }
    to.send(out);
  }

  private void answer(boolean wantReply, boolean success) throws SshException {
    if (!wantReply) {
      return;
    }
    if (fromTarget.stream().anyMatch(e -> e instanceof Expected.ForPerson)) {
      if (fromTarget.size() >= MAX_EXPECTED) {
        throw SshRelay.broken("too many requests without an answer");
      }
      fromTarget.add(new Expected.Ours(success));
    } else {
      reply(clientLeg, success);
    }
  }

  private static void reply(@Nullable SshLeg to, boolean success) {
    if (to != null) {
      to.send(
          to.packet(
              success ? SshConstants.SSH_MSG_REQUEST_SUCCESS : SshConstants.SSH_MSG_REQUEST_FAILURE,
              0));
    }
  }

  /// One side answered a global request.
  void answered(Side side, boolean success, Buffer in) throws SshException {
    if (side == Side.CLIENT) {
      if (fromClient.poll() == null) {
        throw SshRelay.broken("an answer to no request");
      }
      return;
    }
    switch (fromTarget.poll()) {
      case Expected.ForPerson asked -> {
        if (success && asked.listener() != null) {
          granted(asked, in);
        }
        Buffer out =
            clientLeg.packet(
                success
                    ? SshConstants.SSH_MSG_REQUEST_SUCCESS
                    : SshConstants.SSH_MSG_REQUEST_FAILURE,
                in.available());
        out.putRawBytes(in.array(), in.rpos(), in.available());
        clientLeg.send(out);
      }
      case Expected.ForUs _ -> {}
      case null, default -> throw SshRelay.broken("an answer to no request");
    }
    while (fromTarget.peek() instanceof Expected.Ours ours) {
      fromTarget.poll();
      reply(clientLeg, ours.success());
    }
  }

  private void granted(Expected.ForPerson asked, Buffer in) {
    Listener listener = asked.listener();
    if (listener == null) {
      return;
    }
    if (asked.cancels()) {
      cancelled(listener);
    } else if (listener.kind() == ChannelKind.REMOTE_FORWARD
        && listener.port() == 0
        && in.available() >= 4) {
      listens(new Listener(listener.kind(), listener.address(), in.rawUInt(in.rpos())));
    } else {
      listens(listener);
    }
  }

  private void listens(Listener listener) {
    listeners.add(listener);
    event(AuditCode.FORWARD_LISTEN, listener);
  }

  private void cancelled(Listener listener) {
    listeners.remove(listener);
    event(AuditCode.FORWARD_CANCEL, listener);
  }

  private void event(AuditCode code, Listener listener) {
    OpenSession now = session;
    if (now != null) {
      now.event(code, listener.subject(), Map.of("kind", listener.kind().text()));
    }
  }

  // Channels.

  /// Whether a forward's channel may open.
  ///
  /// @param in what follows the channel's maximum packet size
  Opening opening(Side side, String type, Buffer in) {
    OpenSession now = session;
    if (now == null) {
      return new Opening.Refused(SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, "no target");
    }
    return side == Side.CLIENT ? fromPerson(now, type, in) : fromTheTarget(now, type, in);
  }

  private Opening fromPerson(OpenSession now, String type, Buffer in) {
    return switch (type) {
      case "direct-tcpip" ->
          decide(now, Capability.LOCAL_FORWARD, ChannelKind.LOCAL_FORWARD, hostAndPort(in), true);
      case "direct-streamlocal@openssh.com" ->
          decide(
              now,
              Capability.LOCAL_FORWARD,
              ChannelKind.LOCAL_SOCKET_FORWARD,
              SshText.bounded(in.getString(), 1_024),
              true);
      default -> unknown(now, type);
    };
  }

  private Opening fromTheTarget(OpenSession now, String type, Buffer in) {
    return switch (type) {
      case "forwarded-tcpip" -> {
        String address = SshText.bounded(in.getString(), 255);
        Listener at = new Listener(ChannelKind.REMOTE_FORWARD, address, in.getUInt());
        yield decide(
            now,
            Capability.REMOTE_FORWARD,
            ChannelKind.REMOTE_FORWARD,
            at.subject(),
            find(at) != null);
      }
      case "forwarded-streamlocal@openssh.com" -> {
        String path = SshText.bounded(in.getString(), 1_024);
        Listener at = new Listener(ChannelKind.REMOTE_SOCKET_FORWARD, path, 0);
        yield decide(
            now,
            Capability.REMOTE_FORWARD,
            ChannelKind.REMOTE_SOCKET_FORWARD,
            path,
            find(at) != null);
      }
      case "auth-agent@openssh.com" ->
          decide(
              now,
              Capability.AGENT_FORWARD,
              ChannelKind.AGENT,
              "",
              lent.contains(ChannelKind.AGENT));
      case "x11" ->
          decide(
              now,
              Capability.X11,
              ChannelKind.X11,
              hostAndPort(in),
              lent.contains(ChannelKind.X11));
      default -> unknown(now, type);
    };
  }

  private static String hostAndPort(Buffer in) {
    return SshText.bounded(in.getString(), 255) + ":" + in.getUInt();
  }

  private Opening decide(
      OpenSession now, Capability capability, ChannelKind kind, String subject, boolean asked) {
    if (!now.grant().allows(capability)) {
      now.refused(kind, subject, "the grant has no " + capability.text());
    } else if (!asked) {
      now.refused(kind, subject, "nobody asked for it");
    } else {
      return new Opening.Allowed(kind, subject);
    }
    return new Opening.Refused(
        SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED,
        relay.notAllowed(capability).in(Locale.ENGLISH));
  }

  private static Opening unknown(OpenSession now, String type) {
    now.event(
        AuditCode.CHANNEL_REFUSED,
        org.ongsung.model.Shown.plain(type, 64),
        Map.of("reason", "unknown channel type"));
    return new Opening.Refused(SshConstants.SSH_OPEN_UNKNOWN_CHANNEL_TYPE, "unknown channel type");
  }

  // Signs of life.

  /// Asks one side whether it is there.
  ///
  /// @return how many such questions it has not answered
  int ask(Side side) {
    SshLeg to = side == Side.CLIENT ? clientLeg : targetLeg;
    Deque<Expected> expected = side == Side.CLIENT ? fromClient : fromTarget;
    if (to == null) {
      return 0;
    }
    int unanswered = (int) expected.stream().filter(e -> e instanceof Expected.ForUs).count();
    if (expected.size() < MAX_EXPECTED) {
      Buffer out = to.packet(SshConstants.SSH_MSG_GLOBAL_REQUEST, KEEP_ALIVE.length() + 8);
      out.putString(KEEP_ALIVE);
      out.putBoolean(true);
      expected.add(new Expected.ForUs());
      to.send(out);
    }
    return unanswered;
  }
}
