package org.ongsung.server.configuration;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ongsung.console.text.Language;
import org.ongsung.model.AuditCode;
import org.ongsung.model.HostAndPort;

/// Who outside is told of what, and how.
public record Notices(Optional<Webhook> webhook, Optional<Mail> mail) {
  /// Nobody of nothing.
  public static final Notices NONE = new Notices(Optional.empty(), Optional.empty());

  /// A URL that is posted to.
  ///
  /// @param secretFile holds on its first line what the posts are signed with, where the vault
  ///   holds nothing for that
  /// @param on which events of the ledger
  public record Webhook(URI url, Optional<Path> secretFile, Set<AuditCode> on) {
    public Webhook {
      on = Set.copyOf(on);
    }
  }

  /// People who get mail.
  ///
  /// @param user with the file of their password, for servers that ask for a login
  /// @param on which events of the ledger
  /// @param language of its readers
  public record Mail(
      HostAndPort server,
      Security security,
      String from,
      List<String> to,
      Optional<String> user,
      Optional<Path> passwordFile,
      Set<AuditCode> on,
      Language language) {
    public Mail {
      to = List.copyOf(to);
      on = Set.copyOf(on);
    }
  }

  /// How the way to a mail server is kept from others.
  public enum Security {
    /// Begun in clear, then by TLS, or not at all (RFC 3207).
    STARTTLS,
    /// By TLS from the first byte (RFC 8314).
    TLS,
    /// Not at all; for a server on this machine.
    NONE
  }
}
