package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.SshKey;

/// A client that exchanges keys properly and above that sends whatever a test wants.
final class RawSshClient implements AutoCloseable {
  /// What [#openSession] lets the gateway send at first.
  static final int WINDOW_BYTES = 1 << 20;

  /// A packet that came in: its message number, and what follows it.
  record Packet(int command, Buffer rest) {}

  /// What stands in the queue once the connection is closed.
  static final int CLOSED = -1;

  private final BlockingQueue<Packet> received = new LinkedBlockingQueue<>();
  private final SshClient client = SshClient.setUpDefaultClient();
  private final ClientSession session;
  private final CountDownLatch keyed = new CountDownLatch(1);
  private volatile String disconnect = "";

  RawSshClient(int port) throws IOException, InterruptedException {
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    client.setServerKeyVerifier((s, a, k) -> true);
    client.setServiceFactories(
        List.of(
            new ServiceFactory() {
              @Override
              public String getName() {
                return "ssh-userauth";
              }

              @Override
              public Service create(Session made) {
                return new Everything(made);
              }
            }));
    client.addSessionListener(
        new org.apache.sshd.common.session.SessionListener() {
          @Override
          public void sessionEvent(Session s, Event event) {
            if (event == Event.KeyEstablished) {
              keyed.countDown();
            }
          }

          @Override
          public void sessionDisconnect(
              Session s, int reason, String text, String language, boolean initiator) {
            disconnect = text;
          }

          @Override
          public void sessionClosed(Session s) {
            received.add(new Packet(CLOSED, new ByteArrayBuffer()));
          }
        });
    client.start();
    session = client.connect("raw", "127.0.0.1", port).verify(Deadlines.ACTION).getSession();
    if (!keyed.await(Deadlines.ACTION.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("no keys were exchanged");
    }
  }

  ClientSession session() {
    return session;
  }

  /// What the gateway said when it disconnected.
  String disconnect() {
    return disconnect;
  }

  /// Sends a packet that `fill` fills.
  RawSshClient send(int command, Consumer<Buffer> fill) throws IOException {
    Buffer packet = session.createBuffer((byte) command, 256);
    fill.accept(packet);
    try {
      var _ = session.writePacket(packet);
    } catch (IOException e) {
      if (session.isOpen()) {
        throw e;
      }
      // The gateway was faster: awaitClosed sees it.
    }
    return this;
  }

  /// The next packet.
  Packet next() throws InterruptedException {
    Packet packet = received.poll(Deadlines.ACTION.toMillis(), TimeUnit.MILLISECONDS);
    if (packet == null) {
      throw new AssertionError("nothing came");
    }
    return packet;
  }

  /// The next packet of that number; others before it are passed over.
  Buffer next(int command) throws InterruptedException {
    while (true) {
      Packet packet = next();
      if (packet.command() == command) {
        return packet.rest();
      }
      if (packet.command() == CLOSED) {
        throw new AssertionError("closed instead of message " + command + ": " + disconnect);
      }
    }
  }

  /// Waits until the gateway has closed the connection.
  void awaitClosed() throws InterruptedException {
    while (next().command() != CLOSED) {
      // what was still on its way
    }
  }

  RawSshClient password(String user, String password) throws IOException {
    return send(
        SshConstants.SSH_MSG_USERAUTH_REQUEST,
        packet -> {
          packet.putString(user);
          packet.putString("ssh-connection");
          packet.putString("password");
          packet.putBoolean(false);
          packet.putString(password);
        });
  }

  /// Logs in with alice's password.
  RawSshClient login(String user) throws IOException, InterruptedException {
    password(user, SshGateway.PASSWORD);
    next(SshConstants.SSH_MSG_USERAUTH_SUCCESS);
    return this;
  }

  RawSshClient offer(String user, SshKey key) throws Exception {
    byte[] blob = blob(key);
    return send(
        SshConstants.SSH_MSG_USERAUTH_REQUEST,
        packet -> {
          packet.putString(user);
          packet.putString("ssh-connection");
          packet.putString("publickey");
          packet.putBoolean(false);
          packet.putString("ssh-ed25519");
          packet.putBytes(blob);
        });
  }

  /// Claims one key and signs with another.
  RawSshClient sign(String user, SshKey claimed, SshKey signer) throws Exception {
    byte[] blob = blob(claimed);
    Buffer data = new ByteArrayBuffer();
    data.putBytes(session.getSessionId());
    data.putByte(SshConstants.SSH_MSG_USERAUTH_REQUEST);
    data.putString(user);
    data.putString("ssh-connection");
    data.putString("publickey");
    data.putBoolean(true);
    data.putString("ssh-ed25519");
    data.putBytes(blob);
    Signature signature = BuiltinSignatures.ed25519.create();
    signature.initSigner(session, pair(signer).getPrivate());
    signature.update(session, data.getCompactData());
    Buffer signed = new ByteArrayBuffer();
    signed.putString("ssh-ed25519");
    signed.putBytes(signature.sign(session));
    byte[] bytes = signed.getCompactData();
    return send(
        SshConstants.SSH_MSG_USERAUTH_REQUEST,
        packet -> {
          packet.putString(user);
          packet.putString("ssh-connection");
          packet.putString("publickey");
          packet.putBoolean(true);
          packet.putString("ssh-ed25519");
          packet.putBytes(blob);
          packet.putBytes(bytes);
        });
  }

  /// Offers a key in its wire form under any algorithm, and signs with it where `signer` is given.
  RawSshClient publicKey(String user, String algorithm, byte[] blob, @Nullable Signer signer)
      throws Exception {
    byte[] signature = null;
    if (signer != null) {
      Buffer data = new ByteArrayBuffer();
      data.putBytes(session.getSessionId());
      data.putByte(SshConstants.SSH_MSG_USERAUTH_REQUEST);
      data.putString(user);
      data.putString("ssh-connection");
      data.putString("publickey");
      data.putBoolean(true);
      data.putString(algorithm);
      data.putBytes(blob);
      signature = signer.sign(data.getCompactData());
    }
    byte[] proof = signature;
    return send(
        SshConstants.SSH_MSG_USERAUTH_REQUEST,
        packet -> {
          packet.putString(user);
          packet.putString("ssh-connection");
          packet.putString("publickey");
          packet.putBoolean(proof != null);
          packet.putString(algorithm);
          packet.putBytes(blob);
          if (proof != null) {
            packet.putBytes(proof);
          }
        });
  }

  /// Signs what RFC 4252 section 7 has signed; gives the whole signature in its wire form.
  @FunctionalInterface
  interface Signer {
    byte[] sign(byte[] data) throws Exception;
  }

  /// Opens a session channel and gives the gateway's number of it.
  long openSession() throws IOException, InterruptedException {
    send(
        SshConstants.SSH_MSG_CHANNEL_OPEN,
        packet -> {
          packet.putString("session");
          packet.putUInt(7);
          packet.putUInt(WINDOW_BYTES);
          packet.putUInt(32_768);
        });
    Buffer confirmed = next(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION);
    confirmed.getUInt();
    return confirmed.getUInt();
  }

  RawSshClient exec(long channel, String command) throws IOException {
    return send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString("exec");
          packet.putBoolean(true);
          packet.putString(command);
        });
  }

  /// Asks for a terminal and a shell on it.
  RawSshClient terminal(long channel) throws IOException {
    send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString("pty-req");
          packet.putBoolean(false);
          packet.putString("xterm");
          packet.putUInt(80);
          packet.putUInt(24);
          packet.putUInt(0);
          packet.putUInt(0);
          packet.putString("");
        });
    return send(
        SshConstants.SSH_MSG_CHANNEL_REQUEST,
        packet -> {
          packet.putUInt(channel);
          packet.putString("shell");
          packet.putBoolean(true);
        });
  }

  static KeyPair pair(SshKey key) throws Exception {
    try (var in = Files.newInputStream(key.privateKeyFile())) {
      return SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName("key"), in, null)
          .iterator()
          .next();
    }
  }

  private static byte[] blob(SshKey key) throws Exception {
    return SshHostKeys.blob(pair(key).getPublic());
  }

  @Override
  public void close() {
    client.close(true);
  }

  private final class Everything extends AbstractCloseable implements Service {
    private final Session of;
    private final Map<String, Object> properties = new ConcurrentHashMap<>();

    Everything(Session of) {
      this.of = of;
    }

    @Override
    public Session getSession() {
      return of;
    }

    @Override
    public Map<String, Object> getProperties() {
      return properties;
    }

    @Override
    public void start() {}

    @Override
    public void process(int command, Buffer in) {
      received.add(
          new Packet(
              command, ByteArrayBuffer.getCompactClone(in.array(), in.rpos(), in.available())));
    }
  }
}
