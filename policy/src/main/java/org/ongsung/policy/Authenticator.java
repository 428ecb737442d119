package org.ongsung.policy;

import java.net.InetAddress;
import org.ongsung.model.SshPublicKey;

/// Proves who somebody is, slows failures per address and per user, and puts each outcome into the
/// ledger.
///
/// Blocks (Argon2id, ledger): virtual threads only. How many passwords are checked at once is
/// bounded. Every method throws [org.ongsung.audit.LedgerUnavailableException] when its outcome
/// cannot be put into the ledger: nobody is logged in then.
public interface Authenticator {
  /// Checks a password. Takes as long for a user who does not exist.
  LoginResult password(LoginAttempt attempt, String password);

  /// Whether the key could log the claimed user in, for the question that precedes a signature (RFC
  /// 4252 section 7). Proves nothing and changes nothing.
  boolean mayOffer(LoginAttempt attempt, SshPublicKey offered);

  /// Accepts a key whose signature *this* attempt has verified. Never call it for a key that was
  /// only offered.
  LoginResult provenKey(LoginAttempt attempt, SshPublicKey proven);

  /// Accepts a user whom a console session or token named, if still there and active. That is no
  /// login: only a refusal is put into the ledger, and failures elsewhere do not stop it.
  LoginResult session(LoginAttempt attempt, String factors);

  /// Puts into the ledger that connections were turned away before any login, because too many from
  /// their address had not logged in. Whoever calls it bounds how often.
  ///
  /// @param front where they came in, such as `ssh`
  /// @param connections how many
  void turnedAway(InetAddress source, String front, long connections);
}
