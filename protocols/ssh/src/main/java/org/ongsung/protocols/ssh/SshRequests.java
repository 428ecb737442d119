package org.ongsung.protocols.ssh;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.TerminalSignal;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.Shown;
import org.ongsung.protocols.ssh.SshChannel.End;
import org.ongsung.protocols.ssh.SshChannel.Reply;
import org.ongsung.protocols.ssh.SshChannel.Saved;
import org.ongsung.protocols.ssh.SshChannel.Side;

/// The requests of a relay's channels and their answers (RFC 4254, sections 5.4 and 6): terminals,
/// environment, programs, signals, exit. Hands across what the grant allows, in the order in which
/// it was asked; refuses what it does not know.
///
/// Threads: under the lock of the [SshRelay].
final class SshRequests {
  /// Requests that mean nothing any more once a menu is over.
  private static final Set<String> PASSING =
      Set.of("window-change", "signal", "break", "eow@openssh.com", "xon-xoff");

  /// The most answers that one end of a channel is owed: what the gateway answers by itself waits
  /// for what the other end has yet to answer, and without a bound for ever.
  static final int MAX_OWED = 4_096;

  private static final Map<String, TerminalSignal> SIGNALS =
      Map.of(
          "INT", TerminalSignal.INTERRUPT,
          "QUIT", TerminalSignal.QUIT,
          "TSTP", TerminalSignal.SUSPEND,
          "HUP", TerminalSignal.HANGUP,
          "TERM", TerminalSignal.TERMINATE,
          "KILL", TerminalSignal.KILL);

  private static final int MAX_REFUSED_CHARACTERS = 4_096;

  private final SshRelay relay;
  private final SshMessages messages;
  private final SshForwards forwards;
  private final SshRelay.Owner owner;
  private final SshLimits limits;

  SshRequests(
      SshRelay relay,
      SshMessages messages,
      SshForwards forwards,
      SshRelay.Owner owner,
      SshLimits limits) {
    this.relay = relay;
    this.messages = messages;
    this.forwards = forwards;
    this.owner = owner;
    this.limits = limits;
  }

  /// A request of either side, positioned before its name.
  void request(Side side, SshChannel channel, Buffer in) throws SshException {
    int start = in.rpos();
    String name = in.getString();
    boolean wantReply = in.getBoolean();
    if (wantReply && channel.end(side).owed.size() >= MAX_OWED) {
      throw SshRelay.broken("too many requests without an answer");
    }
    if (side == Side.TARGET) {
      targetRequest(channel, name, wantReply, in, start);
      return;
    }
    switch (name) {
      case "pty-req" -> {
        channel.terminal = terminal(in);
        passRequest(channel, name, wantReply, in, start);
      }
      case "env" -> environment(channel, wantReply, in, start);
      case "window-change" -> {
        resized(channel, in);
        passRequest(channel, name, wantReply, in, start);
      }
      case "shell", "exec", "subsystem" -> program(channel, name, wantReply, in, start);
      case "signal", "break", "eow@openssh.com", "xon-xoff" ->
          passRequest(channel, name, wantReply, in, start);
      case "auth-agent-req@openssh.com", "auth-agent-req" ->
          lend(channel, Capability.AGENT_FORWARD, ChannelKind.AGENT, name, wantReply, in, start);
      case "x11-req" -> lend(channel, Capability.X11, ChannelKind.X11, name, wantReply, in, start);
      default -> answer(Side.CLIENT, channel, wantReply, false);
    }
  }

  private void targetRequest(
      SshChannel channel, String name, boolean wantReply, Buffer in, int start) {
    switch (name) {
      case "exit-status" -> channel.exitStatus = in.getInt();
      case "exit-signal" -> channel.exitSignal = Shown.plain(in.getString(), 64);
      case "eow@openssh.com", "xon-xoff" -> {}
      default -> {
        answer(Side.TARGET, channel, wantReply, false);
        return;
      }
    }
    forward(Side.CLIENT, channel, in, start, wantReply ? new Reply.Relayed() : null);
  }

  /// Hands a request of the person to the target, or answers it while there is none.
  private void passRequest(
      SshChannel channel, String name, boolean wantReply, Buffer in, int start) {
    if (channel.local == null) {
      forward(Side.TARGET, channel, in, start, wantReply ? new Reply.Relayed() : null);
      return;
    }
    signalled(channel, name, in);
    if (!PASSING.contains(name) && channel.saved.size() < limits.maxEnvironmentEntries()) {
      in.rpos(start);
      in.getString();
      in.getBoolean();
      byte[] rest = new byte[in.available()];
      in.getRawBytes(rest);
      channel.saved.add(new Saved(name, new ByteArrayBuffer(rest)));
    }
    answer(Side.CLIENT, channel, wantReply, true);
  }

  /// A signal or break for a program that is not at the other end of this channel.
  private static void signalled(SshChannel channel, String name, Buffer in) {
    TerminalSignal signal =
        switch (name) {
          case "break" -> TerminalSignal.BREAK;
          case "signal" -> SIGNALS.get(in.getString());
          default -> null;
        };
    if (signal != null && channel.local != null) {
      channel.local.signalled(new TerminalInput.Signalled(signal));
    }
  }

  private void forward(Side to, SshChannel channel, Buffer in, int start, @Nullable Reply reply) {
    End end = channel.end(to);
    SshLeg leg = messages.leg(to);
    if (leg == null || !end.open || end.closeSent) {
      return;
    }
    int length = in.wpos() - start;
    Buffer out = leg.packet(SshConstants.SSH_MSG_CHANNEL_REQUEST, length + 4);
    out.putUInt(end.peer);
    out.putRawBytes(in.array(), start, length);
    if (reply != null) {
      channel.end(to.other()).owed.add(reply);
    }
    leg.send(out);
  }

  private void environment(SshChannel channel, boolean wantReply, Buffer in, int start) {
    String name = in.getString();
    String value = in.getString();
    if (channel.environment.size() >= limits.maxEnvironmentEntries()) {
      answer(Side.CLIENT, channel, wantReply, false);
      return;
    }
    channel.environment.put(SshText.bounded(name, 64), SshText.bounded(value, 64));
    if (relay.translates() && channel.hasTerminal() && TerminalRequest.asksForUtf8(name, value)) {
      answer(Side.CLIENT, channel, wantReply, false); // which it does not write
      return;
    }
    passRequest(channel, "env", wantReply, in, start);
  }

  private static OpenSession.Terminal terminal(Buffer in) {
    String type = SshText.bounded(in.getString(), 64);
    return new OpenSession.Terminal(type, size(in.getUInt()), size(in.getUInt()));
  }

  private static int size(long cells) {
    return Math.clamp(cells, 1, 10_000);
  }

  private static void resized(SshChannel channel, Buffer in) {
    int columns = size(in.getUInt());
    int rows = size(in.getUInt());
    OpenSession.Terminal before = channel.terminal;
    if (before == null) {
      return;
    }
    channel.terminal = new OpenSession.Terminal(before.type(), columns, rows);
    if (channel.recording != null) {
      channel.recording.resized(columns, rows);
    }
    if (channel.local != null) {
      channel.local.resized();
    }
  }

  private void lend(
      SshChannel channel,
      Capability capability,
      ChannelKind kind,
      String name,
      boolean wantReply,
      Buffer in,
      int start) {
    OpenSession now = relay.session();
    if (now == null || channel.local != null) {
      passRequest(channel, name, wantReply, in, start);
    } else if (now.grant().allows(capability)) {
      forwards.lent(kind);
      passRequest(channel, name, wantReply, in, start);
    } else {
      now.refused(kind, name, "the grant has no " + capability.text());
      relay.note(channel, relay.notAllowed(capability));
      answer(Side.CLIENT, channel, wantReply, false);
    }
  }

  private void program(SshChannel channel, String name, boolean wantReply, Buffer in, int start)
      throws SshException {
    if (channel.started) {
      answer(Side.CLIENT, channel, wantReply, false);
      return;
    }
    channel.started = true;
    OpenSession now = relay.session();
    if (channel.local != null || now == null) {
      passRequest(channel, name, wantReply, in, start);
      owner.programWithoutTarget(channel, name);
      return;
    }
    byte[] whole = new byte[in.wpos() - start];
    System.arraycopy(in.array(), start, whole, 0, whole.length);
    String argument = name.equals("shell") ? "" : in.getString();
    start(channel, now, SshProgram.of(name, argument), whole, wantReply, false);
  }

  /// Starts a program at the target if the grant allows it and its record can be opened.
  ///
  /// @param whole the request from its name on
  /// @param answered whether the person has been told that it started
  private void start(
      SshChannel channel,
      OpenSession now,
      SshProgram program,
      byte[] whole,
      boolean wantReply,
      boolean answered) {
    boolean allowed = now.grant().allows(program.capability());
    if (!allowed || !program.fitsTheRecord()) {
      now.refused(
          program.kind(),
          Shown.plain(program.subject(), MAX_REFUSED_CHARACTERS),
          allowed
              ? "longer than the record shows"
              : "the grant has no " + program.capability().text());
      if (!answered) {
        answer(Side.CLIENT, channel, wantReply, true);
      }
      relay.finish(
          channel,
          allowed
              ? SshErrors.COMMAND_TOO_LONG.with(SessionChannel.MAX_SUBJECT_CHARACTERS)
              : relay.notAllowed(program.capability()),
          SshRelay.STATUS_NOT_ALLOWED);
      return;
    }
    relay.startRecord(
        channel,
        program.kind(),
        program.subject(),
        () -> {
          forwards.notesFor(channel).forEach(relay::tell);
          channel.notes.forEach(text -> relay.tell(new SshForwards.Note(channel, text)));
          Reply reply =
              answered ? new Reply.Swallowed(true) : wantReply ? new Reply.Relayed() : null;
          forward(Side.TARGET, channel, new ByteArrayBuffer(whole), 0, reply);
        },
        () -> {
          if (!answered) {
            answer(Side.CLIENT, channel, wantReply, true);
          }
          relay.finish(channel, relay.recordUnavailable(), SshRelay.STATUS_NOT_ALLOWED);
        });
  }

  private void answer(Side side, SshChannel channel, boolean wantReply, boolean success) {
    if (!wantReply) {
      return;
    }
    End end = channel.end(side);
    if (end.owed.isEmpty()) {
      messages.simple(
          side,
          end,
          success ? SshConstants.SSH_MSG_CHANNEL_SUCCESS : SshConstants.SSH_MSG_CHANNEL_FAILURE);
    } else {
      end.owed.add(new Reply.Ours(success));
    }
  }

  /// An answer of `side` to the request that waits longest for one.
  void answered(Side side, SshChannel channel, boolean success) throws SshException {
    Side asker = side.other();
    End end = channel.end(asker);
    switch (end.owed.poll()) {
      case Reply.Relayed _ -> reply(asker, end, success);
      case Reply.Swallowed swallowed -> {
        if (swallowed.startsProgram() && !success) {
          relay.finish(
              channel, relay.message(SshErrors.PROGRAM_REFUSED), SshRelay.STATUS_NOT_ALLOWED);
        }
      }
      case null, default -> throw SshRelay.broken("an answer to no request");
    }
    while (end.owed.peek() instanceof Reply.Ours ours) {
      end.owed.poll();
      reply(asker, end, ours.success());
    }
  }

  private void reply(Side side, End end, boolean success) {
    if (!end.closeSent) {
      messages.simple(
          side,
          end,
          success ? SshConstants.SSH_MSG_CHANNEL_SUCCESS : SshConstants.SSH_MSG_CHANNEL_FAILURE);
    }
  }

  /// A channel that the gateway answered until now is open at the target: what the person asked for
  /// meanwhile goes there.
  void promoted(SshChannel channel) throws SshException {
    OpenSession now = relay.session();
    channel.local = null;
    if (channel.client.closeReceived || now == null) {
      messages.sendClose(Side.TARGET, channel.target);
      return;
    }
    OpenSession.Terminal size = channel.terminal;
    for (Saved saved : List.copyOf(channel.saved)) {
      boolean starts = SshProgram.isProgram(saved.name());
      byte[] rest = saved.rest().getCompactData();
      Buffer whole = new ByteArrayBuffer(rest.length + 64, false);
      whole.putString(saved.name());
      whole.putBoolean(starts);
      whole.putRawBytes(rest);
      if (starts) {
        String argument = saved.name().equals("shell") ? "" : saved.rest().getString();
        resize(channel, size);
        SshProgram program = SshProgram.of(saved.name(), argument);
        start(channel, now, program, whole.getCompactData(), true, true);
      } else {
        request(Side.CLIENT, channel, new ByteArrayBuffer(whole.getCompactData()));
      }
    }
    channel.saved.clear();
    relay.passOn(channel, Side.CLIENT);
  }

  /// Tells the target the size that the terminal has by now.
  private void resize(SshChannel channel, OpenSession.@Nullable Terminal size) {
    if (size != null) {
      Buffer again = new ByteArrayBuffer(64, false);
      again.putString("window-change");
      again.putBoolean(false);
      again.putUInt(size.columns());
      again.putUInt(size.rows());
      again.putUInt(0);
      again.putUInt(0);
      forward(Side.TARGET, channel, again, 0, null);
      channel.terminal = size;
    }
  }
}
