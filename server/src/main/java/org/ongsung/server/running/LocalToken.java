package org.ongsung.server.running;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.TokenStore;
import org.ongsung.policy.Tokens;
import org.ongsung.server.data.DataFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The token by which the owner of the data folder uses the command line without a login: made at
/// each start, kept in the file `cli-token` (mode 0600; the token, then the console's address),
/// gone at the stop.
final class LocalToken implements AutoCloseable {
  static final String FILE = "cli-token";

  private static final Logger LOG = LoggerFactory.getLogger(LocalToken.class);

  private final TokenStore tokens;
  private final DataFolder data;
  private final String id;

  private LocalToken(TokenStore tokens, DataFolder data, String id) {
    this.tokens = tokens;
    this.data = data;
    this.id = id;
  }

  /// Makes the token and writes the file; takes back what an earlier process of this node left.
  static LocalToken create(
      TokenStore tokens, DataFolder data, String node, URI console, Instant now)
      throws IOException {
    String label = "command line at " + node;
    for (AccessToken left : tokens.list(null)) {
      if (left.label().equals(label)) {
        tokens.delete(left.id());
      }
    }
    String text = Tokens.newText();
    String id = Tokens.newId();
    tokens.create(
        new AccessToken(
            id,
            Tokens.sha256(text),
            null,
            AccessToken.Purpose.API_TOKEN,
            label,
            "local token",
            "",
            now,
            null,
            null,
            ""));
    data.write(FILE, text + "\n" + console + "\n");
    return new LocalToken(tokens, data, id);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(data.resolve(FILE));
    try {
      tokens.delete(id);
    } catch (RuntimeException e) {
      LOG.warn("the local token stays in the database until the next start", e);
    }
  }
}
