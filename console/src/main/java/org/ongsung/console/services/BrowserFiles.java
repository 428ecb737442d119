package org.ongsung.console.services;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.gateway.ClientConnection;
import org.ongsung.gateway.SessionRefusedException;
import org.ongsung.gateway.files.FileDialException;
import org.ongsung.gateway.files.FileLateException;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.files.FileRefusedException;
import org.ongsung.gateway.files.FileSession;
import org.ongsung.gateway.files.FileSessions;
import org.ongsung.gateway.files.FileUpstream;
import org.ongsung.model.GuardedLock;
import org.ongsung.model.Shown;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.AuthenticatedUser;
import org.ongsung.policy.Authorizer;
import org.ongsung.policy.Decision;
import org.ongsung.policy.TargetGrant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions on files that people have open by way of pages: one for each login, target and
/// account, kept for a while between requests.
///
/// Every request is decided anew; what it may no longer do it does not find.
public final class BrowserFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrowserFiles.class);
  private static final int MAX_CLIENT_CHARACTERS = 255;
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final FileSessions sessions;
  private final Authorizer authorizer;
  private final LongSupplier nanos;
  private final Map<Key, Held> open = new HashMap<>();
  private final Thread sweeping;

  /// Whose session, and where to.
  private record Key(String token, String target, String account) {}

  /// One session, or its making.
  private static final class Held {
    final String owner;
    final GuardedLock dialling = new GuardedLock();
    @Nullable FileSession session; // guarded by dialling
    int users; // guarded by the map, as what follows
    long last;
    boolean gone;

    Held(String owner) {
      this.owner = owner;
    }
  }

  /// What somebody does with files.
  @FunctionalInterface
  public interface Use<T> {
    T with(FileSession session, FileUpstream files) throws IOException, InterruptedException;
  }

  public BrowserFiles(FileSessions sessions, Authorizer authorizer, LongSupplier nanos) {
    this.sessions = sessions;
    this.authorizer = authorizer;
    this.nanos = nanos;
    this.sweeping = Thread.ofVirtual().name("browser-files").start(this::sweep);
  }

  public FileLimits limits() {
    return sessions.limits();
  }

  /// Uses the caller's session on those files, which is opened where there is none. Blocks.
  ///
  /// @param client what the browser calls itself, untrusted
  /// @throws HttpProblem 404 when there is no such access, for whatever reason; 409 when the target
  ///   does not do it; 429 and 503 when too many are open; 502 when the target is not reached or
  ///   lost, 504 when it does not answer
  public <T> T use(Caller caller, String target, String account, String client, Use<T> use)
      throws IOException, InterruptedException {
    AuthenticatedUser user = caller.user();
    if (user == null) {
      throw HttpProblem.notFound();
    }
    ClientConnection connection =
        new ClientConnection(
            new InetSocketAddress(user.source(), 0),
            "console",
            Shown.plain(client, MAX_CLIENT_CHARACTERS));
    TargetGrant grant = grant(user, new AccessRequest(target, account), connection);
    Held held = enter(new Key(caller.tokenId(), target, account), caller.name());
    try {
      FileSession session = session(held, grant, connection);
      return use.with(session, session.files());
    } catch (FileRefusedException e) {
      throw problem(e);
    } catch (FileLateException e) {
      throw new HttpProblem(504, "files-late", "the target did not answer in time");
    } catch (IOException e) {
      if (isOver(held)) {
        throw new HttpProblem(502, "files-lost", "the connection to the target was lost");
      }
      throw e;
    } finally {
      leave(held);
    }
  }

  private static boolean isOver(Held held) {
    held.dialling.lock();
    try {
      return held.session == null || held.session.isOver();
    } finally {
      held.dialling.unlock();
    }
  }

  /// What the target refused, for the person.
  public static HttpProblem problem(FileRefusedException refused) {
    return new HttpProblem(
        refused.reason() == FileRefusedException.Reason.MISSING ? 404 : 409,
        "file-" + refused.reason().text(),
        String.valueOf(refused.getMessage()));
  }

  private TargetGrant grant(
      AuthenticatedUser user, AccessRequest request, ClientConnection connection) {
    return switch (authorizer.authorise(user, request)) {
      case Decision.Permit permit when sessions.allows(permit.grant(), connection) ->
          permit.grant();
      case Decision.Permit _ -> throw HttpProblem.notFound();
      case Decision.Choose _ -> throw HttpProblem.notFound();
      case Decision.Deny deny -> {
        sessions.denied(user, request, connection, deny.reason());
        throw HttpProblem.notFound();
      }
    };
  }

  private FileSession session(Held held, TargetGrant grant, ClientConnection connection)
      throws InterruptedException {
    held.dialling.lockInterruptibly();
    try {
      FileSession now = held.session;
      if (now != null && !now.isOver()) {
        return now;
      }
      FileSession made = sessions.open(grant, connection);
      held.session = made;
      return made;
    } catch (SessionRefusedException e) {
      throw HttpProblem.busy(503, "session-refused", String.valueOf(e.getMessage()), RETRY);
    } catch (FileDialException e) {
      throw new HttpProblem(502, "target-not-reached", e.told().in(Locale.ENGLISH));
    } finally {
      held.dialling.unlock();
    }
  }

  private Held enter(Key key, String owner) {
    synchronized (open) {
      Held held = open.get(key);
      if (held == null) {
        long own = open.values().stream().filter(one -> one.owner.equals(owner)).count();
        if (own >= limits().perPerson() || open.size() >= limits().all()) {
          throw HttpProblem.busy(
              own >= limits().perPerson() ? 429 : 503,
              "too-many-files",
              "too many sessions on files are open; they end by themselves when nobody uses them",
              RETRY);
        }
        held = new Held(owner);
        open.put(key, held);
      }
      held.users++;
      return held;
    }
  }

  private void leave(Held held) {
    boolean close;
    synchronized (open) {
      held.users--;
      held.last = nanos.getAsLong();
      close = held.users == 0 && (held.gone || isOver(held));
      if (close) {
        open.values().remove(held);
      }
    }
    if (close) {
      close(held);
    }
  }

  /// Where it is being opened, whoever opens it closes it when they leave.
  private static void close(Held held) {
    FileSession session;
    if (!held.dialling.tryLock()) {
      return;
    }
    try {
      session = held.session;
    } finally {
      held.dialling.unlock();
    }
    if (session != null) {
      try {
        session.close();
      } catch (RuntimeException e) {
        LOG.warn("session {} on files did not end well", session.id(), e);
      }
    }
  }

  /// A login is over: its sessions end at once, whatever is under way.
  public void ended(String token) {
    List<Held> over = new ArrayList<>();
    synchronized (open) {
      open.forEach(
          (key, held) -> {
            if (key.token().equals(token)) {
              held.gone = true;
              over.add(held);
            }
          });
      open.keySet().removeIf(key -> key.token().equals(token));
    }
    over.forEach(BrowserFiles::close);
  }

  private void sweep() {
    try {
      while (true) {
        Thread.sleep(limits().idle().dividedBy(20));
        idle().forEach(BrowserFiles::close);
      }
    } catch (InterruptedException e) {
      // the console stops
    }
  }

  private List<Held> idle() {
    List<Held> over = new ArrayList<>();
    synchronized (open) {
      long now = nanos.getAsLong();
      for (Iterator<Held> all = open.values().iterator(); all.hasNext(); ) {
        Held held = all.next();
        if (held.users == 0 && now - held.last >= limits().idle().toNanos()) {
          all.remove();
          over.add(held);
        }
      }
    }
    return over;
  }

  /// Everybody leaves.
  @Override
  public void close() {
    sweeping.interrupt();
    List<Held> all;
    synchronized (open) {
      all = List.copyOf(open.values());
      all.forEach(held -> held.gone = true);
      open.clear();
    }
    all.forEach(BrowserFiles::close);
  }
}
