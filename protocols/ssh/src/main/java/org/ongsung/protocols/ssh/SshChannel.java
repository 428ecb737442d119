package org.ongsung.protocols.ssh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.terminal.TerminalTranslation;
import org.ongsung.model.ChannelKind;

/// The state of one channel (RFC 4254 section 5) and of its two ends. [SshRelay] owns it and guards
/// it with its lock.
///
/// Both ends have the same number on our side. What one end grants the other is passed on byte for
/// byte, so the gateway itself buffers nothing but what a socket does not take.
final class SshChannel {
  /// Which of the two connections.
  enum Side {
    CLIENT,
    TARGET;

    Side other() {
      return this == CLIENT ? TARGET : CLIENT;
    }
  }

  /// One end of the channel.
  static final class End {
    /// The number that the peer gave it.
    long peer;

    /// Whether the peer knows the channel as open.
    boolean open;

    /// Whether the peer was asked to open it and has not answered.
    boolean opening;

    /// What may still be sent to this end, in bytes.
    long window;

    /// What this end may still send us, in bytes.
    long granted;

    /// The largest payload that this end takes.
    int maxPacket = SshLimits.MAX_PACKET_BYTES;

    boolean eofSent;
    boolean eofReceived;
    boolean closeSent;
    boolean closeReceived;

    /// Whether the close follows once what waits is gone.
    boolean closeWaits;

    /// What this end asked and has not been answered, in order.
    final Deque<Reply> owed = new ArrayDeque<>(2);

    /// Payload that this end has no window for yet: what was typed during a menu, and what the
    /// gateway's own lines left no room for. No more than the other end was granted.
    final Deque<Waiting> waiting = new ArrayDeque<>(0);
  }

  /// Payload that waits for the window, in the order in which it came.
  static final class Waiting {
    final byte[] bytes;
    final boolean extended;

    /// The sort of extended data.
    final int type;

    /// How many of the bytes are on their way.
    int sent;

    Waiting(byte[] bytes, boolean extended, int type) {
      this.bytes = bytes;
      this.extended = extended;
      this.type = type;
    }
  }

  /// How a request of one end will be answered.
  sealed interface Reply {
    /// By the other end.
    record Relayed() implements Reply {}

    /// By us, once those before it are answered.
    record Ours(boolean success) implements Reply {}

    /// By the other end, to us: the asker has had an answer already.
    record Swallowed(boolean startsProgram) implements Reply {}
  }

  /// A packet that waits: its message number, and what follows the channel number.
  record Held(byte command, Buffer rest) {}

  /// A request that the gateway answered itself and has to repeat to the target.
  ///
  /// @param rest what follows want-reply
  record Saved(String name, Buffer rest) {}

  final int number;
  final boolean isSession;
  final End client = new End();
  final End target = new End();

  /// Null until the program or forward has its record.
  @Nullable SshRecording recording;

  /// Set from the program's start on where the target's terminal has another encoding than
  /// people's.
  @Nullable TerminalTranslation translation;

  /// Set while the gateway itself is the other end.
  @Nullable SshLocal local;

  /// Set while the record is being opened; what the client sends waits.
  boolean starting;

  /// Whether a program (shell, exec, subsystem) was asked for.
  boolean started;

  OpenSession.@Nullable Terminal terminal;
  final Map<String, String> environment = new LinkedHashMap<>(4);
  final List<SshErrors.Message> notes = new ArrayList<>(0);
  final List<Saved> saved = new ArrayList<>(0);
  final Deque<Held> held = new ArrayDeque<>(0);
  long heldBytes;
  byte @Nullable [] typedAhead;
  @Nullable Integer exitStatus;
  @Nullable String exitSignal;

  /// What a forward is about, until its record is open.
  @Nullable ChannelKind forwardKind;

  SshChannel(int number, boolean isSession) {
    this.number = number;
    this.isSession = isSession;
  }

  End end(Side side) {
    return side == Side.CLIENT ? client : target;
  }

  /// Whether neither side will name this channel again.
  boolean isOver() {
    return isOver(client) && isOver(target);
  }

  private static boolean isOver(End end) {
    return (!end.open && !end.opening) || (end.closeSent && end.closeReceived);
  }

  boolean hasTerminal() {
    return terminal != null;
  }
}
