package org.ongsung.transcript.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ongsung.recording.Recordings;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.wire.asciicast.AsciicastEncoder;
import org.ongsung.wire.asciicast.AsciicastHeader;
import org.ongsung.wire.asciicast.AsciicastLimits;

class TerminalTranscriptTest {
  private static final String PROMPT = "alice@web:~$ ";

  private final ByteArrayOutputStream recording = new ByteArrayOutputStream();
  private final AsciicastEncoder encoder = new AsciicastEncoder(recording, AsciicastLimits.DEFAULT);
  private long micros;

  TerminalTranscriptTest() throws IOException {
    encoder.header(new AsciicastHeader(40, 6, Optional.empty(), Map.of(), Optional.empty()));
  }

  private TerminalTranscriptTest out(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    encoder.output(micros += 100_000, bytes, 0, bytes.length);
    return this;
  }

  private TerminalTranscriptTest in(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    encoder.input(micros += 100_000, bytes, 0, bytes.length);
    return this;
  }

  private TerminalTranscriptTest typing() throws IOException {
    encoder.marker(micros, Recordings.TYPING_BEGINS);
    return this;
  }

  private TerminalTranscriptTest wait(int seconds) {
    micros += seconds * 1_000_000L;
    return this;
  }

  private static List<String> shown(List<TranscriptLine> lines) {
    return lines.stream()
        .map(
            line ->
                line.direction().text().charAt(0)
                    + "|"
                    + (line.prompt().isEmpty() ? "" : line.prompt() + "|")
                    + line.text())
        .toList();
  }

  private List<TranscriptLine> lines() throws IOException {
    return lines(0, Integer.MAX_VALUE);
  }

  private List<TranscriptLine> lines(long known, int step) throws IOException {
    Lines lines = new Lines(Instant.EPOCH, RenderLimits.DEFAULT, 0, known);
    TerminalTranscript transcript = new TerminalTranscript(lines, RenderLimits.DEFAULT);
    byte[] bytes = recording.toByteArray();
    for (int at = 0; at < bytes.length; at += Math.min(step, bytes.length)) {
      transcript.take(bytes, at, Math.min(step, bytes.length - at));
    }
    transcript.finish();
    return lines.taken(Integer.MAX_VALUE);
  }

  @Test
  void aCommandAndItsOutputAreLines() throws IOException {
    out(PROMPT).typing().out("l").out("s").in("ls\r").out("\r\n").out("a.txt\r\nb.txt\r\n");
    out(PROMPT);
    assertThat(shown(lines()))
        .containsExactly("i|alice@web:~$|ls", "o|a.txt", "o|b.txt", "o|alice@web:~$");
    assertThat(lines().getFirst().at()).isEqualTo(Instant.EPOCH.plusMillis(400));
  }

  @Test
  void editingHistoryAndCompletionAreReadFromTheScreen() throws IOException {
    out(PROMPT).typing().out("car\b \bt").out("\b\b\becho old").in("\u001b[A\r").out("\r\nold\r\n");
    out(PROMPT).typing().out("cat /et").out("c/hosts ").in("cat /et\t\r").out("\r\n");
    assertThat(shown(lines()))
        .containsExactly("i|alice@web:~$|echo old", "o|old", "i|alice@web:~$|cat /etc/hosts");
  }

  @Test
  void aPasteWhoseEchoComesLaterIsReadAtItsLineFeed() throws IOException {
    out(PROMPT).typing().in("id\r").out("id\r\nuid=0\r\n");
    assertThat(shown(lines())).containsExactly("i|alice@web:~$|id", "o|uid=0");
  }

  @Test
  void aCommandOverSeveralRowsIsOneLine() throws IOException {
    String command = "echo " + "가나다라마바사".repeat(8);
    out(PROMPT).typing().out(command).in(command + "\r").out("\r\nx\r\n");
    assertThat(shown(lines())).containsExactly("i|alice@web:~$|" + command, "o|x");
  }

  @Test
  void hiddenInputIsALineThatSaysSoAndNoMore() throws IOException {
    out("Password: ").typing().in(Recordings.HIDDEN_INPUT + "\r").out("\r\nwelcome\r\n");
    assertThat(shown(lines())).containsExactly("i|Password:|[hidden input]", "o|welcome");
  }

  @Test
  void promptsAreFoundWithoutMarksToo() throws IOException {
    out(PROMPT).out("ls").in("ls\r").out("\r\n").out(PROMPT).out("make");
    in("\u001b[A\r").out("\r\n").out("root@db:/# ").out("ll").in("\u001b[A\r").out("\r\n");
    assertThat(shown(lines()))
        .containsExactly("i|alice@web:~$|ls", "i|alice@web:~$|make", "i|root@db:/#|ll");
  }

  @Test
  void aShellThatSaysWhereItsPromptEndsIsBelieved() throws IOException {
    out("\u001b]133;A\u0007strange> prompt$ x \u001b]133;B\u0007ls -l").in("ls -l\r").out("\r\n");
    assertThat(shown(lines())).containsExactly("i|strange> prompt$ x|ls -l");
  }

  @Test
  void completionsThatAreListedBetweenDoNotBelongToTheCommand() throws IOException {
    out(PROMPT).typing().out("ls a").out("\r\na.txt  ab.txt\r\n" + PROMPT + "ls a").out("b.txt");
    in("ls a\t\tb\t\r").out("\r\n");
    assertThat(shown(lines()))
        .containsExactly("o|alice@web:~$ ls a", "o|a.txt  ab.txt", "i|alice@web:~$|ls ab.txt");
  }

  @Test
  void whatIsDrawnOverItselfIsTheLastOfIt() throws IOException {
    for (int percent = 0; percent <= 100; percent += 20) {
      out("\r" + percent + "% done");
    }
    out("\r\nready\r\n");
    assertThat(shown(lines())).containsExactly("o|100% done", "o|ready");
  }

  @Test
  void linesThatScrollOffAndWrappedOnesAreWhole() throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String line = "line " + i + " " + "long ".repeat(i % 20);
      text.append(line.strip()).append("\r\n");
      expected.add("o|" + line.strip());
    }
    out(text.toString());
    assertThat(shown(lines())).isEqualTo(expected);
  }

  @Test
  void aLineLongerThanTheScreenIsWholeToo() throws IOException {
    String line = "0123456789".repeat(60);
    out(line + "\r\nend\r\n");
    assertThat(shown(lines())).containsExactly("o|" + line, "o|end");
  }

  @Test
  void whatIsErasedWasReadBefore() throws IOException {
    out("secret plan\r\nsecond\r\n\u001b[H\u001b[2J").out("after\r\n");
    assertThat(shown(lines())).containsExactly("o|secret plan", "o|second", "o|after");
  }

  @Test
  void aFullScreenProgramIsSeenInSnapshots() throws IOException {
    out(PROMPT)
        .typing()
        .out("vi")
        .in("vi\r")
        .out("\r\n\u001b[?1049h\u001b[2J\u001b[Hhello 세계")
        .wait(3);
    out("\u001b[2;1Hsecond").wait(3).out("\u001b[?1049l" + PROMPT);
    assertThat(shown(lines()))
        .containsExactly("i|alice@web:~$|vi", "s|hello 세계", "s|second", "o|alice@web:~$");
  }

  @Test
  void outputIsALineWhileTheSessionIsStillQuiet() throws IOException {
    out("working\r\n");
    Lines lines = new Lines(Instant.EPOCH, RenderLimits.DEFAULT, 0, 0);
    TerminalTranscript transcript = new TerminalTranscript(lines, RenderLimits.DEFAULT);
    transcript.take(recording.toByteArray(), 0, recording.size());
    assertThat(lines.waiting()).isZero();
    transcript.quiet(micros + 1_999_999);
    assertThat(lines.waiting()).isZero();
    transcript.quiet(micros + 2_000_000);
    assertThat(shown(lines.taken(10))).containsExactly("o|working");
  }

  @Test
  void aSlowStreamOfLinesIsTakenAsItGoes() throws IOException {
    for (int i = 0; i < 5; i++) {
      wait(1).out("tick " + i + "\r\n");
    }
    Lines lines = new Lines(Instant.EPOCH, RenderLimits.DEFAULT, 0, 0);
    TerminalTranscript transcript = new TerminalTranscript(lines, RenderLimits.DEFAULT);
    transcript.take(recording.toByteArray(), 0, recording.size());
    assertThat(lines.waiting()).isBetween(2, 4);
    transcript.finish();
    assertThat(shown(lines.taken(10)))
        .containsExactly("o|tick 0", "o|tick 1", "o|tick 2", "o|tick 3", "o|tick 4");
  }

  @Test
  void readInAnyPiecesAndTakenUpAnywhereTheLinesAreTheSame() throws IOException {
    out(PROMPT).typing().out("seq").in("seq\r").out("\r\n");
    for (int i = 0; i < 30; i++) {
      wait(i % 4).out(i + "\r\n");
    }
    out("\u001b[?1049hfull").wait(5).out("\u001b[?1049l" + PROMPT);
    List<TranscriptLine> whole = lines();
    assertThat(lines(0, 1)).isEqualTo(whole);
    assertThat(lines(0, 37)).isEqualTo(whole);
    assertThat(lines(11, 53)).isEqualTo(whole.subList(11, whole.size()));
  }

  @Test
  void behindTheMostLinesOnlyWhatIsTypedIsKept() throws IOException {
    RenderLimits few =
        new RenderLimits(
            RenderLimits.DEFAULT.screen(),
            RenderLimits.DEFAULT.settle(),
            RenderLimits.DEFAULT.keep(),
            RenderLimits.DEFAULT.snapshot(),
            RenderLimits.DEFAULT.longestSnapshot(),
            3,
            100);
    out("1\r\n2\r\n3\r\n4\r\n5\r\n" + PROMPT).typing().out("id").in("id\r").out("\r\n6\r\n");
    Lines lines = new Lines(Instant.EPOCH, few, 0, 0);
    TerminalTranscript transcript = new TerminalTranscript(lines, few);
    transcript.take(recording.toByteArray(), 0, recording.size());
    transcript.finish();
    assertThat(shown(lines.taken(20)))
        .containsExactly(
            "o|1",
            "o|2",
            "o|3",
            "o|[the transcript of the output ends here: too many lines]",
            "i|alice@web:~$|id");
  }
}
