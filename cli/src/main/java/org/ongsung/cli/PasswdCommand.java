package org.ongsung.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung passwd [NAME]`.
@Command(
    name = "passwd",
    description = {
      "Change your own password, or as an admin another user's.",
      "On the gateway's own machine the owner of the data folder names the user."
    })
final class PasswdCommand extends GatewayCommand {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Whose. Default: your own.")
  private @Nullable String name;

  @Option(
      names = "--password-stdin",
      description =
          "Take the new password from standard input; for your own, the old one stands on the"
              + " line before.")
  private boolean passwordFromStdin;

  @Override
  void run(ApiClient gateway) throws IOException {
    SecretInput secrets = new SecretInput(surroundings());
    ObjectNode body = gateway.object();
    if (name == null) {
      body.put("current", secrets.existing(words("ask.current"), passwordFromStdin));
      body.put("password", secrets.fresh(words("ask.new"), passwordFromStdin));
      gateway.send("PUT", "me/password", body);
    } else {
      body.put("password", secrets.fresh(words("ask.new-of", name), passwordFromStdin));
      gateway.send("PUT", ApiClient.path("users", name, "password"), body);
    }
    if (json()) {
      printJson(gateway.object().put("changed", true));
    }
    say("password-changed");
  }
}
