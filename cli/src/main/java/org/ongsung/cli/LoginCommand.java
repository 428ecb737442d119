package org.ongsung.cli;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.client.GatewayRefusal;
import org.ongsung.cli.client.SavedLogin;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `ongsung login URL`.
@Command(
    name = "login",
    description = {
      "Log in at a gateway elsewhere; later commands then speak to it.",
      "The login is kept in ~/.config/ongsung/login.json, readable for you alone."
    })
final class LoginCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "URL",
      description = "The gateway's console, such as https://gate.example.com.")
  private URI address = URI.create("");

  @Option(names = "--user", paramLabel = "NAME", description = "Your name there. Default: admin.")
  private String user = "admin";

  @Option(
      names = "--password-stdin",
      description = "Take the password from the first line of standard input.")
  private boolean passwordFromStdin;

  @Option(
      names = "--insecure-http",
      description = "Send the password over plain HTTP to another machine all the same.")
  private boolean insecureHttp;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("picocli has not set the command up");
    }
    OngsungCommand root = (OngsungCommand) spec.root().userObject();
    URI console = console();
    String password =
        new SecretInput(root.surroundings())
            .existing(
                Phrase.of("ask.login", user, console).in(root.surroundings().language()),
                passwordFromStdin);
    try (ApiClient gateway = new ApiClient(console, Optional.empty())) {
      JsonNode answer = answer(gateway, password);
      SavedLogin login =
          new SavedLogin(
              console,
              user,
              answer.path("token").asString(""),
              answer.path("expiresAt").asString(""));
      Path file = root.loginFile();
      login.save(file);
      if (root.output() == OngsungCommand.OutputForm.json) {
        root.surroundings()
            .out()
            .println(
                gateway
                    .object()
                    .put("address", console.toString())
                    .put("user", user)
                    .put("expiresAt", login.expiresAt()));
      } else {
        root.surroundings()
            .out()
            .println(Phrase.of("logged-in", user, console).in(root.surroundings().language()));
      }
    }
    root.surroundings().out().flush();
    return ExitCode.OK.status();
  }

  private JsonNode answer(ApiClient gateway, String password) {
    try {
      return gateway.send(
          "POST", "login", gateway.object().put("name", user).put("password", password));
    } catch (GatewayRefusal e) {
      if (e.status() != 401) {
        throw e;
      }
      throw new CommandFailure(
          ExitCode.DENIED,
          Phrase.refused(e.code(), String.valueOf(e.getMessage())),
          Phrase.of("login-again", user),
          e);
    }
  }

  private URI console() {
    String scheme = address.getScheme();
    String host = address.getHost();
    if (host == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw GatewayCommand.usage(Phrase.of("not-url", address), Phrase.of("not-url.advice"));
    }
    if ("http".equals(scheme) && !insecureHttp && !isLoopback(host)) {
      throw GatewayCommand.usage(Phrase.of("plain-http", host), Phrase.of("plain-http.advice"));
    }
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    String path = address.getRawPath() == null ? "" : address.getRawPath().replaceAll("/+$", "");
    return URI.create(scheme + "://" + host + port + path);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
