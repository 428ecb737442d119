package org.ongsung.gateway;

import org.ongsung.policy.TargetGrant;

/// The one path of every access: a permission goes in, an open record comes out, and only then may
/// anyone dial.
public interface Gateway {
  /// Opens the session's record: checks the limits of the grant, the free space and whether the
  /// gateway is draining, then writes the session and its start into the ledger. Blocks until both
  /// are durable.
  ///
  /// @throws SessionRefusedException when there is no session; what it says is for the person, and
  ///   is in the ledger
  OpenSession open(TargetGrant grant, ClientConnection client) throws SessionRefusedException;

  /// Puts a denial into the ledger; `reason` never reaches the person. Of one person's the first
  /// 100 in a row are told each, and then one a second, with how many were left out between.
  void denied(
      org.ongsung.policy.AuthenticatedUser user,
      org.ongsung.policy.AccessRequest request,
      ClientConnection client,
      String reason);

  /// Verifies the key that `target` has proven at dialling. Blocks: a first key is learned (and in
  /// the ledger) before this returns.
  HostKeyVerdict verifyHostKey(OpenSession session, org.ongsung.model.SshPublicKey proven);
}
