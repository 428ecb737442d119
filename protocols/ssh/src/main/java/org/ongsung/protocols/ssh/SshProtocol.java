package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.helpers.AbstractFactoryManager;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.jspecify.annotations.Nullable;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.files.FileDialException;
import org.ongsung.gateway.files.FileDialler;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.terminal.TerminalDialException;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.TerminalUpstream;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.gateway.via.Passages;
import org.ongsung.model.Account;
import org.ongsung.model.EndReason;
import org.ongsung.model.Network;
import org.ongsung.model.Protocol;
import org.ongsung.model.Target;
import org.ongsung.policy.Authenticator;
import org.ongsung.policy.Authorizer;
import org.ongsung.protocols.ssh.transport.EventLoops;
import org.ongsung.protocols.ssh.transport.TransportLimits;
import org.ongsung.vault.Vault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SSH as it plugs into the gateway: one listener for people, and the way to targets.
///
/// ```java
/// SshProtocol ssh = new SshProtocol(gateway, authenticator, authorizer, vault,
///     terminals, passages, SshHostKeys.loadOrCreate(data), SshLimits.DEFAULT, TransportLimits.DEFAULT);
/// InetSocketAddress bound = ssh.start(new InetSocketAddress("127.0.0.1", 2222));
/// …
/// ssh.drain(Duration.ofMinutes(5));   // no new connections; waits for those that are
/// ssh.close();
/// ```
public final class SshProtocol implements AutoCloseable {
  private static final String NAME = EventLoops.SERVER_NAME;

  private static final Logger LOG = LoggerFactory.getLogger(SshProtocol.class);

  private final SshLimits limits;
  private final EventLoops loops;
  private final SshLife life;
  private final SshServer server;
  private final SshClient client;
  private final SshUpstream upstream;
  private volatile SshAuthentication.Doors doors = SshAuthentication.Doors.NONE;

  /// Makes it ready; nothing listens before [#start].
  ///
  /// @param terminals learns the way to SSH targets' shells, and knows the way to targets of other
  ///   protocols
  /// @param passages to targets that only a worker reaches
  /// @param balancers load balancers, whose connections begin with a PROXY header
  public SshProtocol(
      Gateway gateway,
      Authenticator authenticator,
      Authorizer authorizer,
      Vault vault,
      SshHostKeys hostKeys,
      Terminals terminals,
      Passages passages,
      List<Network> balancers,
      SshLimits limits,
      TransportLimits transport) {
    this.limits = limits;
    this.loops =
        EventLoops.start(
            transport
                .withConnections(limits.maxConnections(), transport.handshakesMax())
                .withDeadlines(limits.loginTimeout(), Duration.ZERO, transport.closing()),
            peer -> balancers.stream().anyMatch(network -> network.contains(peer)));
    loops.onCrowd(
        (address, turnedAway) ->
            Thread.ofVirtual()
                .name("ssh-crowd")
                .start(() -> tell(authenticator, address, turnedAway)));
    this.life = new SshLife(limits);
    this.client = makeClient();
    this.upstream = new SshUpstream(client, gateway, vault, passages, limits);
    terminals.reach(Protocol.SSH, (record, terminal) -> terminal(record, terminal));
    SshConnection.Parts parts =
        new SshConnection.Parts(gateway, authorizer, upstream, terminals, limits);
    this.server = makeServer(hostKeys);
    server.setServiceFactories(
        List.of(
            service("ssh-userauth", s -> new SshAuthentication(s, authenticator, limits, doors)),
            service("ssh-connection", s -> new SshConnection(s, parts, life))));
  }

  /// Logs in at a target with what the vault holds for an account, and hangs up. Blocks.
  ///
  /// @param cause what it is for, such as a job's id
  /// @return empty when the target let it in; else why not
  public Optional<EndReason> tryLogin(Target target, Account account, Object cause)
      throws InterruptedException {
    try {
      upstream.tryLogin(target, account, cause);
      return Optional.empty();
    } catch (SshUpstream.DialException e) {
      return Optional.of(e.reason());
    }
  }

  /// The way to the files of SSH targets.
  public FileDialler files(FileLimits files) {
    return record -> {
      try {
        return SshFiles.dial(upstream, record, limits, files);
      } catch (SshUpstream.DialException e) {
        throw new FileDialException(e.told()::inWords, e.reason());
      }
    };
  }

  private TerminalUpstream terminal(OpenSession record, TerminalRequest terminal)
      throws TerminalDialException, InterruptedException {
    try {
      return SshTerminal.dial(upstream, record, terminal, limits);
    } catch (SshUpstream.DialException e) {
      throw new TerminalDialException(e.told()::inWords, e.reason());
    }
  }

  private static void tell(Authenticator authenticator, InetAddress address, long turnedAway) {
    try {
      authenticator.turnedAway(address, "ssh", turnedAway);
    } catch (LedgerUnavailableException e) {
      LOG.warn("{} connections from {} were turned away: {}", turnedAway, address, e.toString());
    }
  }

  /// Makes a service for a session that asked for it.
  @FunctionalInterface
  private interface Maker {
    Service make(Session session) throws IOException;
  }

  private static ServiceFactory service(String name, Maker maker) {
    return new ServiceFactory() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public Service create(Session session) throws IOException {
        return maker.make(session);
      }
    };
  }

  private SshServer makeServer(SshHostKeys hostKeys) {
    SshServer made = ServerBuilder.builder().build();
    SshAlgorithms.configure(made);
    made.setKeyPairProvider(KeyPairProvider.wrap(hostKeys.keyPairs()));
    configure(made);
    CoreModuleProperties.SERVER_IDENTIFICATION.set(made, NAME);
    loops.serve(made);
    return made;
  }

  private SshClient makeClient() {
    SshClient made = ClientBuilder.builder().build();
    SshAlgorithms.configure(made);
    made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    made.setUserAuthFactories(
        List.of(
            UserAuthPublicKeyFactory.INSTANCE,
            UserAuthPasswordFactory.INSTANCE,
            UserAuthKeyboardInteractiveFactory.INSTANCE));
    made.setServiceFactories(
        List.of(
            ClientUserAuthServiceFactory.INSTANCE,
            service("ssh-connection", SshTargetService::new)));
    configure(made);
    CoreModuleProperties.CLIENT_IDENTIFICATION.set(made, NAME);
    loops.dial(made);
    return made;
  }

  private void configure(AbstractFactoryManager manager) {
    CoreModuleProperties.AUTH_TIMEOUT.set(manager, limits.loginTimeout());
    CoreModuleProperties.IDLE_TIMEOUT.set(manager, Duration.ZERO);
    CoreModuleProperties.REKEY_BYTES_LIMIT.set(manager, limits.rekeyBytes());
    CoreModuleProperties.TCP_NODELAY.set(manager, true);
  }

  /// Listens.
  ///
  /// @param listen a port of 0 lets the system choose
  /// @return where it listens
  public InetSocketAddress start(InetSocketAddress listen) throws IOException {
    client.start();
    server.setHost(listen.getHostString());
    server.setPort(listen.getPort());
    server.start();
    life.start();
    return new InetSocketAddress(listen.getHostString(), server.getPort());
  }

  /// Makes one-time ports, once; after [#start]. Close what is given before this.
  public SshTunnels tunnels(
      Tunnels.Range range, Tunnels.Limits ofTunnels, Ledger ledger, InstantSource clock) {
    SshTunnels made = new SshTunnels(loops, range, ofTunnels, ledger, clock);
    doors = made;
    return made;
  }

  /// How many people are connected and logged in.
  public int connections() {
    return life.count();
  }

  /// How many people are connected and not logged in yet.
  public int handshakes() {
    return loops.handshakes();
  }

  /// Takes no new connections, and waits until those that are have ended.
  ///
  /// @return whether all have ended within `wait`
  public boolean drain(Duration wait) throws InterruptedException {
    return loops.drain(wait);
  }

  /// Ends what is left, tells the people, and closes.
  @Override
  public void close() {
    life.close();
    closeQuietly(server);
    closeQuietly(client);
    loops.close();
  }

  private static void closeQuietly(org.apache.sshd.common.@Nullable Closeable closeable) {
    if (closeable != null) {
      closeable.close(true);
    }
  }
}
