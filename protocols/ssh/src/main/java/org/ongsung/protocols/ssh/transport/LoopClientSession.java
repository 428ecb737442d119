package org.ongsung.protocols.ssh.transport;

import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.client.session.SessionFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.kex.KexState;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.Buffer;

/// An outbound SSH session whose authentication and key exchange run on virtual threads and all
/// else on its loop.
///
/// May be extended; a subclass must leave `messageReceived` and `handleMessage` as they are.
public class LoopClientSession extends ClientSessionImpl {

  private final PacketLane lane;

  /// Makes the session of a connection, on an event loop or (in tests) on another transport.
  public LoopClientSession(ClientFactoryManager client, IoSession io, KeyExchangeGate gate)
      throws Exception {
    super(client, io);
    this.lane = new PacketLane(new Decoder(), gate, io);
  }

  /// Makes [LoopClientSession]s.
  public static class Factory extends SessionFactory {

    private final KeyExchangeGate gate;

    public Factory(ClientFactoryManager client, KeyExchangeGate gate) {
      super(client);
      this.gate = gate;
    }

    @Override
    protected ClientSessionImpl doCreateSession(IoSession io) throws Exception {
      return new LoopClientSession(getClient(), io, gate);
    }
  }

  @Override
  public final void messageReceived(Readable bytes) throws Exception {
    lane.received(bytes);
  }

  @Override
  public final Buffer createBuffer(byte command, int payload) {
    Buffer pooled = lane.packet(payload);
    return pooled == null ? super.createBuffer(command, payload) : prepareBuffer(command, pooled);
  }

  @Override
  protected final void handleMessage(Buffer packet) throws Exception {
    lane.decoded(packet);
  }

  @Override
  protected KeyExchangeMessageHandler initializeKeyExchangeMessageHandler() {
    return new HeldPackets(this, log);
  }

  private void decodeNow(Readable bytes) throws Exception {
    super.messageReceived(bytes);
  }

  private void handleNow(Buffer packet) throws Exception {
    decodeLock.lock();
    try {
      super.handleMessage(packet);
    } finally {
      decodeLock.unlock();
    }
  }

  private final class Decoder implements PacketLane.Decoder {

    @Override
    public void decode(Readable bytes) throws Exception {
      decodeNow(bytes);
    }

    @Override
    public void handle(Buffer packet) throws Exception {
      handleNow(packet);
    }

    @Override
    public boolean identified() {
      return clientVersion != null && serverVersion != null;
    }

    @Override
    public int missing() {
      int tag = inCipher == null ? 0 : inCipher.getAuthenticationTagSize();
      if (decoderState == 0) {
        boolean lengthAlone = tag > 0 || (inMac != null && inMac.isEncryptThenMac());
        return (lengthAlone ? Integer.BYTES : inCipherSize) + 1 - decoderBuffer.available();
      }
      return decoderLength + (inMac == null ? 0 : inMacSize) + tag - decoderBuffer.available();
    }

    @Override
    public boolean authenticated() {
      return isAuthenticated();
    }

    @Override
    public boolean exchangingKeys() {
      KexState state = kexState.get();
      return state == KexState.RUN || state == KexState.KEYS;
    }
  }
}
