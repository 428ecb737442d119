package org.ongsung.console.page;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;

/// What an administrator wrote in Markdown (CommonMark 0.31) as HTML that may stand in a page.
///
/// HTML in it is shown as the text that it is; links go to `http`, `https` and `mailto` alone and
/// tell the other side nothing; pictures, which would tell somebody who reads, stand as their
/// words. Headings start below those of the page. A line ends where it was ended.
public final class Markdown {
  private static final Parser PARSER = Parser.builder().maxOpenBlockParsers(50).build();

  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .escapeHtml(true)
          .sanitizeUrls(true)
          .percentEncodeUrls(true)
          .softbreak("<br>\n")
          .nodeRendererFactory(Restricted::new)
          .build();

  private Markdown() {}

  /// The HTML of `text`.
  public static String html(String text) {
    return RENDERER.render(PARSER.parse(text));
  }

  /// Links, pictures and headings, as they may stand here.
  private static final class Restricted implements NodeRenderer {
    private static final Set<String> SCHEMES = Set.of("http", "https", "mailto");

    /// The heading of a notice is of level 3.
    private static final int LEVELS_ABOVE = 3;

    private final HtmlNodeRendererContext context;
    private final HtmlWriter html;

    Restricted(HtmlNodeRendererContext context) {
      this.context = context;
      this.html = context.getWriter();
    }

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Link.class, Image.class, Heading.class);
    }

    @Override
    public void render(Node node) {
      switch (node) {
        case Link link when isAllowed(link.getDestination()) -> {
          Map<String, String> attributes = new LinkedHashMap<>();
          attributes.put("href", context.encodeUrl(link.getDestination()));
          attributes.put("rel", "noopener noreferrer nofollow");
          html.tag("a", attributes);
          children(link);
          html.tag("/a");
        }
        case Heading heading -> {
          String tag = "h" + Math.min(6, heading.getLevel() + LEVELS_ABOVE);
          html.line();
          html.tag(tag);
          children(heading);
          html.tag("/" + tag);
          html.line();
        }
        default -> children(node);
      }
    }

    private void children(Node parent) {
      for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
        context.render(child);
      }
    }

    private static boolean isAllowed(String address) {
      int colon = address.indexOf(':');
      return colon > 0 && SCHEMES.contains(address.substring(0, colon).toLowerCase(Locale.ROOT));
    }
  }
}
