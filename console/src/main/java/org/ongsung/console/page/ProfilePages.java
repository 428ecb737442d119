package org.ongsung.console.page;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Cookies;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.DirectoryEdits;
import org.ongsung.console.services.Logins;
import org.ongsung.console.services.PeopleReading;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.SshPublicKey;

/// My profile: password, language, tokens.
public final class ProfilePages {
  private static final int MAX_LABEL_CHARACTERS = 100;
  private static final int MAX_DAYS = 3_650;

  private final Pages pages;
  private final DirectoryEdits edits;
  private final Logins logins;
  private final PeopleReading people;

  public ProfilePages(Pages pages, DirectoryEdits edits, Logins logins, PeopleReading people) {
    this.pages = pages;
    this.edits = edits;
    this.logins = logins;
    this.people = people;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/profile", Access.USER, exchange -> show(exchange, 200, "", "", ""))
        .form("/profile/language", Access.USER, this::language)
        .form("/profile/password", Access.USER, this::password)
        .form("/profile/keys", Access.USER, this::addKey)
        .form("/profile/keys/{key}/remove", Access.USER, this::removeKey)
        .form("/profile/tokens", Access.USER, this::makeToken)
        .form("/profile/tokens/{id}/revoke", Access.USER, this::revoke);
  }

  /// @param good key of what went well, or empty
  /// @param bad key of what did not, or empty
  /// @param token the text of a token just made, or empty
  private Reply show(Exchange exchange, int status, String good, String bad, String token) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("tokens", logins.mine(exchange.caller()));
    model.put("keys", edits.ownKeys(exchange.caller()));
    exchange
        .caller()
        .userName()
        .flatMap(people::of)
        .ifPresent(person -> model.put("person", person));
    model.put("good", good);
    model.put("bad", bad);
    model.put("token", token);
    return pages.show(status, pages.page(exchange), "profile", model);
  }

  private Reply language(Exchange exchange) throws IOException {
    LanguageChoice choice;
    try {
      choice = LanguageChoice.of(exchange.form().raw("language"));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest("language is auto, ko or en");
    }
    edits.chooseLanguage(exchange.caller(), choice);
    // What was chosen in this browser alone would stand in the way of nothing chosen.
    return Reply.seeOther("/profile")
        .withCookie(Cookies.clear(Cookies.LANGUAGE, exchange.cookieScope()));
  }

  private Reply password(Exchange exchange) throws IOException {
    Fields form = exchange.form();
    if (!form.raw("password").equals(form.raw("again"))) {
      return show(exchange, 422, "", "profile.not-again", "");
    }
    try {
      edits.changeOwnPassword(
          exchange.caller(), form.raw("current"), form.raw("password"), "console");
    } catch (HttpProblem e) {
      return show(exchange, e.status(), "", "profile." + e.code(), "");
    }
    return show(exchange, 200, "profile.password-changed", "", "");
  }

  private Reply addKey(Exchange exchange) throws IOException {
    Fields form = exchange.form();
    try {
      edits.addOwnKey(exchange.caller(), form.raw("current"), form.raw("key"), "console");
    } catch (HttpProblem e) {
      return show(exchange, e.status(), "", "profile." + e.code(), "");
    }
    return show(exchange, 200, "profile.key-added", "", "");
  }

  private Reply removeKey(Exchange exchange) {
    String id = exchange.variable("key");
    edits.removeOwnKey(exchange.caller(), key -> keyId(key).equals(id));
    return Reply.seeOther("/profile");
  }

  /// A key's fingerprint as it may stand in an address.
  public static String keyId(SshPublicKey key) {
    return key.fingerprint().replace("SHA256:", "").replace('+', '.').replace('/', '_');
  }

  private Reply makeToken(Exchange exchange) throws IOException {
    Fields form = exchange.form();
    String label = form.raw("label").strip();
    String days = form.raw("days").strip();
    boolean readable =
        !label.isEmpty()
            && label.length() <= MAX_LABEL_CHARACTERS
            && label.codePoints().noneMatch(Character::isISOControl)
            && days.matches("[0-9]{1,4}")
            && Integer.parseInt(days) >= 1
            && Integer.parseInt(days) <= MAX_DAYS;
    if (!readable) {
      return show(exchange, 422, "", "profile.bad-token", "");
    }
    Duration lifetime = Duration.ofDays(Integer.parseInt(days));
    Logins.Made made = logins.makeToken(exchange.caller(), label, lifetime);
    return show(exchange, 200, "profile.token-made", "", made.text());
  }

  private Reply revoke(Exchange exchange) {
    logins.revoke(exchange.caller(), exchange.variable("id"));
    return Reply.seeOther("/profile");
  }
}
