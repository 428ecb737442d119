package org.ongsung.server.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ongsung.cli.ExitCode;
import org.ongsung.server.data.Version;
import picocli.CommandLine.Command;

/// `ongsung version`.
@Command(name = "version", description = "Say which Ongsung, Java and system this is.")
final class VersionCommand extends ServerCommand {
  @Override
  int run() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("ongsung", Version.text());
    facts.put("java", System.getProperty("java.vendor", "") + " " + Runtime.version());
    facts.put(
        "system",
        String.join(
            " ",
            System.getProperty("os.name", ""),
            System.getProperty("os.version", ""),
            System.getProperty("os.arch", "")));
    if (json()) {
      printJson(facts);
    } else {
      facts.forEach((name, fact) -> surroundings().out().println(name + " " + fact));
    }
    return ExitCode.OK.status();
  }
}
