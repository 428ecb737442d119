package org.ongsung.console.terminal;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.Gateway;
import org.ongsung.gateway.terminal.TerminalOutcome;
import org.ongsung.gateway.terminal.TerminalRequest;
import org.ongsung.gateway.terminal.Terminals;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;
import org.ongsung.model.Shown;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Decision;
import org.ongsung.policy.TargetGrant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The terminals that are open in browsers, each its owner's alone: to everybody else, however many
/// roles they have, it is not there.
public final class BrowserTerminals implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrowserTerminals.class);

  /// What sessions from here say they came by.
  static final String FRONT = "browser";

  private static final int MAX_CLIENT_CHARACTERS = 255;
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_CTYPE", "C.UTF-8", "COLORTERM", "truecolor");

  private final Gateway gateway;
  private final Terminals terminals;
  private final Authorizer authorizer;
  private final BrowserTerminalLimits limits;
  private final Map<String, BrowserTerminal> open = new ConcurrentHashMap<>();
  private final Thread sweeping;

  public BrowserTerminals(
      Gateway gateway, Terminals terminals, Authorizer authorizer, BrowserTerminalLimits limits) {
    this.gateway = gateway;
    this.terminals = terminals;
    this.authorizer = authorizer;
    this.limits = limits;
    this.sweeping = Thread.ofVirtual().name("browser-terminals").start(this::sweep);
  }

  /// What a person asks for.
  ///
  /// @param client what the browser calls itself, untrusted
  public record Wish(AccessRequest access, int columns, int rows, Locale language, String client) {}

  /// Opens a terminal; it begins at once and waits for its browser.
  ///
  /// @throws HttpProblem 404 when there is no such access, for whatever reason; 409 when several
  ///   accounts fit; 429 and 503 when too many are open
  public BrowserTerminal open(AuthenticatedUser user, Wish wish) {
    ClientConnection client =
        new ClientConnection(
            new InetSocketAddress(user.source(), 0),
            FRONT,
            Shown.plain(wish.client(), MAX_CLIENT_CHARACTERS));
    return switch (authorizer.authorise(user, wish.access())) {
      case Decision.Permit permit -> open(permit.grant(), client, wish);
      case Decision.Choose _ ->
          throw new HttpProblem(409, "choose-account", "several accounts fit; name one");
      case Decision.Deny deny -> {
        gateway.denied(user, wish.access(), client, deny.reason());
        throw HttpProblem.notFound();
      }
    };
  }

  private BrowserTerminal open(TargetGrant grant, ClientConnection client, Wish wish) {
    Name owner = grant.user().user().name();
    BrowserTerminal made = place(owner, wish.language());
    TerminalRequest request =
        new TerminalRequest("xterm-256color", wish.columns(), wish.rows(), ENVIRONMENT);
    Thread.ofVirtual().name("browser-terminal").start(() -> run(grant, client, request, made));
    return made;
  }

  private synchronized BrowserTerminal place(Name owner, Locale language) {
    long all = open.values().stream().filter(one -> !one.isOver()).count();
    long own =
        open.values().stream().filter(one -> !one.isOver() && one.owner().equals(owner)).count();
    if (own >= limits.perPerson()) {
      throw HttpProblem.busy(
          429,
          "too-many-terminals",
          "you have " + own + " terminals open in browsers, which is as many as one may",
          RETRY);
    }
    // Those that are over wait for their browsers to hear of it, and take memory meanwhile.
    if (all >= limits.all() || open.size() >= 2 * limits.all()) {
      throw HttpProblem.busy(
          503, "too-many-terminals", "too many terminals are open in browsers", RETRY);
    }
    byte[] random = new byte[18];
    RANDOM.nextBytes(random);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    BrowserTerminal made = new BrowserTerminal(id, owner, language, limits);
    open.put(id, made);
    return made;
  }

  private void run(
      TargetGrant grant, ClientConnection client, TerminalRequest request, BrowserTerminal made) {
    try {
      TerminalOutcome outcome = terminals.run(grant, client, request, made);
      if (outcome instanceof TerminalOutcome.NotReached(var why)) {
        made.tell(why);
      }
    } catch (RuntimeException e) {
      LOG.error("a terminal in a browser failed", e);
    } finally {
      made.finished();
    }
  }

  /// The owner's own terminal.
  ///
  /// @throws HttpProblem 404 when there is none, or it is somebody else's
  public BrowserTerminal own(Optional<Name> caller, String id) {
    BrowserTerminal found = open.get(id);
    if (found == null || caller.isEmpty() || !found.owner().equals(caller.get())) {
      throw HttpProblem.notFound();
    }
    return found;
  }

  /// Lets the owner of a session know how many people look at it, where they have it in a browser.
  /// Does not block.
  public void watched(SessionId session, int people) {
    for (BrowserTerminal one : open.values()) {
      if (one.session().equals(session.value())) {
        one.watched(people);
      }
    }
  }

  private void sweep() {
    Duration pause = limits.absence().dividedBy(20);
    try {
      while (true) {
        Thread.sleep(pause);
        open.values().removeIf(BrowserTerminals::isDone);
      }
    } catch (InterruptedException e) {
      // The console stops.
    }
  }

  /// Whether nothing is left of it; whoever has been away for too long leaves.
  private static boolean isDone(BrowserTerminal one) {
    if (!one.isForgotten()) {
      return false;
    }
    one.leave();
    return one.isOver();
  }

  /// Everybody leaves.
  @Override
  public void close() {
    sweeping.interrupt();
    open.values().forEach(BrowserTerminal::leave);
  }
}
