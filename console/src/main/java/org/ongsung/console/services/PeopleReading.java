package org.ongsung.console.services;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.AuditCode;
import org.ongsung.model.Grant;
import org.ongsung.model.Name;
import org.ongsung.model.Session;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.User;
import org.ongsung.recording.SessionQuery;
import org.ongsung.recording.SessionStore;

/// What there is about one person: their newest sessions and logins, their grants and keys. Blocks
/// on the stores; whoever asks has been found allowed.
public final class PeopleReading {
  /// The most sessions, and logins, inclusive each.
  private static final int NEWEST = 10;

  private final Directory directory;
  private final SessionStore sessions;
  private final Ledger ledger;

  public PeopleReading(Directory directory, SessionStore sessions, Ledger ledger) {
    this.directory = directory;
    this.sessions = sessions;
    this.ledger = ledger;
  }

  /// One person.
  ///
  /// @param sessions the newest first
  /// @param logins events of the ledger, the newest first
  /// @param grants by name, ended ones too
  public record Person(
      List<Session> sessions,
      List<LedgerEntry> logins,
      List<Grant> grants,
      List<SshPublicKey> keys) {
    public Person {
      sessions = List.copyOf(sessions);
      logins = List.copyOf(logins);
      grants = List.copyOf(grants);
      keys = List.copyOf(keys);
    }
  }

  /// What there is about `name`; empty when there is no such user.
  public Optional<Person> of(Name name) {
    DirectorySnapshot now = directory.snapshot();
    return now.user(name).map(user -> person(now, user));
  }

  private Person person(DirectorySnapshot now, User user) {
    Name name = user.name();
    return new Person(
        sessions.find(
            new SessionQuery(name, null, Set.of(), Set.of(), null, null, null, null, NEWEST)),
        ledger.find(
            new LedgerQuery(
                Set.of(AuditCode.LOGIN_SUCCESS, AuditCode.LOGIN_FAILURE, AuditCode.LOGIN_BLOCKED),
                name.value(),
                null,
                null,
                null,
                null,
                null,
                null,
                NEWEST)),
        now.grantsFor(user),
        user.publicKeys());
  }
}
