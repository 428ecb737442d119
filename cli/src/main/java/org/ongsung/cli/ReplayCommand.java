package org.ongsung.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.cli.show.RecordingPlayer;
import org.ongsung.cli.show.TerminalRendering;
import org.ongsung.cli.words.Phrase;
import org.ongsung.wire.text.VisibleText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `ongsung replay ID|FILE`.
@Command(
    name = "replay",
    description = {
      "Play the recording of a session, or a file: one saved with --raw, or one of the data folder.",
      "What the target sent is shown with its colours and cursor movement; whatever else it"
          + " tells a terminal (titles, clipboard, questions, key modes) is left out.",
      "With --output json: the recording's own lines of JSON, at once."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final Set<String> RECORDED = Set.of("shell", "exec", "scp", "rsync", "git");

  private static final int CHUNK_CHARACTERS = 8_192;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "ID|FILE",
      description = "A session as listed, last, or a recording's file.")
  private String what = "";

  @Option(
      names = "--channel",
      paramLabel = "N",
      description = "Which channel of the session. Default: the first that has a recording.")
  private @Nullable Integer channel;

  @Option(names = "--speed", paramLabel = "N", description = "How much faster; default 1.")
  private double speed = 1;

  @Option(names = "--no-timing", description = "Print everything at once.")
  private boolean noTiming;

  @Option(
      names = "--raw",
      description =
          "Write the recording as it is stored, unmade harmless, to a file or pipe; refused on a"
              + " terminal.")
  private boolean raw;

  @Override
  public Integer call() throws Exception {
    OngsungCommand root = root();
    Surroundings surroundings = root.surroundings();
    if (!(speed > 0 && speed <= 1_000)) {
      throw GatewayCommand.usage(Phrase.of("bad-speed"), Phrase.of("bad-speed.advice"));
    }
    if (raw && surroundings.outIsTerminal().getAsBoolean()) {
      throw GatewayCommand.usage(Phrase.of("raw-terminal"), Phrase.of("raw-terminal.advice", what));
    }
    Path file = surroundings.folder().resolve(what);
    if (Files.isRegularFile(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        show(in, surroundings);
      }
    } else {
      try (ApiClient gateway = root.connect();
          InputStream in = open(gateway)) {
        show(in, surroundings);
      }
    }
    surroundings.out().flush();
    return ExitCode.OK.status();
  }

  private OngsungCommand root() {
    if (spec == null) {
      throw new IllegalStateException("picocli has not set the command up");
    }
    return (OngsungCommand) spec.root().userObject();
  }

  private InputStream open(ApiClient gateway) {
    String id = NewestSession.orNamed(gateway, what, String.join(",", RECORDED));
    int number = channel == null ? firstRecorded(gateway, id) : channel;
    return gateway.stream(
        "GET",
        ApiClient.path("sessions", id, "channels", String.valueOf(number), "recording"),
        Map.of());
  }

  private static int firstRecorded(ApiClient gateway, String id) {
    JsonNode channels = gateway.get(ApiClient.path("sessions", id), Map.of()).path("channels");
    for (JsonNode candidate : channels) {
      String kind = candidate.path("kind").asString("");
      if (RECORDED.contains(kind)) {
        return candidate.path("number").asInt(0);
      }
    }
    throw new CommandFailure(
        ExitCode.NOT_FOUND, Phrase.of("no-replay", id), Phrase.of("no-replay.advice", id));
  }

  private void show(InputStream recording, Surroundings surroundings) throws IOException {
    if (raw) {
      RecordingPlayer.unpacked(recording).transferTo(surroundings.out());
      return;
    }
    if (root().output() == OngsungCommand.OutputForm.json) {
      printLines(RecordingPlayer.unpacked(recording), surroundings);
      return;
    }
    Thread reset = Thread.ofPlatform().unstarted(() -> reset(surroundings));
    Runtime.getRuntime().addShutdownHook(reset);
    try {
      boolean whole =
          new RecordingPlayer(
                  surroundings.out(), surroundings.err(), Thread::sleep, speed, !noTiming)
              .play(recording);
      if (!whole) {
        surroundings.err().println(Phrase.of("cut-off").in(surroundings.language()));
      }
    } finally {
      Runtime.getRuntime().removeShutdownHook(reset);
      reset(surroundings);
    }
  }

  /// The recording is lines of JSON already; only what a terminal would obey is escaped in them.
  private static void printLines(InputStream recording, Surroundings surroundings)
      throws IOException {
    Reader text = new InputStreamReader(recording, StandardCharsets.UTF_8);
    char[] chunk = new char[CHUNK_CHARACTERS];
    for (int n = text.read(chunk); n >= 0; n = text.read(chunk)) {
      surroundings.out().print(VisibleText.ofJson(new String(chunk, 0, n)));
    }
  }

  private static void reset(Surroundings surroundings) {
    if (surroundings.outIsTerminal().getAsBoolean()) {
      surroundings.out().println(TerminalRendering.RESET);
      surroundings.out().flush();
    }
  }
}
