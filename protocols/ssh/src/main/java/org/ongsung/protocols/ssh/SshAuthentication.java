package org.ongsung.protocols.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.AccessAddress;
import org.ongsung.model.SshPublicKey;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authenticator;
import org.ongsung.policy.LoginAttempt;
import org.ongsung.policy.LoginResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The login of a person: the `ssh-userauth` service of RFC 4252 with `publickey`, `password` and
/// `keyboard-interactive` (RFC 4256).
///
/// What one request proves, it proves from its own packet alone: nothing of an earlier attempt is
/// kept but the counts and the claimed user name, which may not change. A key counts only after the
/// signature in the same request verified against it.
///
/// Threads: packets arrive on an event loop, are copied and handled in order on one virtual thread,
/// because checking passwords and writing the ledger block.
final class SshAuthentication extends AbstractCloseable implements Service {
  /// What the login leaves for the connection that follows it.
  record Proven(AuthenticatedUser user, AccessAddress address) {}

  static final AttributeKey<Proven> PROVEN = new AttributeKey<>();

  private static final Logger LOG = LoggerFactory.getLogger(SshAuthentication.class);
  private static final String METHODS = "publickey,password,keyboard-interactive";
  private static final String NEXT_SERVICE = "ssh-connection";

  /// Login requests that may wait while one is looked at.
  static final int MAX_WAITING = 32;

  /// The shortest RSA key that is looked at, inclusive.
  static final int MIN_RSA_BITS = 2_048;

  private final ServerSession session;
  private final Authenticator authenticator;
  private final SshLimits limits;
  private final Doors doors;
  private final Map<String, Object> properties = new ConcurrentHashMap<>(1);
  private final Queue<Buffer> waiting = new ArrayDeque<>();
  private boolean working;
  private boolean done;

  // What follows belongs to the virtual thread that works.
  private @Nullable String claimed;
  private int requests;
  private int failures;
  private boolean asked;

  /// Ports that have a way of their own to prove somebody.
  interface Doors {
    /// None of them.
    Doors NONE =
        new Doors() {
          @Override
          public boolean has(int port) {
            return false;
          }

          @Override
          public Optional<Proven> came(int port, InetAddress source, String userName) {
            return Optional.empty();
          }
        };

    boolean has(int port);

    /// Who somebody at that port is by their user name; nothing when they are turned away. Blocks.
    Optional<Proven> came(int port, InetAddress source, String userName);
  }

  SshAuthentication(Session session, Authenticator authenticator, SshLimits limits, Doors doors)
      throws SshException {
    if (session.isAuthenticated()) {
      throw new SshException("already logged in");
    }
    this.session = (ServerSession) session;
    this.authenticator = authenticator;
    this.limits = limits;
    this.doors = doors;
  }

  @Override
  public void start() {
    // The client speaks first.
  }

  @Override
  public ServerSession getSession() {
    return session;
  }

  @Override
  public Map<String, Object> getProperties() {
    return properties;
  }

  @Override
  public void process(int command, Buffer packet) {
    Buffer copy =
        ByteArrayBuffer.getCompactClone(packet.array(), packet.rpos() - 1, packet.available() + 1);
    synchronized (waiting) {
      if (done) {
        return;
      }
      if (waiting.size() >= MAX_WAITING) {
        done = true;
        disconnect("too many login requests at once");
        return;
      }
      waiting.add(copy);
      if (!working) {
        working = true;
        Thread.ofVirtual().name("ssh-login").start(this::work);
      }
    }
  }

  private void work() {
    while (true) {
      Buffer next;
      synchronized (waiting) {
        next = done ? null : waiting.poll();
        if (next == null) {
          working = false;
          return;
        }
      }
      try {
        ThreadUtils.runAsInternal(
            () -> {
              handle(next);
              return null;
            });
      } catch (Exception e) {
        LOG.info("login from {} failed: {}", session.getClientAddress(), e.toString());
        finish();
        disconnect("the login could not be completed");
      }
    }
  }

  private void handle(Buffer in) throws Exception {
    switch (in.getUByte()) {
      case SshConstants.SSH_MSG_USERAUTH_REQUEST -> request(in);
      case SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE -> answer(in);
      default -> throw new SshException("not a login message");
    }
  }

  private void request(Buffer in) throws Exception {
    asked = false;
    String user = in.getString();
    String service = in.getString();
    String method = in.getString();
    if (claimed == null) {
      claimed = user;
    } else if (!claimed.equals(user)) {
      finish();
      disconnect("the user name may not change during the login");
      return;
    }
    if (!service.equals(NEXT_SERVICE)) {
      finish();
      disconnect("no such service");
      return;
    }
    if (++requests > limits.maxLoginRequests()) {
      finish();
      disconnect("too many login requests");
      return;
    }
    int port = ((InetSocketAddress) session.getIoSession().getAcceptanceAddress()).getPort();
    if (doors.has(port)) {
      throughDoor(port, user);
      return;
    }
    switch (method) {
      case "none" -> refuse(false);
      case "password" -> password(in, user);
      case "keyboard-interactive" -> ask();
      case "publickey" -> publicKey(in, user);
      default -> refuse(false);
    }
  }

  /// The first request decides, by whatever method: there is nothing to try again.
  private void throughDoor(int port, String user) throws Exception {
    finish();
    Optional<Proven> proven = doors.came(port, source(), user);
    if (proven.isEmpty()) {
      disconnect("this port is not for you, or not any more");
      return;
    }
    session.setAttribute(PROVEN, proven.get());
    session.signalAuthenticationSuccess(user, NEXT_SERVICE, new ByteArrayBuffer());
  }

  private void password(Buffer in, String user) throws Exception {
    boolean change = in.getBoolean();
    String password = in.getString();
    if (change) {
      refuse(true);
      return;
    }
    conclude(authenticator.password(attempt(user), password), user);
  }

  private void ask() throws Exception {
    asked = true;
    Buffer out = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST, 64);
    out.putString("");
    out.putString("");
    out.putString("");
    out.putInt(1);
    out.putString("Password: ");
    out.putBoolean(false);
    session.writePacket(out);
  }

  private void answer(Buffer in) throws Exception {
    String user = claimed;
    if (!asked || user == null) {
      throw new SshException("an answer to no question");
    }
    asked = false;
    if (in.getInt() != 1) {
      refuse(true);
      return;
    }
    conclude(authenticator.password(attempt(user), in.getString()), user);
  }

  private void publicKey(Buffer in, String user) throws Exception {
    boolean signed = in.getBoolean();
    String algorithm = in.getString();
    byte[] blob = in.getBytes();
    NamedFactory<Signature> factory =
        session.getSignatureFactories().stream()
            .filter(f -> f.getName().equals(algorithm))
            .findFirst()
            .orElse(null);
    PublicKey key = factory == null ? null : readKey(blob, algorithm);
    if (factory == null || key == null) {
      refuse(true);
      return;
    }
    SshPublicKey offered = SshPublicKey.ofBlob(blob, "");
    if (!signed) {
      if (authenticator.mayOffer(attempt(user), offered)) {
        Buffer out =
            session.createBuffer(
                SshConstants.SSH_MSG_USERAUTH_PK_OK, algorithm.length() + blob.length + 16);
        out.putString(algorithm);
        out.putBytes(blob);
        session.writePacket(out);
      } else {
        refuse(false);
      }
      return;
    }
    byte[] signature = in.getBytes();
    if (!verifies(factory, key, signedData(user, algorithm, blob), signature)) {
      refuse(true);
      return;
    }
    conclude(authenticator.provenKey(attempt(user), offered), user);
  }

  /// The key, or null when it is none of the algorithm's, is a certificate, or is too short.
  private @Nullable PublicKey readKey(byte[] blob, String algorithm) {
    try {
      ByteArrayBuffer buffer = new ByteArrayBuffer(blob);
      PublicKey key = buffer.getRawPublicKey();
      boolean fits =
          buffer.available() == 0
              && !(key instanceof OpenSshCertificate)
              && SshAlgorithms.keyType(algorithm).equals(KeyUtils.getKeyType(key))
              && !(key instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS);
      return fits ? key : null;
    } catch (Exception e) {
      LOG.debug("unreadable key from {}: {}", session.getClientAddress(), e.toString());
      return null;
    }
  }

  /// RFC 4252 section 7: what a client signs.
  private Buffer signedData(String user, String algorithm, byte[] blob) {
    ByteArrayBuffer data = new ByteArrayBuffer(blob.length + user.length() + 256, false);
    data.putBytes(session.getSessionId());
    data.putByte(SshConstants.SSH_MSG_USERAUTH_REQUEST);
    data.putString(user);
    data.putString(NEXT_SERVICE);
    data.putString("publickey");
    data.putBoolean(true);
    data.putString(algorithm);
    data.putBytes(blob);
    return data;
  }

  private boolean verifies(
      NamedFactory<Signature> factory, PublicKey key, Buffer data, byte[] signature) {
    try {
      Signature verifier = factory.create();
      verifier.initVerifier(session, key);
      verifier.update(session, data.array(), data.rpos(), data.available());
      return verifier.verify(session, signature);
    } catch (Exception e) {
      LOG.debug("bad signature from {}: {}", session.getClientAddress(), e.toString());
      return false;
    }
  }

  private LoginAttempt attempt(String user) {
    return new LoginAttempt(AccessAddress.parse(user).user(), source(), "ssh");
  }

  private InetAddress source() {
    return ((InetSocketAddress) session.getClientAddress()).getAddress();
  }

  private void conclude(LoginResult result, String user) throws Exception {
    switch (result) {
      case LoginResult.Accepted accepted -> {
        finish();
        session.setAttribute(PROVEN, new Proven(accepted.user(), AccessAddress.parse(user)));
        session.signalAuthenticationSuccess(user, NEXT_SERVICE, new ByteArrayBuffer());
      }
      case LoginResult.Rejected _ -> refuse(true);
      case LoginResult.Blocked blocked -> {
        finish();
        disconnect(
            "too many failed logins; try again in "
                + Math.max(1, blocked.retryAfter().toSeconds())
                + " seconds");
      }
    }
  }

  private void refuse(boolean counts) throws Exception {
    if (counts && ++failures >= limits.maxFailedLogins()) {
      finish();
      disconnect("too many failed logins");
      return;
    }
    Buffer out = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_FAILURE, METHODS.length() + 8);
    out.putString(METHODS);
    out.putBoolean(false);
    session.writePacket(out);
  }

  private void finish() {
    synchronized (waiting) {
      done = true;
      waiting.clear();
    }
  }

  private void disconnect(String text) {
    try {
      session.disconnect(SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE, text);
    } catch (Exception e) {
      session.close(true);
    }
  }
}
