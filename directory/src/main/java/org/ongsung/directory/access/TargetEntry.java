package org.ongsung.directory.access;

import java.util.List;
import java.util.Map;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.LoginPrompts;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.TextEncoding;
import org.ongsung.model.Title;

/// A target of an access document; see [org.ongsung.model.Target].
///
/// @param hostKeys the pinned keys; empty under trust-on-first-use, where what was learned stays
public record TargetEntry(
    Name name,
    Title title,
    Protocol protocol,
    HostAndPort address,
    Map<String, String> labels,
    HostKeyPolicy hostKeyPolicy,
    List<SshPublicKey> hostKeys,
    List<AccountEntry> accounts,
    LoginPrompts prompts,
    TextEncoding encoding) {
  public TargetEntry {
    labels = Map.copyOf(labels);
    hostKeys = List.copyOf(hostKeys);
    accounts = List.copyOf(accounts);
  }
}
