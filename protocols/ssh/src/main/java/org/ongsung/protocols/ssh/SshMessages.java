package org.ongsung.protocols.ssh;

import java.util.Arrays;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.protocols.ssh.SshChannel.End;
import org.ongsung.protocols.ssh.SshChannel.Side;
import org.ongsung.protocols.ssh.SshChannel.Waiting;

/// The messages of channels that go out on the two legs of a relay (RFC 4254, section 5), with what
/// each changes at its end of the channel. What has no leg yet, or is closed, gets nothing.
///
/// Threads: under the lock of the [SshRelay].
final class SshMessages {
  private final SshLeg clientLeg;
  private @Nullable SshLeg targetLeg;

  SshMessages(SshLeg clientLeg) {
    this.clientLeg = clientLeg;
  }

  /// The target is there.
  void attach(SshLeg leg) {
    targetLeg = leg;
  }

  /// The connection on that side, if it is there yet.
  @Nullable SshLeg leg(Side side) {
    return side == Side.CLIENT ? clientLeg : targetLeg;
  }

  /// Data for `to`: at once as far as its window reaches and nothing waits before it, the rest in
  /// its turn.
  ///
  /// @param type the sort of extended data
  void pass(Side side, End to, byte[] bytes, int offset, int length, boolean extended, int type) {
    if (to.waiting.isEmpty() && length <= to.window) {
      send(side, to, bytes, offset, length, extended, type);
      return;
    }
    to.waiting.add(new Waiting(Arrays.copyOfRange(bytes, offset, offset + length), extended, type));
    sendWaiting(side, to);
  }

  /// Sends what waits as far as the window reaches, and what was to follow it.
  void sendWaiting(Side side, End to) {
    if (to.waiting.isEmpty()) {
      return;
    }
    for (Waiting first = to.waiting.peek();
        first != null && to.window > 0;
        first = to.waiting.peek()) {
      int length = (int) Math.min(first.bytes.length - first.sent, to.window);
      send(side, to, first.bytes, first.sent, length, first.extended, first.type);
      first.sent += length;
      if (first.sent == first.bytes.length) {
        to.waiting.poll();
      }
    }
    if (to.waiting.isEmpty()) {
      if (to.eofSent) {
        simple(side, to, SshConstants.SSH_MSG_CHANNEL_EOF);
      }
      if (to.closeWaits) {
        sendClose(side, to);
      }
    }
  }

  /// Data within the window of `to`.
  ///
  /// @param type the sort of extended data
  void send(Side side, End to, byte[] bytes, int offset, int length, boolean extended, int type) {
    SshLeg leg = leg(side);
    if (leg == null) {
      return;
    }
    if (length > to.maxPacket) {
      // The other end never said that it takes so much at once, and may drop it (OpenSSH does):
      // what is recorded has to arrive.
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

  /// Lets `side` send `more` bytes; nothing for none.
  void grant(Side side, SshChannel channel, long more) {
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

  /// The end of data, once what waits for the window is gone; only once.
  void sendEof(Side side, End to) {
    if (to.open && !to.closeSent && !to.eofSent) {
      to.eofSent = true;
      if (to.waiting.isEmpty()) {
        simple(side, to, SshConstants.SSH_MSG_CHANNEL_EOF);
      }
    }
  }

  /// Only once, and not before what waits for the window of an end that still takes it.
  void sendClose(Side side, End end) {
    if (end.open && !end.closeSent) {
      if (!end.waiting.isEmpty() && !end.closeReceived) {
        end.closeWaits = true;
        return;
      }
      end.closeSent = true;
      simple(side, end, SshConstants.SSH_MSG_CHANNEL_CLOSE);
    }
  }

  /// A message that has nothing but its channel.
  void simple(Side side, End end, byte command) {
    SshLeg leg = leg(side);
    if (leg != null) {
      Buffer out = leg.packet(command, 4);
      out.putUInt(end.peer);
      leg.send(out);
    }
  }

  /// The channel is open for `side`.
  void confirm(Side side, SshChannel channel, int maxPacket) {
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

  /// There will be no such channel.
  ///
  /// @param recipient the number that the asker gave it
  /// @param text for the person, in English
  static void refuseOpening(SshLeg leg, long recipient, int reason, String text) {
    Buffer out = leg.packet(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, text.length() * 3 + 24);
    out.putUInt(recipient);
    out.putUInt(reason);
    out.putString(text);
    out.putString("");
    leg.send(out);
  }
}
