package org.ongsung.server.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.ExitCode;
import org.ongsung.server.configuration.LogLevel;
import org.ongsung.server.demo.DemoClient;
import org.ongsung.server.demo.DemoGateway;
import org.ongsung.server.running.Logs;
import org.ongsung.server.running.RunUntilSignalled;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ongsung demo`.
@Command(
    name = "demo",
    description = {
      "Try the whole gateway in a throw-away folder, with a practice server behind it.",
      "The practice server lives in memory and gives no access to this machine. Ctrl-C ends the"
          + " demo and removes everything."
    })
final class DemoCommand extends ServerCommand {
  private static final int INTERRUPTED = 130;

  @Option(
      names = "--exec",
      paramLabel = "COMMAND",
      description =
          "Run this on the practice server, through the gateway, and end with its exit status.")
  private @Nullable String command;

  @Override
  int run() throws IOException, InterruptedException {
    return command == null ? showUntilSignalled() : execute(command);
  }

  private int execute(String line) throws IOException {
    Logs.setLevel(LogLevel.ERROR);
    DemoGateway demo = DemoGateway.start(false, LogLevel.ERROR);
    Thread cleaning = Thread.ofPlatform().name("clean-up").unstarted(demo::close);
    Runtime.getRuntime().addShutdownHook(cleaning);
    try (demo) {
      return new DemoClient(demo)
          .run(line, surroundings().in(), surroundings().out(), surroundings().err());
    }
  }

  private int showUntilSignalled() throws InterruptedException {
    Logs.setLevel(LogLevel.WARN);
    // Before the start: who loses patience with it must not leave a folder with keys behind.
    RunUntilSignalled stop = RunUntilSignalled.install();
    int status = ExitCode.FAILED.status();
    try (DemoGateway demo = DemoGateway.start(true, LogLevel.WARN)) {
      show(demo);
      stop.await();
      if (!json()) {
        surroundings().out().println(words("demo.cleaning"));
        surroundings().out().flush();
      }
      status = ExitCode.OK.status();
    } finally {
      stop.done(status);
    }
    return INTERRUPTED;
  }

  private void show(DemoGateway demo) {
    PrintStream out = surroundings().out();
    String where = demo.address() + "@" + demo.ssh().host();
    String port = " " + demo.ssh().port() + " ";
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("console", demo.console().toString());
    facts.put("user", demo.user());
    facts.put("userPassword", demo.userPassword());
    facts.put("admin", demo.admin());
    facts.put("adminPassword", demo.adminPassword());
    facts.put("ssh", "ssh -p" + port + demo.sshOptions() + " " + where);
    facts.put("sftp", "sftp -P" + port + demo.sshOptions() + " " + where);
    facts.put("scp", "scp -P" + port + demo.sshOptions() + " FILE " + where + ":");
    if (json()) {
      printJson(facts);
    } else {
      out.println(words("demo.shown", facts.values().toArray()));
    }
    out.flush();
  }
}
