package org.ongsung.console.page;

import java.util.List;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.StyleNonce;
import org.ongsung.console.services.Reachable;
import org.ongsung.console.services.ReachableTargets;
import org.ongsung.model.Capability;

/// The page with a terminal on it, and before it the choice of an account where there are several.
/// Opening the page opens nothing yet; its script does.
public final class TerminalPages {
  private final Pages pages;
  private final ReachableTargets reachable;

  public TerminalPages(Pages pages, ReachableTargets reachable) {
    this.pages = pages;
    this.reachable = reachable;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/terminal/{name}", Access.USER, this::choose)
        .page("/terminal/{name}/{account}", Access.USER, this::show);
  }

  private Reachable target(Caller caller, String name) {
    return reachable.of(caller).stream()
        .filter(one -> one.target().equals(name))
        .filter(one -> !accounts(one).isEmpty())
        .findFirst()
        .orElseThrow(HttpProblem::notFound);
  }

  private static List<String> accounts(Reachable target) {
    return target.accounts().stream()
        .filter(way -> way.may().contains(Capability.SHELL.text()))
        .map(Reachable.AccountWay::account)
        .toList();
  }

  private Reply choose(Exchange exchange) {
    Reachable target = target(exchange.caller(), exchange.variable("name"));
    List<String> accounts = accounts(target);
    return accounts.size() == 1
        ? Reply.seeOther("/terminal/" + target.target() + "/" + accounts.getFirst())
        : pages.show(
            exchange, "terminalaccounts", Map.of("target", target.target(), "accounts", accounts));
  }

  private Reply show(Exchange exchange) {
    Reachable target = target(exchange.caller(), exchange.variable("name"));
    String account = exchange.variable("account");
    if (!accounts(target).contains(account)) {
      throw HttpProblem.notFound();
    }
    StyleNonce nonce = StyleNonce.create();
    boolean sockets = !"fastcgi".equals(exchange.provenance().get("way"));
    return nonce.on(
        pages.show(
            exchange,
            "terminal",
            Map.of(
                "target", target.target(),
                "title", target.title(),
                "account", account,
                "sockets", sockets,
                "nonce", nonce.value())));
  }
}
