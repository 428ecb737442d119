package org.ongsung.gateway;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells whether a target proved to be itself, and learns first keys where that is allowed.
///
/// A key is judged by the directory as it is now, not as it was when the person was let in. Once
/// any key of a target is known, every other one counts as changed, of whatever type.
final class HostKeys {
  private static final Logger LOG = LoggerFactory.getLogger(HostKeys.class);

  private final Directory directory;
  private final Ledger ledger;
  private final InstantSource clock;
  private final LateWrites late;

  HostKeys(Directory directory, Ledger ledger, InstantSource clock, LateWrites late) {
    this.directory = directory;
    this.ledger = ledger;
    this.clock = clock;
    this.late = late;
  }

  /// Judges the key that the target of `session` has proven. Blocks.
  HostKeyVerdict verify(LiveSession session, SshPublicKey proven) {
    Name name = session.session().target();
    HostKeyVerdict verdict = judge(directory.snapshot(), name, proven);
    if (verdict == HostKeyVerdict.LEARNED) {
      verdict = learn(session, name, proven);
    }
    if (verdict == HostKeyVerdict.CHANGED || verdict == HostKeyVerdict.UNKNOWN) {
      tellMismatch(session, name, proven, verdict);
    }
    return verdict;
  }

  private static HostKeyVerdict judge(DirectorySnapshot snapshot, Name name, SshPublicKey proven) {
    Target target = snapshot.target(name).orElse(null);
    if (target == null) {
      return HostKeyVerdict.UNKNOWN;
    }
    if (target.hostKeys().contains(proven)) {
      return HostKeyVerdict.TRUSTED;
    }
    if (!target.hostKeys().isEmpty()) {
      return HostKeyVerdict.CHANGED;
    }
    return target.hostKeyPolicy() == HostKeyPolicy.TRUST_ON_FIRST_USE
        ? HostKeyVerdict.LEARNED
        : HostKeyVerdict.UNKNOWN;
  }

  private HostKeyVerdict learn(LiveSession session, Name name, SshPublicKey proven) {
    try {
      // The ledger first: a key that is trusted must be seen to have been learned.
      ledger.append(event(session, AuditCode.HOST_KEY_LEARNED, name, proven, Map.of()));
      HostKeyVerdict[] last = {HostKeyVerdict.UNKNOWN};
      directory.change(
          Actor.SYSTEM,
          snapshot -> {
            last[0] = judge(snapshot, name, proven);
            return last[0] == HostKeyVerdict.LEARNED
                ? with(snapshot.targets().get(name), proven)
                : new DirectoryChange.Builder().build();
          });
      return last[0];
    } catch (RuntimeException e) {
      LOG.error("the host key of {} could not be learned", name, e);
      session.recordLost(e);
      return HostKeyVerdict.UNKNOWN;
    }
  }

  private static DirectoryChange with(
      @org.jspecify.annotations.Nullable Target target, SshPublicKey proven) {
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    if (target != null) {
      List<SshPublicKey> keys = new ArrayList<>(target.hostKeys());
      keys.add(proven);
      change.put(
          new Target(
              target.name(),
              target.title(),
              target.protocol(),
              target.address(),
              target.labels(),
              target.hostKeyPolicy(),
              keys,
              target.accounts(),
              target.prompts(),
              target.encoding()));
    }
    return change.build();
  }

  private void tellMismatch(
      LiveSession session, Name name, SshPublicKey proven, HostKeyVerdict verdict) {
    String known =
        directory
            .snapshot()
            .target(name)
            .map(target -> String.join(" ", fingerprints(target.hostKeys())))
            .orElse("");
    AuditEvent event =
        event(
            session,
            AuditCode.HOST_KEY_MISMATCH,
            name,
            proven,
            Map.of(
                "known",
                known,
                "verdict",
                verdict == HostKeyVerdict.CHANGED ? "changed" : "unknown"));
    if (!late.write("a host key mismatch", () -> ledger.append(event))) {
      session.recordLost(new IllegalStateException("a host key mismatch cannot be written"));
    }
  }

  private static List<String> fingerprints(List<SshPublicKey> keys) {
    return keys.stream().map(SshPublicKey::toString).toList();
  }

  private AuditEvent event(
      LiveSession session,
      AuditCode code,
      Name target,
      SshPublicKey proven,
      Map<String, String> more) {
    Map<String, String> details = new java.util.TreeMap<>(more);
    details.put("key", proven.toString());
    details.put("address", session.grant().target().address().toString());
    return new AuditEvent(
        clock.instant(),
        code,
        session.session().user().value(),
        session.session().source(),
        session.id(),
        target.value(),
        details);
  }
}
