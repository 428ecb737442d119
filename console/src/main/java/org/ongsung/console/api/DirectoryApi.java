package org.ongsung.console.api;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Json;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Surface;
import org.ongsung.console.services.DirectoryEdits;
import org.ongsung.console.services.ReachQuestions;
import org.ongsung.console.services.ReachRow;
import org.ongsung.directory.Difference;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.access.AccessExporter;
import org.ongsung.directory.access.AccessResult;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.model.Name;

/// Users, groups, targets and grants; apply and export; who reaches what. Entries have the shape of
/// the access file.
public final class DirectoryApi {
  private final DirectoryEdits edits;
  private final ReachQuestions reach;
  private final int applyBytes;

  public DirectoryApi(DirectoryEdits edits, ReachQuestions reach, int applyBytes) {
    this.edits = edits;
    this.reach = reach;
    this.applyBytes = applyBytes;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    addEntries(routes, Difference.Kind.USER, "users", "User");
    addEntries(routes, Difference.Kind.GROUP, "groups", "Group");
    addEntries(routes, Difference.Kind.TARGET, "targets", "Target");
    addEntries(routes, Difference.Kind.GRANT, "grants", "Grant");
    routes
        .api(
            "PUT",
            "/users/{name}/password",
            Access.ADMIN,
            ApiDoc.of("Give a user a new password; ends their logins.", "Password", ""),
            this::password)
        .api(
            "GET",
            "/export",
            Access.ADMIN,
            ApiDoc.of("The whole directory as an access document, no secrets.", "", "AccessFile"),
            this::export)
        .add(
            "POST",
            "/api/v1/apply",
            Surface.API,
            Access.ADMIN,
            applyBytes,
            this::apply,
            ApiDoc.of("Apply an access document: all of it or nothing.", "Apply", "Applied"))
        .api(
            "GET",
            "/reach",
            Access.AUDITOR,
            ApiDoc.of("Who can reach a target, or what a user can reach.", "", "Reach")
                .with("user: a user's name", "target: a target's name"),
            this::reach);
  }

  private void addEntries(
      RouteTable.Builder routes, Difference.Kind kind, String collection, String schema) {
    String one = "/" + collection + "/{name}";
    routes
        .api(
            "GET",
            "/" + collection,
            Access.AUDITOR,
            ApiDoc.of("All " + collection + ".", "", schema + "s"),
            exchange -> Json.ok(Map.of(collection, all(kind))))
        .api(
            "GET",
            one,
            Access.AUDITOR,
            ApiDoc.of("One " + kind.text() + ".", "", schema),
            exchange -> Json.ok(edits.tree(kind, exchange.nameVariable("name"))))
        .api(
            "PUT",
            one,
            Access.ADMIN,
            ApiDoc.of(
                "Add or change a " + kind.text() + "; unmentioned secrets stay.",
                schema,
                "Applied"),
            exchange -> put(exchange, kind))
        .api(
            "DELETE",
            one,
            Access.ADMIN,
            ApiDoc.of("Delete a " + kind.text() + ".", "", ""),
            exchange -> {
              edits.delete(exchange.caller(), kind, exchange.nameVariable("name"));
              return Reply.noContent();
            });
  }

  private List<Map<String, Object>> all(Difference.Kind kind) {
    DirectorySnapshot now = edits.snapshot();
    return switch (kind) {
      case USER -> trees(now.users().values(), u -> AccessTree.write(AccessExporter.export(u)));
      case GROUP -> trees(now.groups().values(), AccessTree::write);
      case TARGET -> trees(now.targets().values(), t -> AccessTree.write(AccessExporter.export(t)));
      case GRANT -> trees(now.grants().values(), AccessTree::write);
    };
  }

  private static <T> List<Map<String, Object>> trees(
      Collection<T> entries, java.util.function.Function<T, Map<String, Object>> write) {
    return entries.stream().map(write).toList();
  }

  private Reply put(Exchange exchange, Difference.Kind kind) throws IOException {
    Name name = exchange.nameVariable("name");
    AccessResult result = edits.put(exchange.caller(), kind, name, exchange.json());
    return Json.ok(Trees.of(result));
  }

  private Reply password(Exchange exchange) throws IOException {
    String password = Asked.text(exchange.json(), "password");
    edits.setPassword(exchange.caller(), exchange.nameVariable("name"), password);
    return Reply.noContent();
  }

  private Reply export(Exchange exchange) {
    return Json.ok(AccessTree.write(AccessExporter.export(edits.snapshot())));
  }

  private Reply apply(Exchange exchange) throws IOException {
    Map<String, Object> body = exchange.json();
    @Nullable Object document = body.get("document");
    if (document == null) {
      throw HttpProblem.badRequest("document is missing");
    }
    AccessResult result =
        edits.apply(
            exchange.caller(), document, Asked.truth(body, "prune"), Asked.truth(body, "dryRun"));
    return Json.ok(Trees.of(result));
  }

  private Reply reach(Exchange exchange) {
    @Nullable Name user = Asked.one(exchange, "user", Name::of);
    @Nullable Name target = Asked.one(exchange, "target", Name::of);
    List<ReachRow> rows;
    if (user != null && target == null) {
      edits.tree(Difference.Kind.USER, user);
      rows = reach.ofUser(user);
    } else if (target != null && user == null) {
      edits.tree(Difference.Kind.TARGET, target);
      rows = reach.ofTarget(target);
    } else {
      throw HttpProblem.badRequest("name either a user or a target");
    }
    return Json.ok(Map.of("rows", rows.stream().map(Trees::of).toList()));
  }
}
