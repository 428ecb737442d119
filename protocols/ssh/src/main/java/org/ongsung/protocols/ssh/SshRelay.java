package org.ongsung.protocols.ssh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.protocols.ssh.SshChannel.End;
import org.ongsung.protocols.ssh.SshChannel.Held;
import org.ongsung.protocols.ssh.SshChannel.Reply;
import org.ongsung.protocols.ssh.SshChannel.Saved;
import org.ongsung.protocols.ssh.SshChannel.Side;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.wire.sftp.SftpProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The relay of the connection protocol (RFC 4254) between a person and a target: hands packets,
/// requests and window adjustments across one by one, after the record has seen them and the grant
/// allows them.
///
/// Whatever it does not know it refuses. A packet that breaks the protocol ends the connection it
/// came on.
///
/// Threads: everything under the lock of this object. Event loops hold it for one packet; nothing
/// under it blocks. Opening a record happens on a virtual thread without the lock, while the
/// channel waits.
final class SshRelay {
  private static final Logger LOG = LoggerFactory.getLogger(SshRelay.class);
  private static final long MAX_WINDOW = 0xFFFF_FFFFL;
  private static final int LOCAL_WINDOW_BYTES = 4_096;
  private static final int STDERR = 1;

  /// Requests that mean nothing any more once a menu is over.
  private static final Set<String> PASSING =
      Set.of("window-change", "signal", "break", "eow@openssh.com", "xon-xoff");

  /// The status of a program that may not be started, as shells have it.
  static final int STATUS_NOT_ALLOWED = 126;

  /// The status of a connection that could not be made, as OpenSSH's client has it.
  static final int STATUS_NO_CONNECTION = 255;

  /// What the relay asks of the connection it belongs to.
  interface Owner {
    /// A program was asked for on a channel that has no target. Under the relay's lock.
    void programWithoutTarget(SshChannel channel, boolean shell);

    /// Why there is no target, for channels that cannot show a menu.
    SshErrors.Message whyNoTarget();

    /// A channel is gone. Under the relay's lock.
    void channelOver();
  }

  private final Owner owner;
  private final SshLeg clientLeg;
  private final SshLimits limits;
  private final List<@Nullable SshChannel> channels = new ArrayList<>(2);
  private final SshForwards forwards;
  private int open;
  private boolean noMoreSessions;
  private @Nullable SshLeg targetLeg;
  private @Nullable OpenSession session;

  SshRelay(Owner owner, SshLeg clientLeg, SshLimits limits) {
    this.owner = owner;
    this.clientLeg = clientLeg;
    this.limits = limits;
    this.forwards = new SshForwards(this, clientLeg);
  }

  SshForwards forwards() {
    return forwards;
  }

  /// The target is there: from now on channels go to it.
  synchronized void attach(SshLeg leg, OpenSession opened) {
    targetLeg = leg;
    session = opened;
    SshLeg.pair(clientLeg, leg);
    forwards.attach(leg, opened);
  }

  int openChannels() {
    return open;
  }

  List<SshChannel> channels() {
    List<SshChannel> found = new ArrayList<>(open);
    for (SshChannel channel : channels) {
      if (channel != null) {
        found.add(channel);
      }
    }
    return found;
  }

  /// Handles one packet of the connection protocol, positioned after the message number.
  synchronized void receive(Side side, int command, Buffer in) throws SshException {
    switch (command) {
      case SshConstants.SSH_MSG_CHANNEL_OPEN -> opening(side, in);
      case SshConstants.SSH_MSG_GLOBAL_REQUEST -> forwards.request(side, in);
      case SshConstants.SSH_MSG_REQUEST_SUCCESS -> forwards.answered(side, true, in);
      case SshConstants.SSH_MSG_REQUEST_FAILURE -> forwards.answered(side, false, in);
      default -> {
        if (command < SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION
            || command > SshConstants.SSH_MSG_CHANNEL_FAILURE) {
          throw broken("message " + command + " is not known");
        }
        SshChannel channel = named(side, command, in);
        if (channel.starting && side == Side.CLIENT) {
          keep(channel, (byte) command, in);
        } else {
          onChannel(side, command, channel, in);
        }
      }
    }
  }

  private void onChannel(Side side, int command, SshChannel channel, Buffer in)
      throws SshException {
    switch (command) {
      case SshConstants.SSH_MSG_CHANNEL_DATA -> data(side, channel, in, false);
      case SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA -> data(side, channel, in, true);
      case SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST -> adjusted(side, channel, in);
      case SshConstants.SSH_MSG_CHANNEL_REQUEST -> request(side, channel, in);
      case SshConstants.SSH_MSG_CHANNEL_SUCCESS -> answered(side, channel, true);
      case SshConstants.SSH_MSG_CHANNEL_FAILURE -> answered(side, channel, false);
      case SshConstants.SSH_MSG_CHANNEL_EOF -> endOfData(side, channel);
      case SshConstants.SSH_MSG_CHANNEL_CLOSE -> closed(side, channel);
      case SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION -> confirmed(side, channel, in);
      default -> openingFailed(side, channel, in);
    }
  }

  private SshChannel named(Side side, int command, Buffer in) throws SshException {
    long number = in.getUInt();
    SshChannel channel = number < channels.size() ? channels.get((int) number) : null;
    if (channel == null) {
      throw broken("channel " + number + " is not open");
    }
    boolean answersOpening =
        command == SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION
            || command == SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE;
    End end = channel.end(side);
    if (answersOpening ? !end.opening : (!end.open || end.closeReceived)) {
      throw broken("message " + command + " does not fit channel " + number);
    }
    return channel;
  }

  static SshException broken(String what) {
    return new SshException(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, what);
  }

  // Data, windows and ends.

  private void data(Side side, SshChannel channel, Buffer in, boolean extended)
      throws SshException {
    int type = extended ? in.getInt() : 0;
    int length = in.getInt();
    End from = channel.end(side);
    if (length < 0 || length > in.available() || length > SshLimits.MAX_PACKET_BYTES) {
      throw broken("data of " + length + " bytes");
    }
    if (length > from.granted || from.eofReceived) {
      throw broken("data past the window or the end");
    }
    from.granted -= length;
    if (channel.local != null && side == Side.CLIENT) {
      local(channel, in, length);
      return;
    }
    End to = channel.end(side.other());
    if (!to.open || to.closeSent) {
      return;
    }
    try {
      record(side, channel, in, length, extended);
    } catch (SftpProtocolException e) {
      unfollowable(channel, e);
      return;
    }
    if (length > to.window) {
      to.waiting.add(ByteArrayBuffer.getCompactClone(in.array(), in.rpos(), length).array());
      return;
    }
    send(side.other(), to, in.array(), in.rpos(), length, extended, type);
  }

  private void local(SshChannel channel, Buffer in, int length) {
    byte[] typed = new byte[length];
    in.getRawBytes(typed);
    SshLocal local = channel.local;
    if (local != null) {
      local.typed(typed);
    }
    if (channel.client.granted < LOCAL_WINDOW_BYTES / 2) {
      grant(Side.CLIENT, channel, LOCAL_WINDOW_BYTES - channel.client.granted);
    }
  }

  private static void record(Side side, SshChannel channel, Buffer in, int length, boolean extended)
      throws SshException, SftpProtocolException {
    SshRecording recording = channel.recording;
    if (recording == null) {
      throw broken("data before the program");
    }
    if (side == Side.CLIENT) {
      recording.fromClient(in.array(), in.rpos(), length);
    } else if (extended) {
      recording.errorFromTarget(in.array(), in.rpos(), length);
    } else {
      recording.fromTarget(in.array(), in.rpos(), length);
    }
  }

  /// Ends a channel whose record could not show any more what it does.
  private void unfollowable(SshChannel channel, SftpProtocolException why) {
    OpenSession now = session;
    if (now != null && channel.recording != null) {
      now.refused(ChannelKind.SFTP, "sftp", String.valueOf(why.getMessage()));
    }
    finish(channel, SshErrors.UNFOLLOWABLE.with(), STATUS_NOT_ALLOWED);
  }

  private void send(
      Side side, End to, byte[] bytes, int offset, int length, boolean extended, int type) {
    SshLeg leg = leg(side);
    if (leg == null) {
      return;
    }
    if (length > to.maxPacket) {
      // The other end never said that it takes so much at once, and may drop it (OpenSSH does):
      // what
      // is recorded has to arrive.
      for (int at = 0; at < length; at += to.maxPacket) {
        int piece = Math.min(to.maxPacket, length - at);
        send(side, to, bytes, offset + at, piece, extended, type);
      }
      return;
    }
    Buffer out =
        leg.packet(
            extended
                ? SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA
                : SshConstants.SSH_MSG_CHANNEL_DATA,
            length + 12);
    out.putUInt(to.peer);
    if (extended) {
      out.putInt(type);
    }
    out.putUInt(length);
    out.putRawBytes(bytes, offset, length);
    to.window -= length;
    leg.send(out);
  }

  private void adjusted(Side side, SshChannel channel, Buffer in) throws SshException {
    End to = channel.end(side);
    to.window += in.getUInt();
    if (to.window > MAX_WINDOW) {
      throw broken("a window of more than 4 GiB");
    }
    boolean waited = !to.waiting.isEmpty();
    for (byte[] first = to.waiting.peek();
        first != null && first.length <= to.window;
        first = to.waiting.peek()) {
      to.waiting.poll();
      send(side, to, first, 0, first.length, false, 0);
    }
    if (waited && to.waiting.isEmpty() && to.eofSent) {
      simple(side, to, SshConstants.SSH_MSG_CHANNEL_EOF);
    }
    passOn(channel, side.other());
  }

  /// Lets `side` send what the other end takes and was not granted yet.
  private void passOn(SshChannel channel, Side side) {
    End from = channel.end(side);
    End to = channel.end(side.other());
    if (channel.local == null && to.waiting.isEmpty()) {
      grant(side, channel, to.window - from.granted);
    }
  }

  private void grant(Side side, SshChannel channel, long more) {
    End end = channel.end(side);
    SshLeg leg = leg(side);
    if (more <= 0 || leg == null || !end.open || end.closeSent) {
      return;
    }
    end.granted += more;
    Buffer out = leg.packet(SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, 8);
    out.putUInt(end.peer);
    out.putUInt(more);
    leg.send(out);
  }

  private void endOfData(Side side, SshChannel channel) {
    channel.end(side).eofReceived = true;
    if (channel.local != null && side == Side.CLIENT) {
      return;
    }
    sendEof(side.other(), channel.end(side.other()));
  }

  private void sendEof(Side side, End to) {
    if (to.open && !to.closeSent && !to.eofSent) {
      to.eofSent = true;
      if (to.waiting.isEmpty()) {
        simple(side, to, SshConstants.SSH_MSG_CHANNEL_EOF);
      }
    }
  }

  private void closed(Side side, SshChannel channel) {
    End from = channel.end(side);
    End to = channel.end(side.other());
    from.closeReceived = true;
    SshLocal local = channel.local;
    if (local != null && side == Side.CLIENT) {
      channel.local = null;
      local.closed();
    }
    if (to.open && !to.closeSent) {
      sendClose(side.other(), to);
    } else if (!to.open || to.closeReceived) {
      sendClose(side, from);
    }
    sweep(channel);
  }

  private void sendClose(Side side, End end) {
    if (end.open && !end.closeSent) {
      end.closeSent = true;
      simple(side, end, SshConstants.SSH_MSG_CHANNEL_CLOSE);
    }
  }

  private void simple(Side side, End end, byte command) {
    SshLeg leg = leg(side);
    if (leg != null) {
      Buffer out = leg.packet(command, 4);
      out.putUInt(end.peer);
      leg.send(out);
    }
  }

  private void sweep(SshChannel channel) {
    if (!channel.isOver() || channels.get(channel.number) != channel) {
      return;
    }
    if (channel.recording != null) {
      channel.recording.close(channel.exitStatus, channel.exitSignal);
    }
    channels.set(channel.number, null);
    open--;
    owner.channelOver();
  }

  private @Nullable SshLeg leg(Side side) {
    return side == Side.CLIENT ? clientLeg : targetLeg;
  }

  // Opening.

  private void opening(Side side, Buffer in) throws SshException {
    String type = in.getString();
    long sender = in.getUInt();
    long window = in.getUInt();
    long maxPacket = in.getUInt();
    if (maxPacket < 1 || type.length() > 64) {
      throw broken("a channel that takes no packets");
    }
    SshLeg from = leg(side);
    if (from == null) {
      throw broken("a channel before the login");
    }
    if (open >= limits.maxChannels()) {
      refuseOpening(
          from, sender, SshConstants.SSH_OPEN_RESOURCE_SHORTAGE, "too many channels at once");
      return;
    }
    SshChannel channel = new SshChannel(freeNumber(), type.equals("session"));
    End end = channel.end(side);
    end.peer = sender;
    end.window = window;
    end.maxPacket = (int) Math.min(maxPacket, SshLimits.MAX_PACKET_BYTES);
    if (targetLeg == null || session == null) {
      openWithoutTarget(channel, type);
    } else if (channel.isSession && side == Side.CLIENT) {
      if (noMoreSessions) {
        refuseOpening(
            from, sender, SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, "no more sessions");
        return;
      }
      register(channel);
      openOther(side, channel, type, in.array(), in.rpos(), in.available());
    } else {
      openForward(side, channel, type, in);
    }
  }

  private void openWithoutTarget(SshChannel channel, String type) {
    End end = channel.client;
    if (!channel.isSession || noMoreSessions) {
      refuseOpening(
          clientLeg,
          end.peer,
          SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED,
          owner.whyNoTarget().in(java.util.Locale.ENGLISH));
      LOG.debug("refused {} without a target", type);
      return;
    }
    register(channel);
    channel.local = SshLocal.NOTHING;
    end.granted = LOCAL_WINDOW_BYTES;
    confirm(Side.CLIENT, channel, SshLimits.MAX_PACKET_BYTES / 2);
  }

  private void openForward(Side side, SshChannel channel, String type, Buffer in)
      throws SshException {
    byte[] rest = new byte[in.available()];
    in.getRawBytes(rest);
    SshForwards.Opening asked = forwards.opening(side, type, new ByteArrayBuffer(rest));
    End end = channel.end(side);
    SshLeg from = leg(side);
    if (asked instanceof SshForwards.Opening.Refused refused && from != null) {
      refuseOpening(from, end.peer, refused.reason(), refused.text());
    } else if (asked instanceof SshForwards.Opening.Allowed allowed) {
      register(channel);
      channel.forwardKind = allowed.kind();
      startRecord(
          channel,
          allowed.kind(),
          allowed.subject(),
          () -> openOther(side, channel, type, rest, 0, rest.length),
          () -> {
            if (from != null) {
              refuseOpening(
                  from,
                  end.peer,
                  SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                  recordUnavailable().in(java.util.Locale.ENGLISH));
            }
            forget(channel);
          });
    }
  }

  /// Asks the other side for the same channel.
  private void openOther(
      Side side, SshChannel channel, String type, byte[] rest, int offset, int length) {
    SshLeg to = leg(side.other());
    if (to == null) {
      return;
    }
    End from = channel.end(side);
    channel.end(side.other()).granted = from.window;
    channel.end(side.other()).opening = true;
    Buffer out = to.packet(SshConstants.SSH_MSG_CHANNEL_OPEN, 24 + type.length() + length);
    out.putString(type);
    out.putUInt(channel.number);
    out.putUInt(from.window);
    out.putUInt(from.maxPacket);
    out.putRawBytes(rest, offset, length);
    to.send(out);
  }

  private void confirmed(Side side, SshChannel channel, Buffer in) throws SshException {
    End end = channel.end(side);
    End asker = channel.end(side.other());
    end.peer = in.getUInt();
    end.window = in.getUInt();
    long maxPacket = in.getUInt();
    if (maxPacket < 1) {
      throw broken("a channel that takes no packets");
    }
    end.maxPacket = (int) Math.min(maxPacket, SshLimits.MAX_PACKET_BYTES);
    end.opening = false;
    end.open = true;
    if (channel.local != null) {
      promoted(channel);
    } else if (asker.closeReceived) {
      sendClose(side, end);
    } else {
      asker.granted = end.window;
      confirm(side.other(), channel, end.maxPacket);
    }
  }

  private void confirm(Side side, SshChannel channel, int maxPacket) {
    SshLeg leg = leg(side);
    End end = channel.end(side);
    end.open = true;
    if (leg != null) {
      Buffer out = leg.packet(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION, 16);
      out.putUInt(end.peer);
      out.putUInt(channel.number);
      out.putUInt(end.granted);
      out.putUInt(maxPacket);
      leg.send(out);
    }
  }

  private void openingFailed(Side side, SshChannel channel, Buffer in) {
    long reason = in.getUInt();
    String text = in.getString();
    SshLeg asker = leg(side.other());
    channel.end(side).opening = false;
    if (channel.local != null) {
      finish(channel, message(SshErrors.PROGRAM_REFUSED), STATUS_NO_CONNECTION);
      return;
    }
    if (asker != null) {
      refuseOpening(asker, channel.end(side.other()).peer, (int) reason, text);
    }
    forget(channel);
  }

  private static void refuseOpening(SshLeg leg, long recipient, int reason, String text) {
    Buffer out = leg.packet(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, text.length() * 3 + 24);
    out.putUInt(recipient);
    out.putUInt(reason);
    out.putString(text);
    out.putString("");
    leg.send(out);
  }

  private int freeNumber() {
    int free = channels.indexOf(null);
    return free >= 0 ? free : channels.size();
  }

  private void register(SshChannel channel) {
    if (channel.number == channels.size()) {
      channels.add(channel);
    } else {
      channels.set(channel.number, channel);
    }
    open++;
  }

  private void forget(SshChannel channel) {
    if (channel.recording != null) {
      channel.recording.close(null, null);
    }
    channels.set(channel.number, null);
    open--;
    owner.channelOver();
  }

  // Requests and their answers.

  private void request(Side side, SshChannel channel, Buffer in) throws SshException {
    int start = in.rpos();
    String name = in.getString();
    boolean wantReply = in.getBoolean();
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
      case "exit-signal" -> channel.exitSignal = SshText.bounded(in.getString(), 64);
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

  private void forward(Side to, SshChannel channel, Buffer in, int start, @Nullable Reply reply) {
    End end = channel.end(to);
    SshLeg leg = leg(to);
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
    OpenSession now = session;
    if (now == null || channel.local != null) {
      passRequest(channel, name, wantReply, in, start);
    } else if (now.grant().allows(capability)) {
      forwards.lent(kind);
      passRequest(channel, name, wantReply, in, start);
    } else {
      now.refused(kind, name, "the grant has no " + capability.text());
      note(channel, notAllowed(capability));
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
    OpenSession now = session;
    if (channel.local != null || now == null) {
      passRequest(channel, name, wantReply, in, start);
      owner.programWithoutTarget(channel, !name.equals("subsystem"));
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
    if (!now.grant().allows(program.capability())) {
      now.refused(
          program.kind(), program.subject(), "the grant has no " + program.capability().text());
      if (!answered) {
        answer(Side.CLIENT, channel, wantReply, true);
      }
      finish(channel, notAllowed(program.capability()), STATUS_NOT_ALLOWED);
      return;
    }
    startRecord(
        channel,
        program.kind(),
        program.subject(),
        () -> {
          forwards.notesFor(channel).forEach(this::tell);
          channel.notes.forEach(text -> tell(new SshForwards.Note(channel, text)));
          Reply reply =
              answered ? new Reply.Swallowed(true) : wantReply ? new Reply.Relayed() : null;
          forward(Side.TARGET, channel, new ByteArrayBuffer(whole), 0, reply);
        },
        () -> {
          if (!answered) {
            answer(Side.CLIENT, channel, wantReply, true);
          }
          finish(channel, recordUnavailable(), STATUS_NOT_ALLOWED);
        });
  }

  private void answer(Side side, SshChannel channel, boolean wantReply, boolean success) {
    if (!wantReply) {
      return;
    }
    End end = channel.end(side);
    if (end.owed.isEmpty()) {
      simple(
          side,
          end,
          success ? SshConstants.SSH_MSG_CHANNEL_SUCCESS : SshConstants.SSH_MSG_CHANNEL_FAILURE);
    } else {
      end.owed.add(new Reply.Ours(success));
    }
  }

  private void answered(Side side, SshChannel channel, boolean success) throws SshException {
    Side asker = side.other();
    End end = channel.end(asker);
    switch (end.owed.poll()) {
      case Reply.Relayed _ -> reply(asker, end, success);
      case Reply.Swallowed swallowed -> {
        if (swallowed.startsProgram() && !success) {
          finish(channel, message(SshErrors.PROGRAM_REFUSED), STATUS_NOT_ALLOWED);
        }
      }
      case null, default -> throw broken("an answer to no request");
    }
    while (end.owed.peek() instanceof Reply.Ours ours) {
      end.owed.poll();
      reply(asker, end, ours.success());
    }
  }

  private void reply(Side side, End end, boolean success) {
    if (!end.closeSent) {
      simple(
          side,
          end,
          success ? SshConstants.SSH_MSG_CHANNEL_SUCCESS : SshConstants.SSH_MSG_CHANNEL_FAILURE);
    }
  }

  // Records.

  /// Opens a record on a virtual thread while the channel waits, then goes on under the lock.
  private void startRecord(
      SshChannel channel, ChannelKind kind, String subject, Runnable then, Runnable otherwise) {
    OpenSession now = session;
    SshLeg target = targetLeg;
    if (now == null || target == null) {
      return;
    }
    channel.starting = true;
    clientLeg.hold();
    OpenSession.Terminal terminal = channel.terminal;
    Thread.ofVirtual()
        .name("ssh-record")
        .start(
            () -> {
              ChannelRecorder recorder = null;
              try {
                recorder = now.openChannel(kind, subject, terminal);
              } catch (RecordUnavailableException e) {
                LOG.warn("session {}: no record for a {} channel", now.id(), kind.text(), e);
              } finally {
                opened(channel, recorder, target, then, otherwise);
              }
            });
  }

  private void opened(
      SshChannel channel,
      @Nullable ChannelRecorder recorder,
      SshLeg target,
      Runnable then,
      Runnable otherwise) {
    try {
      synchronized (this) {
        channel.starting = false;
        if (recorder != null) {
          channel.recording = new SshRecording(recorder, clientLeg, target);
        }
        if (channels.size() <= channel.number || channels.get(channel.number) != channel) {
          if (channel.recording != null) {
            channel.recording.close(null, null);
          }
          return;
        }
        (recorder == null ? otherwise : then).run();
        typedAhead(channel);
        for (Held next = channel.held.poll(); next != null; next = channel.held.poll()) {
          onChannel(Side.CLIENT, next.command(), channel, next.rest());
        }
      }
    } catch (SshException e) {
      clientLeg.disconnect(e.getDisconnectCode(), String.valueOf(e.getMessage()));
    } finally {
      clientLeg.release();
    }
  }

  /// Sends what the person typed after they had chosen and before the target was there.
  private void typedAhead(SshChannel channel) {
    byte[] typed = channel.typedAhead;
    channel.typedAhead = null;
    if (typed != null && channel.recording != null) {
      try {
        channel.recording.fromClient(typed, 0, typed.length);
        channel.target.waiting.add(typed);
      } catch (SftpProtocolException e) {
        unfollowable(channel, e);
      }
    }
  }

  private void keep(SshChannel channel, byte command, Buffer in) throws SshException {
    channel.heldBytes += in.available() + 64;
    if (channel.heldBytes > limits.heldBytes()) {
      throw broken("too much before the program has started");
    }
    channel.held.add(
        new Held(command, ByteArrayBuffer.getCompactClone(in.array(), in.rpos(), in.available())));
  }

  // What the gateway itself says.

  SshErrors.Message notAllowed(Capability capability) {
    return new SshErrors.Message(
        SshErrors.NOT_ALLOWED, List.of(new SshText.Term("may." + capability.text()), target()));
  }

  private SshErrors.Message recordUnavailable() {
    OpenSession now = session;
    return SshErrors.RECORD_UNAVAILABLE.with(now == null ? "-" : now.id());
  }

  private SshErrors.Message message(SshErrors error) {
    OpenSession now = session;
    return error.with(target(), now == null ? "-" : now.id());
  }

  private String target() {
    OpenSession now = session;
    return now == null ? "-" : now.grant().target().name().value();
  }

  void note(SshChannel channel, SshErrors.Message text) {
    if (channel.recording != null) {
      tell(new SshForwards.Note(channel, text));
    } else if (channel.notes.size() < 8) {
      channel.notes.add(text);
    }
  }

  private void tell(SshForwards.Note note) {
    say(note.channel(), note.text());
  }

  /// A line on the person's standard error, as far as their window takes it.
  synchronized void say(SshChannel channel, SshErrors.Message text) {
    if (!channel.isSession || !channel.client.open || channel.client.closeSent) {
      return;
    }
    String end = channel.hasTerminal() ? "\r\n" : "\n";
    String shown = text.in(SshErrors.language(channel.environment)).replace("\n", end) + end;
    print(channel, (channel.hasTerminal() ? "\r" : "") + shown, true);
  }

  /// Text to the person's terminal.
  synchronized void print(SshChannel channel, String text, boolean onError) {
    End to = channel.client;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(bytes.length, Math.min(to.window, to.maxPacket));
    if (length > 0 && to.open && !to.closeSent && !to.eofSent) {
      send(Side.CLIENT, to, bytes, 0, length, onError, STDERR);
    }
  }

  /// Tells the person why, gives the program's place a status, and closes the channel.
  synchronized void finish(SshChannel channel, SshErrors.Message why, int status) {
    SshLocal local = channel.local;
    channel.local = SshLocal.NOTHING;
    if (local != null) {
      local.closed();
    }
    say(channel, why);
    exit(channel, status);
  }

  /// Gives a status and closes the channel.
  synchronized void exit(SshChannel channel, int status) {
    End to = channel.client;
    if (to.open && !to.closeSent) {
      Buffer out = clientLeg.packet(SshConstants.SSH_MSG_CHANNEL_REQUEST, 32);
      out.putUInt(to.peer);
      out.putString("exit-status");
      out.putBoolean(false);
      out.putInt(status);
      clientLeg.send(out);
      sendEof(Side.CLIENT, to);
      sendClose(Side.CLIENT, to);
    }
    sendClose(Side.TARGET, channel.target);
    sweep(channel);
  }

  /// Gives a channel that the gateway answered until now to the target.
  synchronized void promote(SshChannel channel) {
    byte[] nothing = new byte[0];
    openOther(Side.CLIENT, channel, "session", nothing, 0, 0);
  }

  private void promoted(SshChannel channel) throws SshException {
    OpenSession now = session;
    channel.local = null;
    if (channel.client.closeReceived || now == null) {
      sendClose(Side.TARGET, channel.target);
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
    passOn(channel, Side.CLIENT);
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

  void noMoreSessions() {
    noMoreSessions = true;
  }

  /// Closes every record; nothing passes any more.
  synchronized void over() {
    for (SshChannel channel : channels()) {
      SshLocal local = channel.local;
      channel.local = null;
      if (local != null) {
        local.closed();
      }
      if (channel.recording != null) {
        channel.recording.close(channel.exitStatus, channel.exitSignal);
      }
    }
  }
}
