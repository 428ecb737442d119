package org.ongsung.practice;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.ongsung.practice.files.PracticeFiles;

/// An SSH server to practise on: a shell, commands, SFTP and scp over files in memory, and no way
/// to the host that runs it: no process is started, no file of the host is opened, nothing is
/// forwarded.
///
/// ```java
/// try (PracticeTarget target = PracticeTarget.start(PracticeOptions.withPassword("demo", secret))) {
///   // ssh -p target.port() demo@127.0.0.1
/// }
/// ```
public final class PracticeTarget implements AutoCloseable {
  private final SshServer server;
  private final PracticeFiles files;
  private final String hostKeyLine;

  private PracticeTarget(SshServer server, PracticeFiles files, String hostKeyLine) {
    this.server = server;
    this.files = files;
    this.hostKeyLine = hostKeyLine;
  }

  /// Starts a target; it listens when this returns.
  ///
  /// @throws IOException if the port is taken or the host key cannot be made, read or kept
  public static PracticeTarget start(PracticeOptions options) throws IOException {
    List<PublicKey> keys = keys(options.authorizedKeys());
    KeyPair hostKey = HostKey.of(options.hostKeyFile());
    PracticeFiles files =
        new PracticeFiles(
            options.account(),
            options.hostname(),
            options.limits().maxFileBytes(),
            options.limits().maxFiles());
    SshServer server = server(options, files, hostKey, keys);
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
    return new PracticeTarget(server, files, HostKey.publicLine(hostKey));
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return new InetSocketAddress(server.getHost(), server.getPort());
  }

  public int port() {
    return server.getPort();
  }

  /// Its host key as known_hosts and access files have it: `ssh-ed25519 AAAA…`.
  public String hostKeyLine() {
    return hostKeyLine;
  }

  /// Ends all sessions and forgets all files.
  @Override
  public void close() {
    try {
      server.stop(true);
    } catch (IOException e) {
      // Its sockets are closed all the same.
    } finally {
      files.close();
    }
  }

  private static SshServer server(
      PracticeOptions options, PracticeFiles files, KeyPair hostKey, List<PublicKey> keys) {
    SshServer server = ServerBuilder.builder().build();
    // A netty jar on the class path would take over otherwise.
    server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
    server.setNioWorkers(2);
    server.setHost(options.address());
    server.setPort(options.port());
    server.setKeyPairProvider(HostKey.provider(hostKey));
    server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
    server.setShellFactory(_ -> new PracticeChannel(options, files, null));
    server.setCommandFactory((_, line) -> new PracticeChannel(options, files, line));
    server.setFileSystemFactory(SharedFileSystem.factory(files));
    server.setSubsystemFactories(
        List.of(
            new SftpSubsystemFactory.Builder()
                .withFileSystemAccessor(new SftpAccess(files))
                .build()));
    authentication(server, options, keys);
    limits(server, options.limits());
    return server;
  }

  private static void authentication(
      SshServer server, PracticeOptions options, List<PublicKey> keys) {
    options
        .password()
        .ifPresent(
            password ->
                server.setPasswordAuthenticator(
                    (user, given, _) -> user.equals(options.account()) && equal(given, password)));
    if (!keys.isEmpty()) {
      server.setPublickeyAuthenticator(
          (user, key, _) ->
              user.equals(options.account()) && KeyUtils.findMatchingKey(key, keys) != null);
    }
  }

  private static void limits(SshServer server, PracticeLimits limits) {
    server.addSessionListener(new LoginLimit(limits.maxLogins()));
    CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.loginDeadline());
    CoreModuleProperties.IDLE_TIMEOUT.set(server, limits.idleDeadline());
    CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, limits.maxSessions());
    CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, limits.maxChannelsPerSession());
    CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "Ongsung_practice");
    SftpModuleProperties.SFTP_VERSION.set(server, 3);
  }

  private static List<PublicKey> keys(List<String> lines) throws IOException {
    List<PublicKey> keys = new ArrayList<>();
    for (String line : lines) {
      try {
        AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
        if (entry == null) {
          throw new IOException("an authorized key's line is empty");
        }
        keys.add(entry.resolvePublicKey(null, PublicKeyEntryResolver.FAILING));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new IOException("an authorized key's line cannot be read", e);
      }
    }
    return keys;
  }

  /// Compares in a time that does not tell where they differ.
  private static boolean equal(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
