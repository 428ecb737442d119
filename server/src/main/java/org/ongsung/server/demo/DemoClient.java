package org.ongsung.server.demo;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.ongsung.server.configuration.ListenAddress;

/// A small SSH client, so that the demo can run a command where no OpenSSH is: proves itself with
/// the demo's key, and takes no host key but the gateway's.
public final class DemoClient {
  /// What OpenSSH's client ends with when the connection fails or there is no exit status.
  private static final int NO_STATUS = 255;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(60);

  private final DemoGateway demo;

  public DemoClient(DemoGateway demo) {
    this.demo = demo;
  }

  /// Runs `command` and passes its streams through.
  ///
  /// @return its exit status; 255 when it has none
  public int run(String command, InputStream in, OutputStream out, OutputStream err)
      throws IOException {
    try (SshClient client = SshClient.setUpDefaultClient()) {
      client.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
      client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
      client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
      PublicKey expected = gatewayKey();
      client.setServerKeyVerifier((_, _, key) -> KeyUtils.compareKeys(key, expected));
      client.start();
      ListenAddress ssh = demo.ssh();
      try (ClientSession session =
          client
              .connect(demo.address(), ssh.host(), ssh.port())
              .verify(CONNECT_TIMEOUT)
              .getSession()) {
        session.addPublicKeyIdentity(demo.key().pair());
        session.auth().verify(CONNECT_TIMEOUT);
        return run(session, command, in, out, err);
      }
    }
  }

  private PublicKey gatewayKey() throws IOException {
    try {
      AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(demo.hostKeyLine());
      return entry.resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
    } catch (GeneralSecurityException e) {
      throw new IOException("the gateway's host key cannot be read", e);
    }
  }

  private static int run(
      ClientSession session, String command, InputStream in, OutputStream out, OutputStream err)
      throws IOException {
    try (ChannelExec channel = session.createExecChannel(command)) {
      channel.setIn(new Unclosed(in));
      channel.setOut(new Flushing(out));
      channel.setErr(new Flushing(err));
      channel.open().verify(CONNECT_TIMEOUT);
      channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), Duration.ZERO);
      Integer status = channel.getExitStatus();
      return status == null ? NO_STATUS : status;
    }
  }

  /// Standard input, which is not ours to close.
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }

  /// Shows at once what comes, and stays open.
  private static final class Flushing extends FilterOutputStream {
    Flushing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
