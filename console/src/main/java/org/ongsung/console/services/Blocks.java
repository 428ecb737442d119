package org.ongsung.console.services;

import java.util.List;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.policy.LoginBlock;
import org.ongsung.policy.ThrottledAuthenticator;

/// Addresses that may not log in for a while, and their release.
public final class Blocks {
  private final ThrottledAuthenticator authenticator;

  public Blocks(ThrottledAuthenticator authenticator) {
    this.authenticator = authenticator;
  }

  public List<LoginBlock> list() {
    return authenticator.blocks();
  }

  /// Lets an address try again at once; in the ledger before it can.
  ///
  /// @throws HttpProblem 404 when it is not blocked
  public void release(Caller caller, String key) {
    if (!authenticator.release(DirectoryEdits.actor(caller), key)) {
      throw HttpProblem.notFound();
    }
  }
}
