package org.ongsung.console.page;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.console.http.Access;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.Fields;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.DirectoryEdits;
import org.ongsung.console.services.PeopleReading;
import org.ongsung.console.services.ReachableTargets;
import org.ongsung.directory.Difference;
import org.ongsung.directory.DirectoryRuleException;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.Problem;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.Jobs;
import org.ongsung.model.Name;

/// Users, groups, targets and grants: lists and forms. Auditors look, administrators change. The
/// address `/users/-` is the form for a new one, since no name is `-`.
public final class DirectoryPages {
  private static final String NEW = "-";

  private static final int PROBES = 5;

  private final Pages pages;
  private final DirectoryEdits edits;
  private final Jobs jobs;
  private final PeopleReading people;
  private final ReachableTargets reachable;

  public DirectoryPages(
      Pages pages,
      DirectoryEdits edits,
      Jobs jobs,
      PeopleReading people,
      ReachableTargets reachable) {
    this.pages = pages;
    this.edits = edits;
    this.jobs = jobs;
    this.people = people;
    this.reachable = reachable;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    for (Difference.Kind kind : Difference.Kind.values()) {
      String list = "/" + EntryLists.word(kind);
      routes
          .page(list, Access.AUDITOR, exchange -> list(exchange, kind))
          .page(list + "/" + NEW, Access.ADMIN, exchange -> form(exchange, kind, EntryForm.blank()))
          .form(list + "/" + NEW, Access.ADMIN, exchange -> save(exchange, kind, true))
          .page(list + "/{name}", Access.AUDITOR, exchange -> one(exchange, kind))
          .form(list + "/{name}", Access.ADMIN, exchange -> save(exchange, kind, false))
          .form(list + "/{name}/delete", Access.ADMIN, exchange -> delete(exchange, kind));
    }
  }

  private Reply list(Exchange exchange, Difference.Kind kind) {
    Page page = pages.page(exchange);
    EntryList entries = EntryLists.of(edits.snapshot(), kind, page);
    return pages.show(200, page, "entries", Map.of("entries", entries));
  }

  private Reply one(Exchange exchange, Difference.Kind kind) {
    Name name = exchange.nameVariable("name");
    boolean readOnly = !exchange.caller().isAdmin();
    return form(
        exchange,
        kind,
        new EntryForm(name.value(), edits.tree(kind, name), true, readOnly, List.of()));
  }

  private Reply form(Exchange exchange, Difference.Kind kind, EntryForm entry) {
    return form(exchange, kind, entry, "form.problems");
  }

  /// @param verdict key of what is said above the problems
  private Reply form(Exchange exchange, Difference.Kind kind, EntryForm entry, String verdict) {
    Page page = pages.page(exchange);
    DirectorySnapshot now = edits.snapshot();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("entry", entry);
    model.put("now", now);
    model.put("verdict", verdict);
    if (kind == Difference.Kind.TARGET) {
      model.put(
          "logins",
          jobs.newestDone(JobKind.LOGIN, entry.name(), 1).stream().findFirst().orElse(null));
      model.put("probes", jobs.newestDone(JobKind.PROBE, entry.name(), PROBES));
      model.put(
          "terminal",
          entry.known() && reachable.opensTerminal(exchange.caller(), Name.of(entry.name())));
    }
    if (kind == Difference.Kind.USER && entry.known() && Name.isValid(entry.name())) {
      people.of(Name.of(entry.name())).ifPresent(person -> model.put("person", person));
    }
    return pages.show(entry.problems().isEmpty() ? 200 : 422, page, kind.text(), model);
  }

  private Reply save(Exchange exchange, Difference.Kind kind, boolean isNew) throws IOException {
    Page page = pages.page(exchange);
    Fields form = exchange.form();
    String typed = isNew ? form.raw("name").strip() : exchange.variable("name");
    Map<String, Object> tree = FormTrees.of(kind, form, typed, page.shapes().zone());
    if (!Name.isValid(typed)) {
      return form(exchange, kind, wrong(typed, tree, isNew, List.of(page.t("form.bad-name"))));
    }
    Name name = Name.of(typed);
    if (isNew && isThere(kind, name)) {
      return form(exchange, kind, wrong(typed, tree, true, List.of(page.t("form.taken", typed))));
    }
    try {
      edits.put(exchange.caller(), kind, name, tree);
    } catch (DirectoryRuleException e) {
      return form(exchange, kind, wrong(typed, tree, isNew, said(page, e.problems())));
    } catch (HttpProblem e) {
      if (e.problems().isEmpty()) {
        throw e;
      }
      return form(exchange, kind, wrong(typed, tree, isNew, said(page, e.problems())));
    }
    return Reply.seeOther("/" + EntryLists.word(kind));
  }

  private static List<String> said(Page page, List<Problem> problems) {
    return problems.stream().map(page.wording()::problem).distinct().toList();
  }

  private boolean isThere(Difference.Kind kind, Name name) {
    try {
      edits.tree(kind, name);
      return true;
    } catch (HttpProblem e) {
      return false;
    }
  }

  private static EntryForm wrong(
      String name, Map<String, Object> tree, boolean isNew, List<String> problems) {
    return new EntryForm(name, tree, !isNew, false, problems);
  }

  private Reply delete(Exchange exchange, Difference.Kind kind) {
    Name name = exchange.nameVariable("name");
    Page page = pages.page(exchange);
    Map<String, Object> tree = edits.tree(kind, name);
    try {
      edits.delete(exchange.caller(), kind, name);
    } catch (DirectoryRuleException e) {
      List<String> why = e.problems().stream().map(page.wording()::deletion).toList();
      return form(exchange, kind, wrong(name.value(), tree, false, why), "form.not-deleted");
    }
    return Reply.seeOther("/" + EntryLists.word(kind));
  }
}
