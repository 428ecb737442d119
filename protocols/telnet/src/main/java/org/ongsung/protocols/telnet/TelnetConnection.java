package org.ongsung.protocols.telnet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.terminal.Spoken;
import org.ongsung.gateway.terminal.TargetMenu;
import org.ongsung.gateway.terminal.TerminalInput;
import org.ongsung.gateway.terminal.TerminalOutcome;
import org.ongsung.gateway.terminal.TerminalWords;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authenticator;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Decision;
import org.ongsung.policy.ReachableTarget;
import org.ongsung.policy.TargetGrant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection of a person by Telnet, from the login to the end: the house's one path in one
/// class.
///
/// authenticate → authorise (or let choose) → open the record → dial → relay → close the record;
/// the last four by [Terminals].
///
/// One virtual thread; blocks.
final class TelnetConnection {
  /// What every connection of a listener shares.
  record Parts(
      Gateway gateway,
      Authenticator authenticator,
      Authorizer authorizer,
      Terminals terminals,
      TelnetLimits limits) {}

  private static final Logger LOG = LoggerFactory.getLogger(TelnetConnection.class);

  /// How long a client has to tell what terminal it is.
  private static final Duration TO_BE_TOLD = Duration.ofSeconds(1);

  private final TelnetFront front;
  private final InetSocketAddress source;
  private final String name;
  private final Parts parts;
  private final Runnable loggedIn;

  /// @param name how the front calls itself in the records: `telnet` or `telnets`
  /// @param loggedIn called once the person is proven
  TelnetConnection(
      TelnetFront front, InetSocketAddress source, String name, Parts parts, Runnable loggedIn) {
    this.front = front;
    this.source = source;
    this.name = name;
    this.parts = parts;
    this.loggedIn = loggedIn;
  }

  /// Carries the connection to its end, from the login on.
  void run() {
    carry(this::path);
  }

  /// Carries the connection of somebody who has proven elsewhere who they are.
  void run(AuthenticatedUser user, AccessRequest access) {
    carry(
        () -> {
          front.start();
          front.proven(user.user().language());
          front.awaitTerminal(TO_BE_TOLD);
          return authorise(user, access, new byte[0]);
        });
  }

  /// A way through the connection; gives the last words, or null when there are none.
  @FunctionalInterface
  private interface Way {
    @Nullable Spoken go() throws IOException, InterruptedException;
  }

  private void carry(Way way) {
    try {
      Spoken last = way.go();
      if (last != null) {
        front.farewell(last);
      }
    } catch (IOException e) {
      LOG.debug("{} is gone: {}", source, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      String number = Long.toHexString(System.nanoTime());
      LOG.error("connection from {} failed (error {})", source, number, e);
      front.farewell(TerminalWords.UNEXPECTED.with(number));
    } finally {
      front.hangUp();
    }
  }

  private @Nullable Spoken path() throws IOException, InterruptedException {
    front.start();
    TelnetAuthentication login =
        new TelnetAuthentication(
            front, parts.authenticator(), source.getAddress(), name, parts.limits());
    Optional<TelnetAuthentication.Proven> asked;
    try (Deadline _ =
        new Deadline(parts.limits().loginTimeout(), TelnetWords.TIME_IS_OVER.with())) {
      asked = login.ask();
    }
    if (asked.isEmpty()) {
      return null;
    }
    TelnetAuthentication.Proven proven = asked.get();
    front.proven(proven.user().user().language());
    loggedIn.run();
    AccessRequest access = proven.address().access();
    if (!proven.address().wellFormed()) {
      denied(proven.user(), AccessRequest.NOTHING, "malformed address");
      return TerminalWords.MALFORMED_ADDRESS.with();
    }
    return access == null
        ? choose(proven.user(), login.typedAhead())
        : authorise(proven.user(), access, login.typedAhead());
  }

  private @Nullable Spoken authorise(AuthenticatedUser user, AccessRequest access, byte[] ahead)
      throws IOException, InterruptedException {
    return switch (parts.authorizer().authorise(user, access)) {
      case Decision.Permit permit -> reach(permit.grant(), ahead);
      case Decision.Choose several ->
          choose(
              user,
              TargetMenu.ofAccounts(several.target(), several.accounts(), front.language()),
              ahead);
      case Decision.Deny deny -> {
        denied(user, access, deny.reason());
        yield TerminalWords.DENIED.with();
      }
    };
  }

  private @Nullable Spoken choose(AuthenticatedUser user, byte[] ahead)
      throws IOException, InterruptedException {
    List<ReachableTarget> targets = parts.authorizer().reachable(user);
    if (targets.isEmpty()) {
      denied(user, AccessRequest.NOTHING, "no target to reach");
      return TerminalWords.NO_TARGETS.with();
    }
    return choose(user, TargetMenu.ofTargets(targets, front.language()), ahead);
  }

  private void denied(AuthenticatedUser user, AccessRequest access, String reason) {
    parts.gateway().denied(user, access, connection(), reason);
  }

  private @Nullable Spoken choose(AuthenticatedUser user, TargetMenu menu, byte[] ahead)
      throws IOException, InterruptedException {
    TargetMenu.Outcome.Chosen chosen;
    try (Deadline _ =
        new Deadline(parts.limits().menuTimeout(), TerminalWords.NOTHING_CHOSEN.with())) {
      chosen = chosen(menu, ahead);
    }
    return chosen == null
        ? TerminalWords.NOTHING_CHOSEN.with()
        : authorise(user, chosen.access(), chosen.rest().getBytes(StandardCharsets.UTF_8));
  }

  private TargetMenu.Outcome.@Nullable Chosen chosen(TargetMenu menu, byte[] ahead)
      throws IOException, InterruptedException {
    front.print(menu.open(front.size()));
    TerminalInput next = new TerminalInput.Typed(ahead);
    while (true) {
      switch (next) {
        case TerminalInput.Typed typed when typed.bytes().length > 0 -> {
          TargetMenu.Outcome outcome = menu.typed(typed.bytes(), front.size());
          front.print(outcome.text());
          if (outcome instanceof TargetMenu.Outcome.Chosen chosen) {
            return chosen;
          }
          if (outcome instanceof TargetMenu.Outcome.Left) {
            return null;
          }
        }
        case TerminalInput.Resized _ -> front.print(menu.resized(front.size()));
        case TerminalInput.Left _ -> {
          return null;
        }
        case TerminalInput.Signalled _ -> {
          front.print(TargetMenu.LEAVE_SCREEN);
          return null;
        }
        default -> {}
      }
      next = front.next();
    }
  }

  private @Nullable Spoken reach(TargetGrant grant, byte[] ahead) {
    front.typedAhead(ahead);
    TerminalOutcome outcome = parts.terminals().run(grant, connection(), front.request(), front);
    return outcome instanceof TerminalOutcome.NotReached(var why) ? why : null;
  }

  private ClientConnection connection() {
    return new ClientConnection(source, name, front.request().type());
  }

  /// Ends the connection when its time is over, unless it is closed before.
  private final class Deadline implements AutoCloseable {
    private final AtomicBoolean settled = new AtomicBoolean();
    private final Thread waiting;

    Deadline(Duration time, Spoken told) {
      this.waiting =
          Thread.ofVirtual()
              .name("telnet-deadline")
              .start(
                  () -> {
                    try {
                      Thread.sleep(time);
                    } catch (InterruptedException e) {
                      return;
                    }
                    if (settled.compareAndSet(false, true)) {
                      front.farewell(told);
                    }
                  });
    }

    @Override
    public void close() {
      if (settled.compareAndSet(false, true)) {
        waiting.interrupt();
      }
    }
  }
}
