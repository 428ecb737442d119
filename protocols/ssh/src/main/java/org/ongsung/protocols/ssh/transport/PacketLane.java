package org.ongsung.protocols.ssh.transport;

import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/// Decides packet by packet whether a session's input is handled on its loop or on a virtual
/// thread.
///
/// A session is *in control phase* until its peer has authenticated, and from the peer's KEXINIT
/// until its NEWKEYS. In control phase packets are decoded and handled on a virtual thread,
/// otherwise on the loop. The hand-over is exact to the packet: the decoder is fed one packet at a
/// time, so
///
/// - on the loop, a KEXINIT (or any message 20 to 49) is decoded but not handled; packet and unread
///   bytes go to a virtual thread, where handling begins with that packet;
/// - on the virtual thread, the packet that ends the phase (the last of authentication, or NEWKEYS)
///   is the last that is handled there; the bytes after it come back to the loop before the socket
///   is read again.
///
/// While the virtual thread has them, the socket is not read, so at most one batch of a session
/// waits, order is kept, and a slow check of a password stops nobody else. Steps of a key exchange
/// pass the [KeyExchangeGate].
///
/// Feeding one packet at a time also spares MINA's decoder from moving the rest of a batch after
/// each packet.
final class PacketLane {

  /// What the lane needs of its SSH session.
  interface Decoder {

    /// Takes all bytes that are available, decoding and handling the packets that become complete.
    void decode(Readable bytes) throws Exception;

    /// Handles one decoded packet.
    void handle(Buffer packet) throws Exception;

    /// Whether both identification lines are known, so that packets follow.
    boolean identified();

    /// How many bytes the decoder lacks for its next step, the length of a packet or the rest of
    /// it; at least 1.
    int missing();

    /// Whether the peer has authenticated.
    boolean authenticated();

    /// Whether a key exchange has begun on both sides and is not over.
    boolean exchangingKeys();
  }

  private final Decoder decoder;
  private final KeyExchangeGate gate;
  private final @Nullable LoopSession io;

  // Belong to whoever has the session's input: the loop or the one virtual thread.
  private boolean offLoop;
  private @Nullable Buffer deferred;

  PacketLane(Decoder decoder, KeyExchangeGate gate, IoSession io) {
    this.decoder = decoder;
    this.gate = gate;
    this.io = io instanceof LoopSession loopSession ? loopSession : null;
    if (this.io == null) {
      // Another transport: its threads may block.
      offLoop = true;
    } else {
      this.io.authenticates(decoder::authenticated);
    }
  }

  /// Takes what was read. On the loop.
  void received(Readable bytes) throws Exception {
    if (io == null || !(bytes instanceof Batch batch)) {
      decoder.decode(bytes);
      return;
    }
    if (inControlPhase()) {
      continueOffLoop(null, batch);
      return;
    }
    if (io.isHandshaking()) {
      io.handshakeEnds();
    }
    while (batch.left() > 0 && !io.isClosed()) {
      feed(batch);
      Buffer packet = deferred;
      if (packet != null) {
        deferred = null;
        continueOffLoop(packet, batch);
        return;
      }
    }
  }

  /// Takes a packet from the decoder, before MINA handles it.
  void decoded(Buffer packet) throws Exception {
    int message = packet.rawByte(packet.rpos()) & 0xFF;
    boolean ofKeyExchange =
        message >= SshConstants.SSH_MSG_KEXINIT && message <= SshConstants.SSH_MSG_KEX_LAST;
    if (!ofKeyExchange) {
      decoder.handle(packet);
    } else if (offLoop) {
      handleStep(packet);
    } else {
      deferred = ByteArrayBuffer.getCompactClone(packet.array(), packet.rpos(), packet.available());
    }
  }

  /// A packet of the loop's pool, where it has one for that payload.
  @Nullable Buffer packet(int payload) {
    return io == null ? null : io.pooledPacket(payload);
  }

  private void handleStep(Buffer packet) throws Exception {
    gate.step(
        decoder.authenticated(),
        () -> {
          // Whoever left while waiting costs nothing more.
          if (io == null || !io.isClosed()) {
            decoder.handle(packet);
          }
          return true;
        });
  }

  private boolean inControlPhase() {
    return !decoder.authenticated() || decoder.exchangingKeys();
  }

  private void feed(Batch batch) throws Exception {
    int count = decoder.identified() ? Math.max(1, decoder.missing()) : batch.left();
    decoder.decode(batch.portion(count));
    batch.whole();
  }

  private void continueOffLoop(@Nullable Buffer packet, Batch batch) {
    if (io == null) {
      throw new IllegalStateException("No loop to leave");
    }
    Batch rest = batch.copyOfRest();
    LoopSession session = io;
    session.offLoop(() -> workOff(session, packet, rest));
  }

  private @Nullable Batch workOff(LoopSession session, @Nullable Buffer packet, Batch rest)
      throws Exception {
    offLoop = true;
    try {
      if (packet != null) {
        handleStep(packet);
      }
      while (rest.left() > 0 && inControlPhase() && !session.isClosed()) {
        feed(rest);
      }
    } finally {
      offLoop = false;
    }
    if (decoder.authenticated()) {
      session.handshakeEnds();
    }
    return rest;
  }
}
