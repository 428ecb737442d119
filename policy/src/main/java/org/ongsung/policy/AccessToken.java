package org.ongsung.policy;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.Actor;
import org.ongsung.model.Name;

/// A bearer token as it lies in the store: a console session or an API token, known by the SHA-256
/// of what its bearer shows, never by that itself. Printed without its digest and CSRF secret.
///
/// @param id names it in lists, API and ledger; opens nothing
/// @param sha256 lower-case hex of the SHA-256 of the token's text: 64 characters
/// @param user whose it is; null for the owner of the data folder (`local-admin`)
/// @param label what its maker calls it; may be empty
/// @param factors how the bearer proved themselves when it was made: `password`, …
/// @param source the address it was made from; may be empty
/// @param expiresAt the first moment at which it opens nothing any more; null means no end
/// @param lastUsedAt to the minute or so; null when it was never used
/// @param csrfSecret what the pages of a console session prove themselves with; empty for API
///   tokens
public record AccessToken(
    String id,
    String sha256,
    @Nullable Name user,
    Purpose purpose,
    String label,
    String factors,
    String source,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    String csrfSecret) {
  /// The actor that stands in the ledger for tokens without a user.
  public static final String LOCAL_ADMIN = Actor.LOCAL_ADMIN;

  /// What stands before a worker's name where others have a user's; no user can have it in theirs.
  public static final String WORKER_PREFIX = "worker:";

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_CHARACTERS = 512;

  /// What a token is for.
  public enum Purpose {
    /// A browser's session with the console, carried in a cookie.
    CONSOLE_SESSION("console-session"),
    /// A bearer token of the command line or of a script.
    API_TOKEN("api-token"),
    /// What a worker elsewhere leases jobs with, and can do nothing else with. Belongs to nobody;
    /// its label is the worker's name.
    WORKER("worker");

    private final String text;

    Purpose(String text) {
      this.text = text;
    }

    /// The word in store, API and ledger.
    public String text() {
      return text;
    }

    /// The purpose of a word; throws [IllegalArgumentException] for any other.
    public static Purpose of(String text) {
      for (Purpose purpose : values()) {
        if (purpose.text.equals(text)) {
          return purpose;
        }
      }
      throw new IllegalArgumentException("not a token's purpose: " + text);
    }
  }

  public AccessToken {
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("a token is kept as 64 hex digits of its SHA-256");
    }
    if (id.isEmpty()
        || id.length() > MAX_CHARACTERS
        || label.length() > MAX_CHARACTERS
        || factors.length() > MAX_CHARACTERS
        || source.length() > MAX_CHARACTERS
        || csrfSecret.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("a token's texts have at most 512 characters");
    }
  }

  /// Whether it opens nothing any more at `now`.
  public boolean expiredAt(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  /// Who acts with it, for the ledger.
  public String actor() {
    return purpose == Purpose.WORKER
        ? WORKER_PREFIX + label
        : user == null ? LOCAL_ADMIN : user.value();
  }

  /// Whether it belongs to the owner of the data folder rather than to a user.
  public boolean isLocalAdmin() {
    return user == null && purpose != Purpose.WORKER;
  }

  @Override
  public String toString() {
    return "AccessToken[" + id + ", " + actor() + ", " + purpose.text() + "]";
  }
}
