package org.ongsung.protocols.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.audit.LedgerStore;
import org.ongsung.audit.LedgerUnavailableException;
import org.ongsung.gateway.terminal.Tunnels;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.ProvenForTests;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.RawTelnetClient;

/// A one-time port takes the person that it was opened for, from their address, in its time, once.
/// Everybody else is turned away without a byte, and stands in the ledger.
class ForgedTunnelRegressionTest {
  private static final String OWN = "127.0.0.1";
  private static final String STRANGE = "127.0.0.5";
  private static final String WELCOME = "welcome";
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Tunnels.Limits USUAL = new Tunnels.Limits(LONG, LONG, 1, 3);

  private final Events events = new Events();
  private final Ledger ledger = new Ledger(events, LedgerLimits.DEFAULT);
  private final Taken taken = new Taken();
  private TelnetTunnels tunnels;

  @AfterEach
  void close() {
    tunnels.close();
    ledger.close();
  }

  /// A port that waits for alice, who came from [#OWN].
  private int open(Tunnels.Limits limits) {
    int first = Ports.free(10);
    tunnels = tunnels(first, first + 9, limits);
    return openFor("alice").orElseThrow().port();
  }

  private TelnetTunnels tunnels(int first, int last, Tunnels.Limits limits) {
    return new TelnetTunnels(
        new Tunnels.Range(InetAddress.getLoopbackAddress(), first, last, OWN),
        limits,
        ledger,
        InstantSource.system(),
        taken);
  }

  private Optional<Tunnels.Tunnel> openFor(String name) {
    return tunnels.open(
        ProvenForTests.user(name, InetAddress.ofLiteral(OWN)),
        new AccessRequest("switch-1", "admin"));
  }

  private static void turnedAway(String source, int port) {
    try (RawTelnetClient client = new RawTelnetClient(source, port)) {
      client.awaitEnd(Deadlines.ACTION);
      assertThat(client.came()).isEmpty();
    }
  }

  @Test
  void anotherAddressIsTurnedAwayAndThePortWaitsOn() {
    int port = open(USUAL);
    turnedAway(STRANGE, port);
    assertThat(refusals()).containsExactly(STRANGE + " at switch-1: another address");
    assertThat(taken.people).isEmpty();
    try (RawTelnetClient own = new RawTelnetClient(OWN, port)) {
      own.await(WELCOME);
    }
    assertThat(taken.people).containsExactly("alice to switch-1 as admin");
    assertThat(events.of(AuditCode.TUNNEL_TAKEN))
        .singleElement()
        .returns("alice", AuditEvent::actor);
  }

  @Test
  void whoComesSecondIsTurnedAwayAndTheFirstStays() {
    int port = open(USUAL);
    try (RawTelnetClient first = new RawTelnetClient(OWN, port)) {
      first.await(WELCOME);
      turnedAway(OWN, port);
      assertThat(first.ended()).isFalse();
    }
    turnedAway(OWN, port);
    assertThat(refusals()).hasSize(2).containsOnly(OWN + " at switch-1: the port was taken before");
    assertThat(taken.people).hasSize(1);
  }

  @Test
  void whoComesLateIsTurnedAway() {
    int port = open(new Tunnels.Limits(Duration.ZERO, LONG, 1, 3));
    turnedAway(OWN, port);
    assertThat(refusals()).containsExactly(OWN + " at switch-1: the port's time was over");
    assertThat(taken.people).isEmpty();
    assertThat(events.of(AuditCode.TUNNEL_TAKEN)).isEmpty();
  }

  @Test
  void portsAreThoseOfTheRangeAndWhenAllWaitThereIsNone() {
    int first = Ports.free(3);
    tunnels = tunnels(first, first + 2, USUAL);
    List<Integer> ports = new ArrayList<>();
    for (String name : List.of("alice", "bob", "carol")) {
      ports.add(openFor(name).orElseThrow().port());
    }
    assertThat(ports).containsExactly(first, first + 1, first + 2);
    assertThat(openFor("dave")).isEmpty();
    assertThat(events.of(AuditCode.TUNNEL_OPENED)).hasSize(3);
  }

  @Test
  void whoComesAgainAndAgainFillsNoLedger() {
    int port = open(USUAL);
    for (int i = 0; i <= USUAL.refusalsTold(); i++) {
      turnedAway(STRANGE, port);
    }
    assertThat(refusals()).hasSize(USUAL.refusalsTold());
  }

  @Test
  void nobodyComesThroughUnseen() {
    int port = open(USUAL);
    events.failing = true;
    turnedAway(OWN, port);
    events.failing = false;
    turnedAway(OWN, port);
    assertThat(refusals()).as("used up").hasSize(1);
    assertThat(taken.people).isEmpty();
  }

  private List<String> refusals() {
    return events.of(AuditCode.TUNNEL_REFUSED).stream()
        .map(
            event ->
                event.source() + " at " + event.subject() + ": " + event.details().get("reason"))
        .toList();
  }

  /// Greets whoever comes through, and keeps them until they leave.
  private static final class Taken implements TelnetTunnels.Taker {
    final List<String> people = new CopyOnWriteArrayList<>();

    @Override
    public boolean allows(InetAddress address) {
      return true;
    }

    @Override
    public boolean isBalanced(Socket socket) {
      return false;
    }

    @Override
    public InetSocketAddress balanced(Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void carry(
        Socket socket, InetSocketAddress source, AuthenticatedUser user, AccessRequest access)
        throws IOException {
      people.add(user.user().name() + " to " + access.target() + " as " + access.account());
      try (socket) {
        socket.getOutputStream().write(WELCOME.getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readAllBytes();
      }
    }
  }

  /// A ledger in memory, which can be told to fail.
  private static final class Events implements LedgerStore {
    private final List<AuditEvent> events = new ArrayList<>();
    volatile boolean failing;

    @Override
    public synchronized long append(List<AuditEvent> more) {
      if (failing) {
        throw new LedgerUnavailableException("the ledger's disk is gone");
      }
      long first = events.size() + 1L;
      events.addAll(more);
      return first;
    }

    @Override
    public List<LedgerEntry> find(LedgerQuery query) {
      throw new UnsupportedOperationException();
    }

    synchronized List<AuditEvent> of(AuditCode code) {
      return events.stream().filter(event -> event.code() == code).toList();
    }
  }
}
