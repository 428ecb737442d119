package org.ongsung.console.api;

import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.WallEdits;

/// Notices and links: administrators change them, auditors read all of them, and everybody those
/// that are for them.
public final class WallEntryApi {
  private final WallEdits edits;

  public WallEntryApi(WallEdits edits) {
    this.edits = edits;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "GET",
            "/notices",
            Access.AUDITOR,
            ApiDoc.of("All notices, the sticky ones first.", "", "Notices"),
            _ -> Json.ok(Map.of("notices", list(edits.wall().notices(), WallEdits::tree))))
        .api(
            "GET",
            "/notices/{name}",
            Access.AUDITOR,
            ApiDoc.of("One notice.", "", "Notice"),
            exchange -> one(edits.wall().notice(exchange.nameVariable("name")), WallEdits::tree))
        .api(
            "PUT",
            "/notices/{name}",
            Access.ADMIN,
            ApiDoc.of("Add or change a notice; its text is Markdown.", "NewNotice", ""),
            exchange -> {
              edits.putNotice(exchange.caller(), exchange.nameVariable("name"), exchange.json());
              return Reply.noContent();
            })
        .api(
            "DELETE",
            "/notices/{name}",
            Access.ADMIN,
            ApiDoc.of("Delete a notice.", "", ""),
            exchange -> {
              edits.deleteNotice(exchange.caller(), exchange.nameVariable("name"));
              return Reply.noContent();
            })
        .api(
            "GET",
            "/links",
            Access.AUDITOR,
            ApiDoc.of("All links, by rank.", "", "Links"),
            _ -> Json.ok(Map.of("links", list(edits.wall().links(), WallEdits::tree))))
        .api(
            "GET",
            "/links/{name}",
            Access.AUDITOR,
            ApiDoc.of("One link.", "", "Link"),
            exchange -> one(edits.wall().link(exchange.nameVariable("name")), WallEdits::tree))
        .api(
            "PUT",
            "/links/{name}",
            Access.ADMIN,
            ApiDoc.of("Add or change a link.", "NewLink", ""),
            exchange -> {
              edits.putLink(exchange.caller(), exchange.nameVariable("name"), exchange.json());
              return Reply.noContent();
            })
        .api(
            "DELETE",
            "/links/{name}",
            Access.ADMIN,
            ApiDoc.of("Delete a link.", "", ""),
            exchange -> {
              edits.deleteLink(exchange.caller(), exchange.nameVariable("name"));
              return Reply.noContent();
            })
        .api(
            "GET",
            "/me/notices",
            Access.USER,
            ApiDoc.of("The notices that the caller sees now.", "", "Notices"),
            this::mine)
        .api(
            "GET",
            "/me/links",
            Access.USER,
            ApiDoc.of("The links that the caller sees.", "", "Links"),
            this::myLinks);
  }

  private static <T> Reply one(
      java.util.Optional<T> found, java.util.function.Function<T, ?> tree) {
    return Json.ok(tree.apply(found.orElseThrow(HttpProblem::notFound)));
  }

  private static <T> java.util.List<?> list(
      java.util.List<T> all, java.util.function.Function<T, ?> tree) {
    return all.stream().map(tree).toList();
  }

  private Reply mine(Exchange exchange) {
    return Json.ok(
        Map.of(
            "notices",
            exchange.caller().user() == null
                ? java.util.List.of()
                : list(edits.wall().noticesFor(exchange.caller().user().user()), WallEdits::tree)));
  }

  private Reply myLinks(Exchange exchange) {
    return Json.ok(
        Map.of(
            "links",
            exchange.caller().user() == null
                ? java.util.List.of()
                : list(edits.wall().linksFor(exchange.caller().user().user()), WallEdits::tree)));
  }
}
