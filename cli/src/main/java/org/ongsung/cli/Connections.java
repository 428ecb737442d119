package org.ongsung.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.client.LocalGateway;
import org.ongsung.cli.client.SavedLogin;
import org.ongsung.cli.words.Phrase;

/// Decides which gateway a command speaks to, and as whom: with a configuration named, the gateway
/// of this machine; without one, the gateway of this machine if its token file is there for us,
/// else the login that was made last.
final class Connections {
  private static final int MAX_TOKEN_BYTES = 4_096;

  private final Surroundings surroundings;
  private final LocalGateway localGateway;

  Connections(Surroundings surroundings, LocalGateway localGateway) {
    this.surroundings = surroundings;
    this.localGateway = localGateway;
  }

  static Path loginFile(Surroundings surroundings) {
    return surroundings
        .variable("XDG_CONFIG_HOME")
        .map(Path::of)
        .orElseGet(() -> surroundings.home().resolve(".config"))
        .resolve("ongsung/login.json");
  }

  ApiClient open(Optional<Path> config) {
    if (config.isPresent()) {
      return local(localGateway.locate(config));
    }
    Optional<SavedLogin> login = savedLogin();
    LocalGateway.Place place = localGateway.locate(config);
    if (Files.isReadable(place.tokenFile()) || login.isEmpty()) {
      return local(place);
    }
    SavedLogin saved = login.get();
    if (hasExpired(saved.expiresAt())) {
      throw new CommandFailure(
          ExitCode.DENIED,
          Phrase.of("login-expired", saved.address()),
          Phrase.of("login-expired.advice", saved.address()));
    }
    return new ApiClient(saved.address(), Optional.of(saved.token()));
  }

  private Optional<SavedLogin> savedLogin() {
    try {
      return SavedLogin.load(loginFile(surroundings));
    } catch (UncheckedIOException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          Phrase.plain(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage())),
          Phrase.of("login-expired.advice", "URL"),
          e);
    }
  }

  private boolean hasExpired(String expiresAt) {
    try {
      return !expiresAt.isEmpty()
          && Instant.parse(expiresAt).isBefore(surroundings.clock().instant());
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static ApiClient local(LocalGateway.Place place) {
    if (!Files.exists(place.tokenFile())) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          Phrase.of("no-gateway", place.tokenFile()),
          Phrase.of("no-gateway.advice"));
    }
    try (var in = Files.newInputStream(place.tokenFile())) {
      // The token, then on a line of its own the address.
      String text = new String(in.readNBytes(MAX_TOKEN_BYTES), StandardCharsets.US_ASCII);
      String token = text.lines().findFirst().orElse("").strip();
      return new ApiClient(place.address(), Optional.of(token));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.DENIED,
          Phrase.of("no-token", place.tokenFile()),
          Phrase.of("no-token.advice", place.address()),
          e);
    }
  }
}
