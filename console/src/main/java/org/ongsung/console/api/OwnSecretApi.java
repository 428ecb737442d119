package org.ongsung.console.api;

import org.ongsung.console.http.Access;
import org.ongsung.console.http.ApiDoc;
import org.ongsung.console.http.Reply;
import org.ongsung.console.http.RouteTable;
import org.ongsung.console.services.OwnSecretEdits;
import org.ongsung.vault.OwnSecret;

/// What the gateway's own posts are signed with: written, and never read.
public final class OwnSecretApi {
  private final OwnSecretEdits edits;

  public OwnSecretApi(OwnSecretEdits edits) {
    this.edits = edits;
  }

  /// Adds the routes.
  public void addTo(RouteTable.Builder routes) {
    routes
        .api(
            "PUT",
            "/webhook/secret",
            Access.ADMIN,
            ApiDoc.of(
                "Set what posts to the webhook are signed with; for the owner of the data folder.",
                "WebhookSecret",
                ""),
            exchange -> {
              String secret = Asked.text(exchange.json(), "secret");
              edits.set(exchange.caller(), OwnSecret.WEBHOOK, secret);
              return Reply.noContent();
            })
        .api(
            "DELETE",
            "/webhook/secret",
            Access.ADMIN,
            ApiDoc.of("Take that secret away; for the owner of the data folder.", "", ""),
            exchange -> {
              edits.remove(exchange.caller(), OwnSecret.WEBHOOK);
              return Reply.noContent();
            });
  }
}
