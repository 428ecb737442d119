package org.ongsung.console.page;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.WallEdits;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryRuleException;
import org.ongsung.directory.Problem;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.model.Name;

/// Notices and links: lists and forms. Auditors look, administrators change.
public final class WallEntryPages {
  private final Pages pages;
  private final WallEdits edits;
  private final Directory directory;

  /// What is edited.
  private enum Kind {
    NOTICE("notice"),
    LINK("link");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String list() {
      return "/" + text + "s";
    }
  }

  public WallEntryPages(Pages pages, WallEdits edits, Directory directory) {
    this.pages = pages;
    this.edits = edits;
    this.directory = directory;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    for (Kind kind : Kind.values()) {
      String list = kind.list();
      routes
          .page(list, Access.AUDITOR, exchange -> list(exchange, kind))
          .page(list + "/-", Access.ADMIN, exchange -> form(exchange, kind, EntryForm.blank()))
          .form(list + "/-", Access.ADMIN, exchange -> save(exchange, kind, true))
          .page(list + "/{name}", Access.AUDITOR, exchange -> one(exchange, kind))
          .form(list + "/{name}", Access.ADMIN, exchange -> save(exchange, kind, false))
          .form(list + "/{name}/delete", Access.ADMIN, exchange -> delete(exchange, kind));
    }
  }

  private Reply list(Exchange exchange, Kind kind) {
    Page page = pages.page(exchange);
    EntryList entries =
        switch (kind) {
          case NOTICE ->
              new EntryList(
                  "notices",
                  List.of(
                      "field.name",
                      "field.title",
                      "notices.when",
                      "notices.sticky",
                      "field.groups",
                      "notices.changed"),
                  edits.wall().notices().stream().map(notice -> row(notice, page)).toList());
          case LINK ->
              new EntryList(
                  "links",
                  List.of(
                      "field.name", "field.title", "links.address", "links.rank", "field.groups"),
                  edits.wall().links().stream().map(WallEntryPages::row).toList());
        };
    return pages.show(200, page, "entries", Map.of("entries", entries));
  }

  private static EntryList.Row row(Notice notice, Page page) {
    String from = notice.from() == null ? "" : page.timeAndZone(notice.from());
    String until = notice.until() == null ? "" : page.timeAndZone(notice.until());
    boolean over = notice.until() != null && !page.now().isBefore(notice.until());
    return new EntryList.Row(
        notice.name().value(),
        over,
        List.of(
            notice.title().value(),
            from.isEmpty() && until.isEmpty() ? page.t("notices.always") : from + " – " + until,
            notice.sticky() ? page.t("yes") : "",
            names(notice.groups()),
            page.timeAndZone(notice.changedAt()) + " " + notice.changedBy()));
  }

  private static EntryList.Row row(WallLink link) {
    return new EntryList.Row(
        link.name().value(),
        false,
        List.of(
            link.title().value(),
            link.address(),
            String.valueOf(link.rank()),
            names(link.groups())));
  }

  private static String names(java.util.Set<Name> names) {
    return String.join(", ", names.stream().sorted().map(Name::value).toList());
  }

  private Optional<Map<String, @Nullable Object>> tree(Kind kind, Name name) {
    return switch (kind) {
      case NOTICE -> edits.wall().notice(name).map(WallEdits::tree);
      case LINK -> edits.wall().link(name).map(WallEdits::tree);
    };
  }

  private EntryForm there(Kind kind, Name name, boolean readOnly) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree(kind, name)
        .orElseThrow(HttpProblem::notFound)
        .forEach(
            (key, value) -> {
              if (value != null) {
                tree.put(key, value);
              }
            });
    return new EntryForm(name.value(), tree, true, readOnly, List.of());
  }

  private Reply one(Exchange exchange, Kind kind) {
    boolean readOnly = !exchange.caller().isAdmin();
    return form(exchange, kind, there(kind, exchange.nameVariable("name"), readOnly));
  }

  private Reply form(Exchange exchange, Kind kind, EntryForm entry) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("entry", entry);
    model.put("now", directory.snapshot());
    Page page = pages.page(exchange);
    return pages.show(entry.problems().isEmpty() ? 200 : 422, page, kind.text, model);
  }

  private Reply save(Exchange exchange, Kind kind, boolean isNew) throws IOException {
    Page page = pages.page(exchange);
    Fields form = exchange.form();
    String typed = isNew ? form.raw("name").strip() : exchange.variable("name");
    ZoneId zone = page.shapes().zone();
    Map<String, Object> tree = kind == Kind.NOTICE ? notice(form, zone) : link(form);
    List<String> problems = new ArrayList<>();
    if (!Name.isValid(typed)) {
      problems.add(page.t("form.bad-name"));
    } else if (isNew && tree(kind, Name.of(typed)).isPresent()) {
      problems.add(page.t("form.taken", typed));
    } else {
      try {
        put(exchange, kind, Name.of(typed), tree);
        return Reply.seeOther(kind.list());
      } catch (HttpProblem e) {
        if (e.problems().isEmpty()) {
          throw e;
        }
        problems.addAll(said(page, e.problems()));
      } catch (DirectoryRuleException e) {
        problems.addAll(said(page, e.problems()));
      }
    }
    return form(exchange, kind, new EntryForm(typed, tree, !isNew, false, problems));
  }

  private static List<String> said(Page page, List<Problem> problems) {
    return problems.stream().map(page.wording()::problem).distinct().toList();
  }

  private void put(Exchange exchange, Kind kind, Name name, Map<String, Object> tree) {
    switch (kind) {
      case NOTICE -> edits.putNotice(exchange.caller(), name, tree);
      case LINK -> edits.putLink(exchange.caller(), name, tree);
    }
  }

  private static Map<String, Object> notice(Fields form, ZoneId zone) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("title", form.raw("title"));
    tree.put("text", form.raw("text"));
    tree.put("sticky", form.has("sticky"));
    tree.put("shownFrom", moment(form.raw("shownFrom"), zone));
    tree.put("shownUntil", moment(form.raw("shownUntil"), zone));
    tree.put("groups", form.all("groups"));
    return tree;
  }

  /// What a `datetime-local` field sends, as ISO 8601; what cannot be read stays.
  private static String moment(String field, ZoneId zone) {
    try {
      return field.isEmpty()
          ? ""
          : LocalDateTime.parse(field).atZone(zone).toOffsetDateTime().toString();
    } catch (DateTimeException e) {
      return field;
    }
  }

  private static Map<String, Object> link(Fields form) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("title", form.raw("title"));
    tree.put("address", form.raw("address"));
    tree.put("remark", form.raw("remark"));
    String rank = form.raw("rank").strip();
    tree.put("rank", rank.matches("[0-9]{1,6}") ? (Object) Integer.valueOf(rank) : rank);
    tree.put("groups", form.all("groups"));
    return tree;
  }

  private Reply delete(Exchange exchange, Kind kind) {
    Name name = exchange.nameVariable("name");
    switch (kind) {
      case NOTICE -> edits.deleteNotice(exchange.caller(), name);
      case LINK -> edits.deleteLink(exchange.caller(), name);
    }
    return Reply.seeOther(kind.list());
  }
}
