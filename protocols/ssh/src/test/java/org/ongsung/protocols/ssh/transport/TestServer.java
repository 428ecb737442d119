package org.ongsung.protocols.ssh.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/// A MINA server and client over event loops, on a free port of the loopback interface.
///
/// Commands: `send N` writes N bytes of a known pattern, `sink` reads to the end and answers with
/// count and CRC-32, `echo` gives back what comes, `exit N` ends with status N.
final class TestServer implements AutoCloseable {

  static final Duration WAIT = Duration.ofSeconds(60);
  static final String PASSWORD = "open sesame";

  final EventLoops loops;
  final SshServer server;
  final SshClient client;

  TestServer(TransportLimits limits) throws Exception {
    this(limits, server -> {});
  }

  TestServer(TransportLimits limits, Consumer<SshServer> configure) throws Exception {
    loops = EventLoops.start(limits);
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair hostKey = generator.generateKeyPair();
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD));
    server.setPublickeyAuthenticator((user, key, session) -> true);
    server.setCommandFactory((channel, command) -> new PatternCommand(command));
    CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, 1_000_000);
    configure.accept(server);
    loops.serve(server);
    server.start();
    client = SshClient.setUpDefaultClient();
    client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    client.setHostConfigEntryResolver(
        org.apache.sshd.client.config.hosts.HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(
        org.apache.sshd.common.keyprovider.KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    loops.dial(client);
    client.start();
  }

  int port() {
    return server.getPort();
  }

  ClientSession connect() throws IOException {
    ClientSession session = client.connect("user", "127.0.0.1", port()).verify(WAIT).getSession();
    session.addPasswordIdentity(PASSWORD);
    session.auth().verify(WAIT);
    return session;
  }

  @Override
  public void close() throws IOException {
    client.close(true).await(WAIT);
    server.close(true).await(WAIT);
    loops.close();
  }

  /// What the commands do, on a virtual thread each.
  static final class PatternCommand implements Command {

    private final String command;
    private InputStream in;
    private OutputStream out;
    private ExitCallback exit;
    private Thread thread;

    PatternCommand(String command) {
      this.command = command;
    }

    @Override
    public void setInputStream(InputStream stream) {
      in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
      out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {}

    @Override
    public void setExitCallback(ExitCallback callback) {
      exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
      thread = Thread.ofVirtual().start(this::run);
    }

    @Override
    public void destroy(ChannelSession channel) {
      thread.interrupt();
    }

    private void echo() throws IOException {
      byte[] bytes = new byte[32_768];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        out.write(bytes, 0, n);
        out.flush();
      }
    }

    private void run() {
      int status = 0;
      try {
        List<String> words = List.of(command.split(" "));
        switch (words.getFirst()) {
          case "send" -> Pattern.write(out, Long.parseLong(words.get(1)));
          case "sink" -> out.write((Pattern.summary(in) + "\n").getBytes(StandardCharsets.UTF_8));
          case "echo" -> echo();
          case "exit" -> status = Integer.parseInt(words.get(1));
          default -> status = 127;
        }
        out.flush();
      } catch (IOException e) {
        status = 1;
      }
      exit.onExit(status);
    }
  }
}
