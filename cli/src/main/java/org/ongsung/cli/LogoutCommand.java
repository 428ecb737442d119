package org.ongsung.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.client.GatewayRefusal;
import org.ongsung.cli.client.GatewayUnreachable;
import org.ongsung.cli.client.SavedLogin;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `ongsung logout`.
@Command(name = "logout", description = "Forget the login at a gateway elsewhere, there and here.")
final class LogoutCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("picocli has not set the command up");
    }
    OngsungCommand root = (OngsungCommand) spec.root().userObject();
    Path file = root.loginFile();
    Optional<SavedLogin> login = SavedLogin.load(file);
    if (login.isEmpty()) {
      throw new CommandFailure(
          ExitCode.FAILED, Phrase.of("no-login"), Phrase.of("no-login.advice"));
    }
    try (ApiClient gateway =
        new ApiClient(login.get().address(), Optional.of(login.get().token()))) {
      gateway.send("POST", "logout", null);
    } catch (GatewayUnreachable | GatewayRefusal e) {
      root.surroundings()
          .err()
          .println(
              Phrase.of("forgotten", String.valueOf(e.getMessage()))
                  .in(root.surroundings().language()));
    }
    Files.delete(file);
    if (root.output() == OngsungCommand.OutputForm.json) {
      Map<String, String> facts = Map.of("address", login.get().address().toString());
      root.surroundings().out().println(JsonMapper.shared().writeValueAsString(facts));
    } else {
      root.surroundings()
          .out()
          .println(
              Phrase.of("logged-out", login.get().address()).in(root.surroundings().language()));
    }
    root.surroundings().out().flush();
    return ExitCode.OK.status();
  }
}
