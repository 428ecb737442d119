package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.SshKey;

/// Certificates are refused, of people and of targets, because nothing of what they say besides the
/// key would be looked at; of security keys, the touch is.
class HalfHonouredCertificateRegressionTest {
  private static final String PLAIN = "ssh-ed25519";
  private static final String CERTIFIED = "ssh-ed25519-cert-v01@openssh.com";
  private static final String SECURITY_KEY = "sk-ssh-ed25519@openssh.com";
  private static final byte TOUCHED = 1;

  private static OpenSshServer server;
  private SshGateway gateway;

  @BeforeAll
  static void startTarget() {
    server = OpenSshServer.builder().start();
  }

  @AfterAll
  static void stopTarget() {
    server.close();
  }

  @BeforeEach
  void start() {
    gateway = new SshGateway().target("web-1", server);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /// Has an authority certify a key; gives the certificate's line.
  private String certify(SshKey key, String... more) throws Exception {
    SshKey authority = SshKey.generate(gateway.folder.resolve("authority"), "ed25519", "ca");
    Path publicHalf = gateway.folder.resolve("certified.pub");
    Files.writeString(publicHalf, key.publicLine() + "\n");
    Program.of("ssh-keygen", "-q", "-s", authority.privateKeyFile().toString(), "-I", "x")
        .and(more)
        .and(publicHalf.toString())
        .run()
        .expectSuccess();
    return Files.readString(gateway.folder.resolve("certified-cert.pub")).strip();
  }

  private static byte[] blob(String line) {
    return Base64.getDecoder().decode(line.split(" ", -1)[1]);
  }

  @Test
  @DisplayName(
      "A certificate lets nobody in, under whatever name it comes, even one that is entered")
  void certificatesOfPeople() throws Exception {
    String line = certify(gateway.alice, "-n", "alice", "-O", "force-command=/bin/false");
    gateway.user("alice", line);
    KeyPair pair = RawSshClient.pair(gateway.alice);
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      RawSshClient.Signer signer =
          data -> {
            Signature signature = BuiltinSignatures.ed25519.create();
            signature.initSigner(client.session(), pair.getPrivate());
            signature.update(client.session(), data);
            ByteArrayBuffer signed = new ByteArrayBuffer();
            signed.putString(PLAIN);
            signed.putBytes(signature.sign(client.session()));
            return signed.getCompactData();
          };
      for (String algorithm : List.of(CERTIFIED, PLAIN)) {
        client.publicKey("alice+web-1", algorithm, blob(line), null);
        client.next(SshConstants.SSH_MSG_USERAUTH_FAILURE);
        client.publicKey("alice+web-1", algorithm, blob(line), signer);
        client.next(SshConstants.SSH_MSG_USERAUTH_FAILURE);
      }
    }
    assertThat(gateway.authenticator.asked).isEmpty();
    assertThat(gateway.sessions).isEmpty();
  }

  @Test
  @DisplayName("A certificate of a target counts for nothing: its key has to be known by itself")
  void certificatesOfTargets() throws Exception {
    SshKey key = SshKey.generate(gateway.folder.resolve("host"), "ed25519", "host");
    KeyPair pair = RawSshClient.pair(key);
    PublicKey certificate = new ByteArrayBuffer(blob(certify(key, "-h"))).getRawPublicKey();
    assertThat(certificate).isInstanceOf(OpenSshCertificate.class);
    try (SshServer target = SshServer.setUpDefaultServer()) {
      target.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
      target.setHost("127.0.0.1");
      target.setKeyPairProvider(KeyPairProvider.wrap(pair));
      target.setSessionFactory(
          new SessionFactory(target) {
            @Override
            protected ServerSessionImpl doCreateSession(IoSession io) throws Exception {
              return new ShowingCertificate(
                  getServer(), io, new KeyPair(certificate, pair.getPrivate()));
            }
          });
      target.start();
      gateway.target("web-1", "127.0.0.1:" + target.getPort(), server, Set.of("root"), List.of());
      CompletedProgram done = gateway.ssh("alice+web-1", "true").run().expectExit(255);
      assertThat(done.stderr()).contains("ongsung: web-1 closed the connection");
    }
    assertThat(gateway.learned).isEmpty();
  }

  /// Shows a certificate where its key was agreed upon.
  private static final class ShowingCertificate extends ServerSessionImpl {
    private final KeyPair shown;

    ShowingCertificate(ServerFactoryManager server, IoSession io, KeyPair shown) throws Exception {
      super(server, io);
      this.shown = shown;
    }

    @Override
    public KeyPair getHostKey() {
      return shown;
    }
  }

  @Test
  @DisplayName("A signature of a security key counts only with the touch (CVE-2026-39828)")
  void theTouchOfASecurityKey() throws Exception {
    String application = "ssh:";
    KeyPair pair = SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
    ByteArrayBuffer plain = new ByteArrayBuffer(SshHostKeys.blob(pair.getPublic()));
    plain.getString();
    ByteArrayBuffer made = new ByteArrayBuffer();
    made.putString(SECURITY_KEY);
    made.putBytes(plain.getBytes());
    made.putString(application);
    byte[] blob = made.getCompactData();
    gateway.user("alice", SECURITY_KEY + " " + Base64.getEncoder().encodeToString(blob));
    try (RawSshClient client = new RawSshClient(gateway.port())) {
      client.publicKey("alice+web-1", SECURITY_KEY, blob, null);
      client.next(SshConstants.SSH_MSG_USERAUTH_PK_OK);
      client.publicKey(
          "alice+web-1", SECURITY_KEY, blob, data -> signed(client, pair, application, data, 0));
      client.next(SshConstants.SSH_MSG_USERAUTH_FAILURE);
      client.publicKey(
          "alice+web-1",
          SECURITY_KEY,
          blob,
          data -> signed(client, pair, application, data, TOUCHED));
      client.next(SshConstants.SSH_MSG_USERAUTH_SUCCESS);
    }
  }

  /// What a security key signs (OpenSSH's PROTOCOL.u2f).
  private static byte[] signed(
      RawSshClient client, KeyPair pair, String application, byte[] data, int flags)
      throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] first = sha256.digest(application.getBytes(StandardCharsets.UTF_8));
    byte[] last = sha256.digest(data);
    ByteBuffer all = ByteBuffer.allocate(first.length + 5 + last.length);
    all.put(first).put((byte) flags).putInt(7).put(last);
    Signature signature = BuiltinSignatures.ed25519.create();
    signature.initSigner(client.session(), pair.getPrivate());
    signature.update(client.session(), all.array());
    ByteArrayBuffer whole = new ByteArrayBuffer();
    whole.putString(SECURITY_KEY);
    whole.putBytes(signature.sign(client.session()));
    whole.putByte((byte) flags);
    whole.putInt(7);
    return whole.getCompactData();
  }
}
