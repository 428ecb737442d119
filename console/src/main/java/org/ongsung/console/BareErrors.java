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
/// one plain line, no echo of what was sent.
final class BareErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response
        .getHeaders()
        .put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    String accept = request.getHeaders().get(HttpHeader.ACCEPT_LANGUAGE);
    Messages messages = Messages.of(Language.of("", accept == null ? "" : accept));
    String line = messages.text("error.unservable", response.getStatus()) + "\n";
    response.write(true, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), callback);
    return true;
  }
}
