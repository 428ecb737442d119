package org.ongsung.console.page;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Redirects;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.QuickConnect;
import org.ongsung.console.services.Reachable;
import org.ongsung.console.services.WallReading;
import org.ongsung.console.services.WallTarget;
import org.ongsung.directory.adhoc.AdHocTargets;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.Wall;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;

/// The wall: where everybody starts, and gets in.
public final class WallPages {
  private final Pages pages;
  private final WallReading wall;
  private final Wall board;
  private final QuickConnect quick;
  private final ConnectPages connect;

  public WallPages(
      Pages pages, WallReading wall, Wall board, QuickConnect quick, ConnectPages connect) {
    this.pages = pages;
    this.wall = wall;
    this.board = board;
    this.quick = quick;
    this.connect = connect;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/", Access.USER, this::wall)
        .form("/stars", Access.USER, this::star)
        .form("/quick", Access.USER, this::quick);
  }

  /// What somebody typed into the quick line, and the key of what is wrong with it.
  public record Typed(String protocol, String address, String port, String problem) {
    static final Typed NOTHING = new Typed(Protocol.SSH.text(), "", "", "");
  }

  private Reply wall(Exchange exchange) {
    return show(exchange, 200, exchange.query().first("q").orElse(""), Typed.NOTHING);
  }

  private Reply show(Exchange exchange, int status, String q, Typed typed) {
    Caller caller = exchange.caller();
    int number = number(exchange.query().first("page").orElse("1"));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("q", q);
    model.put("number", number);
    model.put("typed", typed);
    model.put("registers", quick.registers());
    if (q.isEmpty()) {
      model.put("sections", wall.of(caller, number));
      model.put("found", new WallReading.Found(List.of(), false));
    } else {
      model.put("sections", WallReading.Sections.NONE);
      model.put("found", wall.find(caller, q, WallReading.PAGE));
    }
    List<Notice> notices = List.of();
    List<WallLink> links = List.of();
    if (caller.user() != null) {
      notices = board.noticesFor(caller.user().user());
      links = board.linksFor(caller.user().user());
    }
    model.put("notices", notices);
    model.put("links", links);
    return pages.show(status, pages.page(exchange), "wall", model);
  }

  private static int number(String text) {
    return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 1;
  }

  /// Goes to the one target at an address, or shows those that there are.
  private Reply quick(Exchange exchange) throws IOException, InterruptedException {
    Fields form = exchange.form();
    String protocol = form.raw("protocol");
    String typed = form.raw("address").strip();
    String port = form.raw("port").strip();
    Protocol wanted;
    HostAndPort address;
    try {
      wanted = Protocol.of(protocol);
      address = QuickConnect.address(wanted, typed, port);
    } catch (IllegalArgumentException e) {
      return show(exchange, 422, "", new Typed(protocol, typed, port, "quick.unreadable"));
    }
    QuickConnect.Found found =
        quick.find(
            exchange.caller(),
            wanted,
            address,
            host -> exchange.rest(() -> AdHocTargets.lookUp(host)));
    if (found.targets().isEmpty()) {
      String problem = found.full() ? "quick.full" : "quick.nothing";
      return show(exchange, 404, "", new Typed(protocol, typed, port, problem));
    }
    if (found.targets().size() == 1) {
      String name = found.targets().getFirst().value();
      List<String> accounts =
          wall.find(exchange.caller(), name, 1).targets().stream()
              .map(WallTarget::first)
              .filter(Objects::nonNull)
              .map(Reachable.AccountWay::account)
              .toList();
      if (!accounts.isEmpty()) {
        return connect.show(exchange, name, accounts.getFirst());
      }
    }
    return show(exchange, 200, typed, new Typed(protocol, typed, port, ""));
  }

  private Reply star(Exchange exchange) throws IOException {
    Fields form = exchange.form();
    String target = form.raw("target");
    if (!Name.isValid(target)) {
      throw HttpProblem.notFound();
    }
    wall.star(exchange.caller(), Name.of(target), form.raw("starred").equals("true"));
    String q = form.raw("q");
    return Reply.seeOther(
        Redirects.inside(
            q.isEmpty() ? "/" : "/?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8), "/"));
  }
}
