package org.ongsung.console.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.http.Surface;
import org.ongsung.console.services.BulkEdits;
import org.ongsung.directory.DirectoryRuleException;
import org.ongsung.directory.Problem;
import org.ongsung.directory.access.AccessResult;
import org.ongsung.directory.bulk.BulkFormat;

/// Import of users and targets with a look at what would change before, and their export.
public final class BulkPages {
  /// How many differences are shown one by one.
  static final int SHOWN = 200;

  private final Pages pages;
  private final BulkEdits bulk;
  private final int formBytes;

  /// @param formBytes the longest list as a form sends it, inclusive
  public BulkPages(Pages pages, BulkEdits bulk, int formBytes) {
    this.pages = pages;
    this.bulk = bulk;
    this.formBytes = formBytes;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .page("/import", Access.ADMIN, this::blank)
        .add("POST", "/import", Surface.PAGE, Access.ADMIN, formBytes, this::read, null)
        .page("/export/users.csv", Access.ADMIN, exchange -> csv(exchange, "users", bulk::users))
        .page(
            "/export/targets.csv",
            Access.ADMIN,
            exchange -> csv(exchange, "targets", bulk::targets));
  }

  private Reply blank(Exchange exchange) {
    BulkFormat format =
        format(exchange.query().first("format").orElse("")).orElse(BulkFormat.TARGETS_CSV);
    return show(pages.page(exchange), format, "", null, List.of());
  }

  private static java.util.Optional<BulkFormat> format(String text) {
    try {
      return java.util.Optional.of(BulkFormat.of(text));
    } catch (IllegalArgumentException e) {
      return java.util.Optional.empty();
    }
  }

  private Reply read(Exchange exchange) throws IOException {
    Page page = pages.page(exchange);
    Fields form = exchange.form();
    BulkFormat format =
        format(form.raw("format"))
            .orElseThrow(() -> HttpProblem.badRequest("the format is not known"));
    String text = form.raw("text").replace("\r\n", "\n");
    boolean look = !form.raw("apply").equals("yes");
    try {
      AccessResult result = bulk.apply(exchange.caller(), format, text, look);
      return show(page, format, text, result, List.of());
    } catch (DirectoryRuleException e) {
      return show(page, format, text, null, said(page, e.problems()));
    } catch (HttpProblem e) {
      if (e.problems().isEmpty()) {
        throw e;
      }
      return show(page, format, text, null, said(page, e.problems()));
    }
  }

  private static List<String> said(Page page, List<Problem> problems) {
    return problems.stream().map(page.wording()::problem).distinct().toList();
  }

  /// @param result null before a list was read
  private Reply show(
      Page page,
      BulkFormat format,
      String text,
      @Nullable AccessResult result,
      List<String> problems) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("format", format);
    model.put("text", text);
    model.put("problems", problems);
    model.put("read", result != null);
    model.put("result", result == null ? new AccessResult(List.of(), List.of(), false) : result);
    model.put("shown", SHOWN);
    return pages.show(problems.isEmpty() ? 200 : 422, page, "import", model);
  }

  private Reply csv(Exchange exchange, String name, Function<Locale, String> export) {
    String csv = export.apply(pages.page(exchange).language().locale());
    return new Reply.Body(
        200,
        "text/csv; charset=utf-8",
        csv.getBytes(StandardCharsets.UTF_8),
        Map.of("Content-Disposition", "attachment; filename=\"ongsung-" + name + ".csv\""));
  }
}
