package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.terminal.TerminalTranslation;
import org.ongsung.model.AuditCode;
import org.ongsung.model.Capability;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Shown;
import org.ongsung.model.TextEncoding;
import org.ongsung.protocols.ssh.SshChannel.End;
import org.ongsung.protocols.ssh.SshChannel.Held;
import org.ongsung.protocols.ssh.SshChannel.Side;
import org.ongsung.protocols.ssh.transport.LoopSession;
import org.ongsung.recording.ChannelRecorder;
import org.ongsung.recording.RecordUnavailableException;
import org.ongsung.wire.sftp.SftpProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The relay of the connection protocol (RFC 4254) between a person and a target: hands packets,
/// requests and window adjustments across one by one, after the record has seen them and the grant
/// allows them. The terminals of a target that does not write UTF-8 are translated on the way.
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

  /// What either side may send ahead on a terminal that is translated: what it grows by waits here
  /// where the other side takes no more.
  private static final int TRANSLATED_WINDOW_BYTES = 65_536;

  private static final int STDERR = 1;
  private static final int PAUSE_MILLIS = 20;
  private static final int MAX_REFUSAL_CHARACTERS = 300;

  /// The status of a program that may not be started, as shells have it.
  static final int STATUS_NOT_ALLOWED = 126;

  /// The status of a connection that could not be made, as OpenSSH's client has it.
  static final int STATUS_NO_CONNECTION = 255;

  /// What the relay asks of the connection it belongs to.
  interface Owner {
    /// A program was asked for on a channel that has no target. Under the relay's lock.
    ///
    /// @param request `shell`, `exec` or `subsystem`
    void programWithoutTarget(SshChannel channel, String request);

    /// Something that needs a target was refused for want of one. Under the relay's lock.
    void refusedWithoutTarget();

    /// Why there is no target, for channels that cannot show a menu.
    SshErrors.Message whyNoTarget();

    /// A channel is gone. Under the relay's lock.
    void channelOver();

    /// What the person chose for themselves.
    LanguageChoice languageChoice();
  }

  private final Owner owner;
  private final SshLeg clientLeg;
  private final SshLimits limits;
  private final List<@Nullable SshChannel> channels = new ArrayList<>(2);
  private final SshMessages messages;
  private final SshForwards forwards;
  private final SshRequests requests;
  private int open;
  private boolean noMoreSessions;
  private @Nullable OpenSession session;
  private TextEncoding encoding = TextEncoding.UTF_8;

  SshRelay(Owner owner, SshLeg clientLeg, SshLimits limits) {
    this.owner = owner;
    this.clientLeg = clientLeg;
    this.limits = limits;
    this.messages = new SshMessages(clientLeg);
    this.forwards = new SshForwards(this, clientLeg);
    this.requests = new SshRequests(this, messages, forwards, owner, limits);
  }

  /// The language for the person at that channel: what they chose, else what its variables say.
  Locale language(SshChannel channel) {
    return owner.languageChoice().or(SshErrors.language(channel.environment));
  }

  SshForwards forwards() {
    return forwards;
  }

  /// The target is there: from now on channels go to it.
  synchronized void attach(SshLeg leg, OpenSession opened) {
    messages.attach(leg);
    session = opened;
    encoding = opened.grant().target().encoding();
    SshLeg.pair(clientLeg, leg);
    forwards.attach(leg, opened);
  }

  /// The session with the target, once it is there. Under the lock.
  @Nullable OpenSession session() {
    return session;
  }

  /// Whether what the target writes on terminals is translated, once it is there. Under the lock.
  boolean translates() {
    return encoding != TextEncoding.UTF_8;
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
      case SshConstants.SSH_MSG_CHANNEL_REQUEST -> requests.request(side, channel, in);
      case SshConstants.SSH_MSG_CHANNEL_SUCCESS -> requests.answered(side, channel, true);
      case SshConstants.SSH_MSG_CHANNEL_FAILURE -> requests.answered(side, channel, false);
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

  /// Ends a connection with a packet that was kept and cannot be read; on a loop MINA does that.
  static void unreadable(SshLeg leg, RuntimeException why) {
    LOG.info("a packet that was kept could not be read: {}", why.toString());
    leg.disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "a packet that cannot be read");
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
    if (extended && side == Side.CLIENT) {
      // Servers drop it (RFC 4254 section 5.2 has it from a server only); followed as if it had
      // arrived, it would put another story into the record than the one the target was told.
      throw broken("extended data from a client");
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
    TerminalTranslation translation = channel.translation;
    if (translation == null) {
      messages.pass(side.other(), to, in.array(), in.rpos(), length, extended, type);
      return;
    }
    byte[] text =
        side == Side.CLIENT
            ? translation.typed(in.array(), in.rpos(), length)
            : translation.shown(in.array(), in.rpos(), length);
    pass(side.other(), to, text, extended, type);
    passOn(channel, side);
  }

  /// Hands on what a translation gave, which may be nothing.
  private void pass(Side side, End to, byte[] text, boolean extended, int type) {
    if (text.length > 0) {
      messages.pass(side, to, text, 0, text.length, extended, type);
    }
  }

  private void local(SshChannel channel, Buffer in, int length) {
    byte[] typed = new byte[length];
    in.getRawBytes(typed);
    SshLocal local = channel.local;
    if (local != null) {
      local.typed(typed);
    }
    SshLocal now = channel.local;
    if (now != null && now.takesMore() && channel.client.granted < LOCAL_WINDOW_BYTES / 2) {
      messages.grant(Side.CLIENT, channel, LOCAL_WINDOW_BYTES - channel.client.granted);
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

  private void adjusted(Side side, SshChannel channel, Buffer in) throws SshException {
    End to = channel.end(side);
    to.window += in.getUInt();
    if (to.window > MAX_WINDOW) {
      throw broken("a window of more than 4 GiB");
    }
    messages.sendWaiting(side, to);
    passOn(channel, side.other());
    notifyAll();
  }

  /// Shows output of a terminal that is not this relay's. Blocks while the window or the socket
  /// takes no more.
  ///
  /// @throws IOException when the person is gone
  synchronized void show(SshChannel channel, byte[] bytes, int offset, int length)
      throws IOException, InterruptedException {
    End to = channel.client;
    for (int at = 0; at < length; ) {
      boolean writable = LoopSession.of(clientLeg.session()).isWritable();
      if (!to.open
          || to.closeSent
          || to.closeReceived
          || !(channel.local instanceof SshTerminalFront)) {
        throw new IOException("the person's channel is closed");
      }
      if (to.window == 0 || !writable) {
        wait(writable ? 0 : PAUSE_MILLIS);
        continue;
      }
      int piece = (int) Math.min(length - at, to.window);
      messages.send(Side.CLIENT, to, bytes, offset + at, piece, false, 0);
      at += piece;
    }
  }

  /// What was typed has been taken: more may come.
  synchronized void takeMore(SshChannel channel) {
    if (channel.local != null && channel.local.takesMore()) {
      messages.grant(Side.CLIENT, channel, LOCAL_WINDOW_BYTES - channel.client.granted);
    }
  }

  /// Lets nobody show anything on a channel any more; it stays open for the last words.
  synchronized void hangUp(SshChannel channel) {
    if (channel.local != null) {
      channel.local = SshLocal.NOTHING;
    }
    notifyAll();
  }

  /// Lets `side` send what the other end takes and was not granted yet.
  void passOn(SshChannel channel, Side side) {
    End from = channel.end(side);
    End to = channel.end(side.other());
    if (channel.local != null || !to.waiting.isEmpty()) {
      return;
    }
    if (!mayTranslate(channel)) {
      messages.grant(side, channel, to.window - from.granted);
      return;
    }
    // Here bytes do not go over one by one, so both ends are granted by what the other has room for
    // now; not for each key.
    long room = Math.min(to.window, TRANSLATED_WINDOW_BYTES);
    if (from.granted <= room / 2) {
      messages.grant(side, channel, room - from.granted);
    }
  }

  /// Whether the channel is a translated terminal, or may become one.
  private boolean mayTranslate(SshChannel channel) {
    return translates()
        && channel.isSession
        && (channel.recording == null || channel.translation != null);
  }

  private void endOfData(Side side, SshChannel channel) {
    channel.end(side).eofReceived = true;
    if (channel.local != null && side == Side.CLIENT) {
      return;
    }
    if (channel.translation != null && side == Side.TARGET) {
      pass(Side.CLIENT, channel.client, channel.translation.shownLast(), false, 0);
    }
    messages.sendEof(side.other(), channel.end(side.other()));
  }

  private void closed(Side side, SshChannel channel) {
    End from = channel.end(side);
    End to = channel.end(side.other());
    from.closeReceived = true;
    notifyAll();
    SshLocal local = channel.local;
    if (local != null && side == Side.CLIENT) {
      channel.local = null;
      local.closed();
    }
    if (to.open && !to.closeSent) {
      messages.sendClose(side.other(), to);
    } else if (!to.open || to.closeReceived) {
      messages.sendClose(side, from);
    }
    if (from.closeWaits) {
      messages.sendClose(side, from);
    }
    sweep(channel);
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

  // Opening.

  private void opening(Side side, Buffer in) throws SshException {
    String type = in.getString();
    long sender = in.getUInt();
    long window = in.getUInt();
    long maxPacket = in.getUInt();
    if (maxPacket < 1 || type.length() > 64) {
      throw broken("a channel that takes no packets");
    }
    SshLeg from = messages.leg(side);
    if (from == null) {
      throw broken("a channel before the login");
    }
    if (open >= limits.maxChannels()) {
      refused(type, "too many channels at once");
      SshMessages.refuseOpening(
          from, sender, SshConstants.SSH_OPEN_RESOURCE_SHORTAGE, "too many channels at once");
      return;
    }
    SshChannel channel = new SshChannel(freeNumber(), type.equals("session"));
    End end = channel.end(side);
    end.peer = sender;
    end.window = window;
    end.maxPacket = (int) Math.min(maxPacket, SshLimits.MAX_PACKET_BYTES);
    if (messages.leg(Side.TARGET) == null || session == null) {
      openWithoutTarget(channel, type);
    } else if (channel.isSession && side == Side.CLIENT) {
      if (noMoreSessions) {
        refused(type, "no more sessions");
        SshMessages.refuseOpening(
            from, sender, SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, "no more sessions");
        return;
      }
      register(channel);
      openOther(side, channel, type, in.array(), in.rpos(), in.available());
    } else {
      openForward(side, channel, type, in);
    }
  }

  /// Puts into the ledger that a channel of a type was refused before it was looked into.
  private void refused(String type, String reason) {
    OpenSession now = session;
    if (now == null) {
      owner.refusedWithoutTarget();
    } else {
      now.event(AuditCode.CHANNEL_REFUSED, Shown.plain(type, 64), Map.of("reason", reason));
    }
  }

  private void openWithoutTarget(SshChannel channel, String type) {
    End end = channel.client;
    if (!channel.isSession || noMoreSessions) {
      owner.refusedWithoutTarget();
      SshMessages.refuseOpening(
          clientLeg,
          end.peer,
          SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED,
          owner.whyNoTarget().in(Locale.ENGLISH));
      LOG.debug("refused {} without a target", type);
      return;
    }
    register(channel);
    channel.local = SshLocal.NOTHING;
    end.granted = LOCAL_WINDOW_BYTES;
    messages.confirm(Side.CLIENT, channel, SshLimits.MAX_PACKET_BYTES / 2);
  }

  private void openForward(Side side, SshChannel channel, String type, Buffer in)
      throws SshException {
    byte[] rest = new byte[in.available()];
    in.getRawBytes(rest);
    SshForwards.Opening asked = forwards.opening(side, type, new ByteArrayBuffer(rest));
    End end = channel.end(side);
    SshLeg from = messages.leg(side);
    if (asked instanceof SshForwards.Opening.Refused refused && from != null) {
      SshMessages.refuseOpening(from, end.peer, refused.reason(), refused.text());
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
              SshMessages.refuseOpening(
                  from,
                  end.peer,
                  SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                  recordUnavailable().in(Locale.ENGLISH));
            }
            forget(channel);
          });
    }
  }

  /// Asks the other side for the same channel.
  private void openOther(
      Side side, SshChannel channel, String type, byte[] rest, int offset, int length) {
    SshLeg to = messages.leg(side.other());
    if (to == null) {
      return;
    }
    End from = channel.end(side);
    long window =
        mayTranslate(channel) ? Math.min(from.window, TRANSLATED_WINDOW_BYTES) : from.window;
    channel.end(side.other()).granted = window;
    channel.end(side.other()).opening = true;
    Buffer out = to.packet(SshConstants.SSH_MSG_CHANNEL_OPEN, 24 + type.length() + length);
    out.putString(type);
    out.putUInt(channel.number);
    out.putUInt(window);
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
      requests.promoted(channel);
    } else if (asker.closeReceived) {
      messages.sendClose(side, end);
    } else {
      asker.granted = end.window;
      messages.confirm(side.other(), channel, end.maxPacket);
    }
  }

  private void openingFailed(Side side, SshChannel channel, Buffer in) {
    long reason = in.getUInt();
    String text = Shown.plain(in.getString(), MAX_REFUSAL_CHARACTERS);
    SshLeg asker = messages.leg(side.other());
    channel.end(side).opening = false;
    if (channel.local != null) {
      finish(channel, message(SshErrors.PROGRAM_REFUSED), STATUS_NO_CONNECTION);
      return;
    }
    if (asker != null) {
      SshMessages.refuseOpening(asker, channel.end(side.other()).peer, (int) reason, text);
    }
    forget(channel);
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

  // Records.

  /// Opens a record on a virtual thread while the channel waits, then goes on under the lock.
  void startRecord(
      SshChannel channel, ChannelKind kind, String subject, Runnable then, Runnable otherwise) {
    OpenSession now = session;
    SshLeg target = messages.leg(Side.TARGET);
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
          translate(channel, recorder.channel().kind());
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
    } catch (RuntimeException e) {
      unreadable(clientLeg, e);
    } finally {
      clientLeg.release();
    }
  }

  /// A terminal is translated from its program's start on; any other program has its whole window.
  private void translate(SshChannel channel, ChannelKind kind) {
    OpenSession now = session;
    if (!translates() || !channel.isSession || now == null) {
      return;
    }
    if (channel.hasTerminal() && kind != ChannelKind.SFTP) {
      channel.translation = TerminalTranslation.of(now.grant().target());
    } else {
      passOn(channel, Side.TARGET);
    }
  }

  /// Sends what the person typed after they had chosen and before the target was there.
  private void typedAhead(SshChannel channel) {
    byte[] typed = channel.typedAhead;
    channel.typedAhead = null;
    if (typed != null && channel.recording != null) {
      try {
        channel.recording.fromClient(typed, 0, typed.length);
        byte[] text =
            channel.translation == null ? typed : channel.translation.typed(typed, 0, typed.length);
        pass(Side.TARGET, channel.target, text, false, 0);
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

  SshErrors.Message recordUnavailable() {
    OpenSession now = session;
    return SshErrors.RECORD_UNAVAILABLE.with(now == null ? "-" : now.id());
  }

  SshErrors.Message message(SshErrors error) {
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

  void tell(SshForwards.Note note) {
    say(note.channel(), note.text());
  }

  /// A line on the person's standard error, as far as their window takes it.
  synchronized void say(SshChannel channel, SshErrors.Message text) {
    if (!channel.isSession || !channel.client.open || channel.client.closeSent) {
      return;
    }
    String end = channel.hasTerminal() ? "\r\n" : "\n";
    String shown = text.in(language(channel)).replace("\n", end) + end;
    print(channel, (channel.hasTerminal() ? "\r" : "") + shown, true);
  }

  /// Text to the person's terminal.
  synchronized void print(SshChannel channel, String text, boolean onError) {
    End to = channel.client;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = (int) Math.min(bytes.length, Math.min(to.window, to.maxPacket));
    if (length > 0 && to.open && !to.closeSent && !to.eofSent) {
      messages.send(Side.CLIENT, to, bytes, 0, length, onError, STDERR);
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
    to.waiting.clear();
    channel.target.waiting.clear();
    if (to.open && !to.closeSent) {
      Buffer out = clientLeg.packet(SshConstants.SSH_MSG_CHANNEL_REQUEST, 32);
      out.putUInt(to.peer);
      out.putString("exit-status");
      out.putBoolean(false);
      out.putInt(status);
      clientLeg.send(out);
      messages.sendEof(Side.CLIENT, to);
      messages.sendClose(Side.CLIENT, to);
    }
    messages.sendClose(Side.TARGET, channel.target);
    sweep(channel);
  }

  /// Gives a channel that the gateway answered until now to the target.
  synchronized void promote(SshChannel channel) {
    byte[] nothing = new byte[0];
    openOther(Side.CLIENT, channel, "session", nothing, 0, 0);
  }

  /// A listener was asked for, and there is no target to have it.
  void listeningWithoutTarget() {
    owner.refusedWithoutTarget();
  }

  void noMoreSessions() {
    noMoreSessions = true;
  }

  /// Closes every record; nothing passes any more.
  synchronized void over() {
    notifyAll();
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
