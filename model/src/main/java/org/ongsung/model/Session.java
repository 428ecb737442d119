package org.ongsung.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One client connection to one account on one target; its channels are its children.
///
/// @param login the account's login on the target as it was
/// @param grant the grant that allowed it
/// @param factors how the person proved themselves, such as `publickey SHA256:…` or `password`
/// @param source the person's address, as the listener believed it
/// @param client what the client called itself, for example its SSH identification string
/// @param node which gateway process carried it
/// @param end null while live
public record Session(
    SessionId id,
    Name user,
    Name target,
    Name account,
    String login,
    Protocol protocol,
    Name grant,
    String factors,
    String source,
    String client,
    String node,
    Instant startedAt,
    @Nullable End end) {

  /// How it ended.
  ///
  /// @param by the administrator who ended it, or null
  /// @param bytesFromClient payload bytes from person to target over all channels
  /// @param bytesToClient payload bytes from target to person over all channels
  public record End(
      Instant at,
      SessionState state,
      EndReason reason,
      @Nullable Name by,
      long bytesFromClient,
      long bytesToClient) {}

  /// Where it stands.
  public SessionState state() {
    return end == null ? SessionState.LIVE : end.state();
  }

  /// The same session, ended.
  public Session ended(End how) {
    return new Session(
        id, user, target, account, login, protocol, grant, factors, source, client, node, startedAt,
        how);
  }
}
