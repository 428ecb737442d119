package org.ongsung.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;

/// Where access tokens lie. It does not judge them: whoever asks checks the expiry and that the
/// user is still there and active.
///
/// Every method blocks. Writes are durable on return; all throw [TokensUnavailableException] when
/// the store cannot be reached.
public interface TokenStore {
  /// Writes a new token; its id and digest are new.
  void create(AccessToken token);

  /// The token whose text has this SHA-256 (64 lower-case hex digits), expired or not.
  Optional<AccessToken> find(String sha256);

  /// The tokens of `user`, or with null those of the owner of the data folder; newest first.
  List<AccessToken> list(@Nullable Name user);

  /// All tokens of everybody; newest first.
  List<AccessToken> listAll();

  /// Writes when a token was last used, unless a later time stands there. For callers to ask about
  /// once a minute per token, not per request.
  void used(String id, Instant at);

  /// Removes a token.
  ///
  /// @return whether it was there
  boolean delete(String id);

  /// Removes every token of `user`, but for `exceptId` when that is not null: after a change of
  /// password, and when the user goes.
  ///
  /// @return how many there were
  int deleteAll(Name user, @Nullable String exceptId);

  /// Removes what has expired at `now`.
  ///
  /// @return how many there were
  int purgeExpired(Instant now);
}
