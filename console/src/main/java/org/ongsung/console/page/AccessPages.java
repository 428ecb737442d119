package org.ongsung.console.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.Blocks;
import org.ongsung.console.services.ReachQuestions;
import org.ongsung.console.services.ReachRow;
import org.ongsung.directory.Directory;
import org.ongsung.model.Name;

/// Who can reach what, and who may not log in for now.
public final class AccessPages {
  private final Pages pages;
  private final Directory directory;
  private final ReachQuestions reach;
  private final Blocks blocks;

  public AccessPages(Pages pages, Directory directory, ReachQuestions reach, Blocks blocks) {
    this.pages = pages;
    this.directory = directory;
    this.reach = reach;
    this.blocks = blocks;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/reach", Access.AUDITOR, this::reach)
        .page("/blocks", Access.AUDITOR, this::blocks)
        .form("/blocks/{key}/release", Access.ADMIN, this::release);
  }

  private Reply reach(Exchange exchange) {
    String user = exchange.query().first("user").orElse("");
    String target = exchange.query().first("target").orElse("");
    List<ReachRow> rows = List.of();
    if (Name.isValid(user)) {
      rows = reach.ofUser(Name.of(user));
    } else if (Name.isValid(target)) {
      rows = reach.ofTarget(Name.of(target));
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("user", user);
    model.put("target", target);
    model.put("rows", rows);
    model.put("now", directory.snapshot());
    return pages.show(exchange, "reach", model);
  }

  private Reply blocks(Exchange exchange) {
    return pages.show(exchange, "blocks", Map.of("blocks", blocks.list()));
  }

  private Reply release(Exchange exchange) {
    try {
      blocks.release(exchange.caller(), exchange.variable("key"));
    } catch (HttpProblem e) {
      if (e.status() != 404) {
        throw e;
      } // it ended by itself meanwhile, which is what was wanted
    }
    return Reply.seeOther("/blocks");
  }
}
