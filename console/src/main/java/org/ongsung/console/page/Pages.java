package org.ongsung.console.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.ongsung.console.http.Assets;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.Cookies;
import org.ongsung.console.http.Exchange;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.console.http.Reply;
import org.ongsung.console.text.Language;
import org.ongsung.console.text.Messages;
import org.ongsung.console.text.Shapes;

/// Turns templates into answers. For any thread.
public final class Pages {
  private static final String TEMPLATES = "org.ongsung.console.templates";

  private final TemplateEngine engine;
  private final Assets assets;
  private final BasePath base;
  private final InstantSource clock;
  private final ZoneId serverZone;
  private final String brand;

  /// @param serverZone in which times stand where a browser has not said its own
  /// @param brand names this gateway in titles; may be empty
  public Pages(Assets assets, BasePath base, InstantSource clock, ZoneId serverZone, String brand) {
    this.engine = TemplateEngine.createPrecompiled(null, ContentType.Html, null, TEMPLATES);
    this.assets = assets;
    this.base = base;
    this.clock = clock;
    this.serverZone = serverZone;
    this.brand = brand;
  }

  /// The frame of an answer to `exchange`.
  public Page page(Exchange exchange) {
    String accept = exchange.header("Accept-Language");
    Language language = Language.of(exchange.chosenLanguage(), accept == null ? "" : accept);
    ZoneId zone = Shapes.zoneOf(exchange.cookie(Cookies.ZONE).orElse(""), serverZone);
    return new Page(
        language,
        new Shapes(Messages.of(language), zone),
        exchange.callerIfAny().orElse(null),
        assets,
        base.text(),
        exchange.csrfToken(),
        exchange.pathAndQuery(),
        brand,
        clock.instant());
  }

  /// Fills `template`, whose parameters are `page` and those of `model`.
  public Reply show(Exchange exchange, String template, Map<String, Object> model) {
    return show(200, page(exchange), template, model);
  }

  /// The same with a page that is at hand.
  public Reply show(int status, Page page, String template, Map<String, Object> model) {
    return Reply.html(status, render(page, template, model));
  }

  private String render(Page page, String template, Map<String, Object> model) {
    Map<String, Object> all = new HashMap<>(model);
    all.put("page", page);
    StringOutput out = new StringOutput(16_384);
    engine.render(template + ".jte", all, out);
    return out.toString();
  }

  /// A page that tells a problem, for [org.ongsung.console.http.ProblemPages].
  public String problem(HttpProblem problem, String id, String acceptLanguage, String chosen) {
    Language language = Language.of(chosen, acceptLanguage);
    Messages messages = Messages.of(language);
    Page page =
        new Page(
            language,
            new Shapes(messages, serverZone),
            null,
            assets,
            base.text(),
            "",
            "/",
            brand,
            clock.instant());
    return render(page, "problem", Map.of("problem", problem, "id", id));
  }

  Assets assets() {
    return assets;
  }
}
