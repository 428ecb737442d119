package org.ongsung.console.house;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Name;
import org.ongsung.policy.AccessToken;
import org.ongsung.policy.TokenStore;

/// Tokens in memory.
final class MemoryTokenStore implements TokenStore {
  private final List<AccessToken> tokens = new ArrayList<>();
  private int questions;

  /// How often it was asked whose a token is.
  synchronized int questions() {
    return questions;
  }

  @Override
  public synchronized void create(AccessToken token) {
    tokens.addFirst(token);
  }

  @Override
  public synchronized Optional<AccessToken> find(String sha256) {
    questions++;
    return tokens.stream().filter(token -> token.sha256().equals(sha256)).findFirst();
  }

  @Override
  public synchronized List<AccessToken> list(@Nullable Name user) {
    return tokens.stream().filter(token -> Objects.equals(token.user(), user)).toList();
  }

  @Override
  public synchronized List<AccessToken> listAll() {
    return List.copyOf(tokens);
  }

  @Override
  public synchronized void used(String id, Instant at) {
    tokens.replaceAll(
        token ->
            token.id().equals(id)
                ? new AccessToken(
                    token.id(),
                    token.sha256(),
                    token.user(),
                    token.purpose(),
                    token.label(),
                    token.factors(),
                    token.source(),
                    token.createdAt(),
                    token.expiresAt(),
                    at,
                    token.csrfSecret())
                : token);
  }

  @Override
  public synchronized boolean delete(String id) {
    return tokens.removeIf(token -> token.id().equals(id));
  }

  @Override
  public synchronized int deleteAll(Name user, @Nullable String exceptId) {
    int before = tokens.size();
    tokens.removeIf(token -> user.equals(token.user()) && !token.id().equals(exceptId));
    return before - tokens.size();
  }

  @Override
  public synchronized int purgeExpired(Instant now) {
    int before = tokens.size();
    tokens.removeIf(token -> token.expiredAt(now));
    return before - tokens.size();
  }
}
