package org.ongsung.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A server that people reach through the gateway.
///
/// @param labels at most 64 pairs; keys and values of 1 to 63 and 0 to 255 characters
/// @param hostKeys the pinned keys, or under trust-on-first-use those learned so far
/// @param accounts at most 200, names unique
/// @param prompts how it asks for the login, where the protocol leaves that to the terminal
/// @param encoding how it writes on terminals
public record Target(
    Name name,
    Title title,
    Protocol protocol,
    HostAndPort address,
    Map<String, String> labels,
    HostKeyPolicy hostKeyPolicy,
    List<SshPublicKey> hostKeys,
    List<Account> accounts,
    LoginPrompts prompts,
    TextEncoding encoding) {
  /// The most accounts of one target, inclusive.
  public static final int MAX_ACCOUNTS = 200;

  /// The most labels of one target, inclusive.
  public static final int MAX_LABELS = 64;

  /// A target with the usual prompts that writes UTF-8.
  public Target(
      Name name,
      Title title,
      Protocol protocol,
      HostAndPort address,
      Map<String, String> labels,
      HostKeyPolicy hostKeyPolicy,
      List<SshPublicKey> hostKeys,
      List<Account> accounts) {
    this(
        name,
        title,
        protocol,
        address,
        labels,
        hostKeyPolicy,
        hostKeys,
        accounts,
        LoginPrompts.USUAL,
        TextEncoding.UTF_8);
  }

  public Target {
    labels = Map.copyOf(labels);
    hostKeys = List.copyOf(hostKeys);
    accounts = List.copyOf(accounts);
    Labels.check(labels);
    if (accounts.size() > MAX_ACCOUNTS) {
      throw new IllegalArgumentException("a target has at most 200 accounts: " + name);
    }
    if (accounts.stream().map(Account::name).distinct().count() != accounts.size()) {
      throw new IllegalArgumentException("two accounts of one name on target " + name);
    }
  }

  /// The account of that name, if the target has it.
  public Optional<Account> account(Name account) {
    return accounts.stream().filter(a -> a.name().equals(account)).findFirst();
  }
}
