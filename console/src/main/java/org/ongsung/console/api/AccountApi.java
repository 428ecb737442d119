package org.ongsung.console.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.DirectoryEdits;
import org.ongsung.console.services.Logins;
import org.ongsung.console.services.ReachableTargets;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.Role;
import org.ongsung.model.SshPublicKey;
import org.ongsung.policy.LoginResult;

/// Who I am: login, logout, password, what I may reach, my tokens.
public final class AccountApi {
  private static final int MAX_LABEL_CHARACTERS = 100;

  private final Logins logins;
  private final DirectoryEdits edits;
  private final ReachableTargets reachable;
  private final InstantSource clock;
  private final Duration lifetime;

  /// @param lifetime how long a token of a login lasts
  public AccountApi(
      Logins logins,
      DirectoryEdits edits,
      ReachableTargets reachable,
      InstantSource clock,
      Duration lifetime) {
    this.logins = logins;
    this.edits = edits;
    this.reachable = reachable;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "POST",
            "/login",
            Access.PUBLIC,
            ApiDoc.of("Exchange a password for a token.", "Login", "LoginAnswer"),
            this::logIn)
        .api(
            "POST",
            "/logout",
            Access.USER,
            ApiDoc.of("End the token or session that asks.", "", ""),
            this::logOut)
        .api("GET", "/me", Access.USER, ApiDoc.of("Who the caller is.", "", "Me"), this::me)
        .api(
            "PUT",
            "/me/password",
            Access.USER,
            ApiDoc.of("Change one's own password.", "OwnPassword", ""),
            this::password)
        .api(
            "PUT",
            "/me/language",
            Access.USER,
            ApiDoc.of("Choose one's own language: auto, ko or en.", "OwnLanguage", ""),
            this::language)
        .api(
            "GET",
            "/me/keys",
            Access.USER,
            ApiDoc.of("One's own public keys.", "", "Keys"),
            exchange ->
                Json.ok(
                    Map.of(
                        "keys",
                        edits.ownKeys(exchange.caller()).stream().map(AccountApi::tree).toList())))
        .api(
            "POST",
            "/me/keys",
            Access.USER,
            ApiDoc.of("Add a public key of one's own, with the password.", "NewKey", ""),
            this::addKey)
        .api(
            "DELETE",
            "/me/keys/{key}",
            Access.USER,
            ApiDoc.of("Take away one of one's own public keys, by its id.", "", ""),
            this::removeKey)
        .api(
            "GET",
            "/me/targets",
            Access.USER,
            ApiDoc.of("What the caller may reach, with the commands to paste.", "", "MyTargets"),
            this::targets)
        .api(
            "GET",
            "/tokens",
            Access.USER,
            ApiDoc.of("The caller's own tokens and console sessions.", "", "Tokens"),
            this::tokens)
        .api(
            "POST",
            "/tokens",
            Access.USER,
            ApiDoc.of("Make a token; its text is told once.", "NewToken", "MadeToken"),
            this::makeToken)
        .api(
            "DELETE",
            "/tokens/{id}",
            Access.USER,
            ApiDoc.of("Revoke one of the caller's own tokens.", "", ""),
            this::revoke);
  }

  private Reply logIn(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    String name = Asked.text(body, "name");
    String password = Asked.text(body, "password");
    return switch (logins.check(name, password, exchange.source(), "api")) {
      case LoginResult.Accepted accepted -> {
        Logins.Made made = logins.openApiSession(accepted.user(), lifetime);
        yield Json.ok(madeToken(made));
      }
      case LoginResult.Rejected _ ->
          throw new HttpProblem(401, "rejected", "the user name or the password is not right");
      case LoginResult.Blocked blocked -> throw Logins.blocked(blocked);
    };
  }

  private static Map<String, @Nullable Object> madeToken(Logins.Made made) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("token", made.text());
    answer.put("id", made.token().id());
    Instant end = made.token().expiresAt();
    answer.put("expiresAt", end == null ? null : end.toString());
    return answer;
  }

  private Reply logOut(Exchange exchange) {
    logins.logOut(exchange.caller());
    return Reply.noContent();
  }

  private Reply me(Exchange exchange) {
    Caller caller = exchange.caller();
    Map<String, @Nullable Object> me = new LinkedHashMap<>();
    me.put("name", caller.name());
    me.put("title", caller.user() == null ? "" : caller.user().user().title().value());
    me.put("roles", caller.roles().stream().sorted().map(Role::text).toList());
    me.put("factors", caller.user() == null ? "" : caller.user().factors());
    me.put("source", caller.sourceText());
    me.put("language", caller.language().text());
    return Json.ok(me);
  }

  private Reply password(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    edits.changeOwnPassword(
        exchange.caller(), Asked.text(body, "current"), Asked.text(body, "password"), "api");
    return Reply.noContent();
  }

  private Reply language(Exchange exchange) throws IOException {
    LanguageChoice choice;
    try {
      choice = LanguageChoice.of(Asked.text(exchange.json(), "language"));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest("language is auto, ko or en");
    }
    edits.chooseLanguage(exchange.caller(), choice);
    return Reply.noContent();
  }

  private static Map<String, Object> tree(SshPublicKey key) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", id(key));
    tree.put("algorithm", key.algorithm());
    tree.put("fingerprint", key.fingerprint());
    tree.put("comment", key.comment());
    return tree;
  }

  /// The fingerprint as it may stand in an address and, beginning with no hyphen, on a command
  /// line.
  private static String id(SshPublicKey key) {
    return key.fingerprint().replace("SHA256:", "").replace('+', '.').replace('/', '_');
  }

  private Reply addKey(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    edits.addOwnKey(exchange.caller(), Asked.text(body, "current"), Asked.text(body, "key"), "api");
    return Reply.noContent();
  }

  private Reply removeKey(Exchange exchange) {
    String id = exchange.variable("key");
    edits.removeOwnKey(exchange.caller(), key -> id(key).equals(id));
    return Reply.noContent();
  }

  private Reply targets(Exchange exchange) {
    List<Map<String, @Nullable Object>> rows =
        reachable.of(exchange.caller()).stream().map(Trees::of).toList();
    return Json.ok(Map.of("targets", rows));
  }

  private Reply tokens(Exchange exchange) {
    return Json.ok(
        Map.of("tokens", logins.mine(exchange.caller()).stream().map(Trees::of).toList()));
  }

  private Reply makeToken(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    String label = Asked.text(body, "label");
    if (label.length() > MAX_LABEL_CHARACTERS
        || label.codePoints().anyMatch(Character::isISOControl)) {
      throw HttpProblem.badRequest("label is one line of at most 100 characters");
    }
    Logins.Made made =
        logins.makeToken(exchange.caller(), label, lifetime(Asked.optionalText(body, "expiresAt")));
    return Reply.json(201, Json.write(madeToken(made)));
  }

  private @Nullable Duration lifetime(Optional<String> expiresAt) {
    if (expiresAt.isEmpty()) {
      return null;
    }
    try {
      Instant end = OffsetDateTime.parse(expiresAt.get()).toInstant();
      Duration left = Duration.between(clock.instant(), end);
      if (left.isPositive()) {
        return left;
      }
    } catch (DateTimeParseException e) {
      throw HttpProblem.badRequest("expiresAt is a moment such as 2030-01-01T00:00:00+09:00");
    }
    throw HttpProblem.badRequest("expiresAt lies in the future");
  }

  private Reply revoke(Exchange exchange) {
    if (!logins.revoke(exchange.caller(), exchange.variable("id"))) {
      throw HttpProblem.notFound();
    }
    return Reply.noContent();
  }
}
