package org.ongsung.console.page;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Cookies;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.Redirects;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.Logins;
import org.ongsung.console.text.Language;
import org.ongsung.policy.LoginResult;

/// Login, logout and the choice of language.
public final class LoginPages {
  private static final Duration LANGUAGE_LASTS = Duration.ofDays(400);

  private final Pages pages;
  private final Logins logins;
  private final Duration sessionLifetime;

  public LoginPages(Pages pages, Logins logins, Duration sessionLifetime) {
    this.pages = pages;
    this.logins = logins;
    this.sessionLifetime = sessionLifetime;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/login", Access.PUBLIC, this::form)
        .form("/login", Access.PUBLIC, this::logIn)
        .form("/logout", Access.USER, this::logOut)
        .form("/language", Access.PUBLIC, this::language);
  }

  private Reply form(Exchange exchange) {
    String next = Redirects.inside(exchange.query().raw("next"), "/");
    if (exchange.callerIfAny().isPresent()) {
      return Reply.seeOther(next);
    }
    return show(exchange, 200, next, "", "");
  }

  private Reply show(Exchange exchange, int status, String next, String name, String error) {
    return pages.show(
        status, pages.page(exchange), "login", Map.of("next", next, "name", name, "error", error));
  }

  private Reply logIn(Exchange exchange) throws IOException {
    Fields form = exchange.form();
    String next = Redirects.inside(form.raw("next"), "/");
    String name = form.raw("name").strip();
    Page page = pages.page(exchange);
    return switch (logins.check(name, form.raw("password"), exchange.source(), "console")) {
      case LoginResult.Accepted accepted -> {
        Logins.Made made = logins.openSession(accepted.user(), sessionLifetime);
        yield Reply.seeOther(next)
            .withCookie(
                Cookies.set(Cookies.SESSION, made.text(), sessionLifetime, exchange.cookieScope()))
            .withCookie(Cookies.clear(Cookies.FORM, exchange.cookieScope()));
      }
      case LoginResult.Rejected _ -> show(exchange, 401, next, name, page.t("login.rejected"));
      case LoginResult.Blocked blocked -> {
        Duration wait = atLeastASecond(blocked.retryAfter());
        String why = page.t(blocked.busy() ? "login.busy" : "login.blocked", page.duration(wait));
        yield show(exchange, blocked.busy() ? 503 : 429, next, name, why)
            .with("Retry-After", Long.toString(wait.toSeconds()));
      }
    };
  }

  private static Duration atLeastASecond(Duration wait) {
    return wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait;
  }

  private Reply logOut(Exchange exchange) {
    logins.logOut(exchange.caller());
    return Reply.seeOther("/login")
        .withCookie(Cookies.clear(Cookies.SESSION, exchange.cookieScope()));
  }

  private Reply language(Exchange exchange) throws IOException {
    Fields form = exchange.form();
    Language chosen = Language.of(form.raw("language"), "");
    return Reply.seeOther(Redirects.inside(form.raw("next"), "/"))
        .withCookie(
            Cookies.set(Cookies.LANGUAGE, chosen.tag(), LANGUAGE_LASTS, exchange.cookieScope()));
  }
}
