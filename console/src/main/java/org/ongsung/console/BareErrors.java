package org.ongsung.console;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.ongsung.console.text.Language;
import org.ongsung.console.text.Messages;

/// Answers what never became a request of ours (broken syntax, too long a header): the status and
/// one plain sentence in a page without style, no echo of what was sent.
final class BareErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response
        .getHeaders()
        .put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    String accept = request.getHeaders().get(HttpHeader.ACCEPT_LANGUAGE);
    Language language = Language.of("", accept == null ? "" : accept);
    Messages messages = Messages.of(language);
    String page =
        """
        <!doctype html>
        <html lang="%s"><head><meta charset="utf-8">
        <meta name="color-scheme" content="light dark"><title>%s</title></head>
        <body><main><h1>%s</h1><p>%s</p></main></body></html>
        """
            .formatted(
                language.tag(),
                messages.text("brand"),
                messages.text("problem.title.request"),
                messages.text("error.unservable", response.getStatus()));
    response.write(true, ByteBuffer.wrap(page.getBytes(StandardCharsets.UTF_8)), callback);
    return true;
  }
}
