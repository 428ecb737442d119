package org.ongsung.practice;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// What a practice target is to be like.
///
/// @param address the address to listen on; a loopback one, unless others are meant to practise too
/// @param port 0 for any that is free
/// @param account the only account, which may be any name
/// @param password lets the account in, if there is one; never logged
/// @param authorizedKeys lines of an authorized_keys file that let the account in; at least this or
///   a password
/// @param hostKeyFile where the host key is kept, made if absent; empty for one in memory that is
///   new at each start
/// @param hostname what the prompt shows
/// @param clock for `date` and the prompt's zone
public record PracticeOptions(
    String address,
    int port,
    String account,
    Optional<String> password,
    List<String> authorizedKeys,
    Optional<Path> hostKeyFile,
    String hostname,
    Clock clock,
    PracticeLimits limits) {

  public PracticeOptions {
    authorizedKeys = List.copyOf(authorizedKeys);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is from 0 to 65535");
    }
    if (!account.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
      throw new IllegalArgumentException("an account's name is like demo or root");
    }
    if (password.isEmpty() && authorizedKeys.isEmpty()) {
      throw new IllegalArgumentException("a practice target needs a password or a key to let in");
    }
  }

  /// A target on any free loopback port, with a host key in memory, that lets the account in by its
  /// password.
  public static PracticeOptions withPassword(String account, String password) {
    return onLoopback(account, Optional.of(password), List.of());
  }

  /// The same for a key, one line of an authorized_keys file.
  public static PracticeOptions withKey(String account, String authorizedKey) {
    return onLoopback(account, Optional.empty(), List.of(authorizedKey));
  }

  private static PracticeOptions onLoopback(
      String account, Optional<String> password, List<String> authorizedKeys) {
    return new PracticeOptions(
        "127.0.0.1",
        0,
        account,
        password,
        authorizedKeys,
        Optional.empty(),
        "practice",
        Clock.system(ZoneId.systemDefault()),
        PracticeLimits.DEFAULT);
  }

  /// On a port of one's own.
  public PracticeOptions onPort(int changed) {
    return new PracticeOptions(
        address, changed, account, password, authorizedKeys, hostKeyFile, hostname, clock, limits);
  }

  /// With a host key that is kept in a file, so that it stays the same at the next start.
  public PracticeOptions hostKeyIn(Path changed) {
    return new PracticeOptions(
        address,
        port,
        account,
        password,
        authorizedKeys,
        Optional.of(changed),
        hostname,
        clock,
        limits);
  }

  /// With another name in the prompt.
  public PracticeOptions hostname(String changed) {
    return new PracticeOptions(
        address, port, account, password, authorizedKeys, hostKeyFile, changed, clock, limits);
  }

  /// With another clock.
  public PracticeOptions clock(Clock changed) {
    return new PracticeOptions(
        address, port, account, password, authorizedKeys, hostKeyFile, hostname, changed, limits);
  }

  /// With other limits.
  public PracticeOptions limits(PracticeLimits changed) {
    return new PracticeOptions(
        address, port, account, password, authorizedKeys, hostKeyFile, hostname, clock, changed);
  }

  /// Shows neither the password nor whether there is one.
  @Override
  public String toString() {
    return "PracticeOptions[" + account + "@" + address + ":" + port + "]";
  }
}
