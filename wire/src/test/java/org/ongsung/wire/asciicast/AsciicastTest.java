package org.ongsung.wire.asciicast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AsciicastTest {
  private static final AsciicastHeader HEADER =
      new AsciicastHeader(
          80, 24, Optional.of(1_795_000_000L), Map.of("TERM", "xterm"), Optional.of("웹 \"1\""));

  private static final String GOLDEN =
      """
      {"version": 2, "width": 80, "height": 24, "timestamp": 1795000000, "title": "웹 \\"1\\"", "env": {"TERM": "xterm"}}
      [0.000000, "o", "$ "]
      [1.000001, "i", "ls\\r"]
      [1.500000, "o", "\\u001b[1m한글\\u001b[0m\\r\\n\\ttab\\\\"]
      [61.020000, "r", "120x40"]
      [61.020000, "m", "끝"]
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AsciicastEncoder encoder = new AsciicastEncoder(out, AsciicastLimits.DEFAULT);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class Collected implements AsciicastListener {
    final List<AsciicastHeader> headers = new ArrayList<>();
    final List<AsciicastEvent> events = new ArrayList<>();

    @Override
    public void header(AsciicastHeader header) {
      headers.add(header);
    }

    @Override
    public void event(AsciicastEvent event) {
      events.add(event);
    }
  }

  private static Collected decode(byte[] bytes, int step) throws AsciicastException {
    Collected collected = new Collected();
    AsciicastDecoder decoder = new AsciicastDecoder(AsciicastLimits.DEFAULT, collected);
    for (int at = 0; at < bytes.length; at += step) {
      decoder.decode(bytes, at, Math.min(step, bytes.length - at));
    }
    assertThat(decoder.finish()).isTrue();
    return collected;
  }

  private void output(long micros, String text) throws IOException {
    encoder.output(micros, utf8(text), 0, utf8(text).length);
  }

  @Test
  void aRecordingIsWrittenAsTheFormatSays() throws Exception {
    encoder.header(HEADER);
    output(0, "$ ");
    encoder.input(1_000_001, utf8("ls\r"), 0, 3);
    output(1_500_000, "\u001b[1m한글\u001b[0m\r\n\ttab\\");
    encoder.resize(61_020_000, 120, 40);
    encoder.marker(61_020_000, "끝");
    encoder.finish(61_020_000);

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(GOLDEN);
    assertThat(encoder.replacements()).isZero();
  }

  @Test
  void aRecordingIsReadTheSameHoweverItWasCut() throws Exception {
    for (int step : new int[] {1, 2, 7, 10_000}) {
      Collected read = decode(utf8(GOLDEN), step);
      assertThat(read.headers).containsExactly(HEADER);
      assertThat(read.events)
          .containsExactly(
              new AsciicastEvent(0, 'o', "$ "),
              new AsciicastEvent(1_000_001, 'i', "ls\r"),
              new AsciicastEvent(1_500_000, 'o', "\u001b[1m한글\u001b[0m\r\n\ttab\\"),
              new AsciicastEvent(61_020_000, 'r', "120x40"),
              new AsciicastEvent(61_020_000, 'm', "끝"));
    }
  }

  @Test
  void aCharacterCutByTwoCallsStaysWhole() throws Exception {
    byte[] bytes = utf8("가");
    encoder.output(1, bytes, 0, 1);
    encoder.output(2, bytes, 1, 1);
    assertThat(out.size()).isZero();
    encoder.output(3, bytes, 2, 1);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("[0.000003, \"o\", \"가\"]\n");
    assertThat(encoder.replacements()).isZero();
  }

  @Test
  void outputAndInputAreCutIndependently() throws Exception {
    byte[] bytes = utf8("가");
    encoder.output(1, bytes, 0, 2);
    encoder.input(2, bytes, 0, 2);
    encoder.output(3, bytes, 2, 1);
    encoder.finish(4);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[0.000003, \"o\", \"가\"]\n[0.000004, \"i\", \"\uFFFD\"]\n");
    assertThat(encoder.replacements()).isEqualTo(1);
  }

  @Test
  void whatIsNotUtf8IsReplacedAndCounted() throws Exception {
    encoder.output(0, new byte[] {'a', (byte) 0xFF, 'b', (byte) 0xC0}, 0, 4);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[0.000000, \"o\", \"a\uFFFDb\uFFFD\"]\n");
    assertThat(encoder.replacements()).isEqualTo(2);
  }

  @Test
  void nothingThatControlsATerminalStandsInTheFile() throws Exception {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x100; c++) {
      all.append(c);
    }
    output(0, all + "\u2028\u2029😀");
    String line = out.toString(StandardCharsets.UTF_8);
    assertThat(line.substring(0, line.length() - 1).chars()).noneMatch(Character::isISOControl);
    assertThat(line).doesNotContain("\u2028").contains("😀").contains("\\u009b");
    encoder.finish(0);

    Collected read = decode(utf8(header() + line), 3);
    assertThat(read.events.getFirst().data()).isEqualTo(all + "\u2028\u2029😀");
  }

  @Test
  void longOutputBecomesSeveralEventsOfTheSameTime() throws Exception {
    int max = AsciicastLimits.DEFAULT.maxEventBytes();
    output(5, "x".repeat(max));
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    out.reset();
    output(5, "x".repeat(max - 1) + "가");
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("[0.000005, "))
        .last()
        .isEqualTo("[0.000005, \"o\", \"가\"]");
  }

  @Test
  void timesNeverGoBack() throws Exception {
    output(2_000_000, "a");
    output(1_000_000, "b");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[2.000000, \"o\", \"a\"]\n[2.000000, \"o\", \"b\"]\n");

    Collected read = decode(utf8(header() + "[2.0, \"o\", \"a\"]\n[1.0, \"o\", \"b\"]\n"), 5);
    assertThat(read.events)
        .extracting(AsciicastEvent::timeMicros)
        .containsExactly(2_000_000L, 2_000_000L);
  }

  @Test
  void sizesOutOfRangeAreBroughtInside() throws Exception {
    encoder.resize(0, 0, 100_000);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"1x4096\"");
  }

  private static String header() {
    return "{\"version\": 2, \"width\": 80, \"height\": 24}\n";
  }

  @Test
  void aRecordingCutByACrashIsReadUpToItsLastWholeLine() throws Exception {
    byte[] whole = utf8(GOLDEN);
    int headerEnd =
        GOLDEN.lines().findFirst().orElseThrow().getBytes(StandardCharsets.UTF_8).length;
    for (int cut = 0; cut <= whole.length; cut++) {
      Collected collected = new Collected();
      AsciicastDecoder decoder = new AsciicastDecoder(AsciicastLimits.DEFAULT, collected);
      decoder.decode(whole, 0, cut);
      boolean complete = decoder.finish();
      String kept = new String(Arrays.copyOf(whole, cut), StandardCharsets.UTF_8);
      long lines = kept.chars().filter(c -> c == '\n').count();
      assertThat((long) collected.headers.size() + collected.events.size())
          .isBetween(lines, lines + 1);
      assertThat(complete)
          .isEqualTo(
              cut >= headerEnd && (kept.endsWith("\n") || kept.endsWith("]") || cut == headerEnd));
    }
  }

  @Test
  void unknownMembersAndCodesPass() throws Exception {
    Collected read =
        decode(
            utf8(
                """
                {"version": 2, "width": 80, "height": 24, "theme": {"fg": "#fff", "x": [1, -2.5e3, true, false, null]},
                """
                        .strip()
                    + """
                     "idle_time_limit": 2.5, "env": {"SHELL": null, "TERM": "xterm"}, "title": null, "command": "a\\/\\u00e9"}

                    [ 1e-3 , "x" , "exit" ]
                    """),
            4);
    assertThat(read.headers.getFirst().env()).isEqualTo(Map.of("TERM", "xterm"));
    assertThat(read.headers.getFirst().title()).isEmpty();
    assertThat(read.events).containsExactly(new AsciicastEvent(1000, 'x', "exit"));
  }

  @Test
  void aLineThatIsNotAnEventNamesItself() {
    for (String wrong :
        List.of(
            "[1.0, \"o\"]",
            "[1.0, \"oo\", \"x\"]",
            "[-1.0, \"o\", \"x\"]",
            "[1e99, \"o\", \"x\"]",
            "[1.0, \"o\", \"x\"] x",
            "[1.0, \"o\", \"\\x\"]",
            "[1.0, \"o\", \"\u0001\"]",
            "[1.0, \"o\", \"\\u12g4\"]",
            "[, \"o\", \"x\"]",
            "{}")) {
      assertThatThrownBy(() -> decode(utf8(header() + wrong + "\n"), 100))
          .as(wrong)
          .isInstanceOf(AsciicastException.class)
          .hasMessageStartingWith("line 2 of the recording: ");
    }
    for (String wrong :
        List.of(
            "{\"version\": 1, \"width\": 80, \"height\": 24}",
            "{\"version\": 2, \"width\": 0, \"height\": 24}",
            "{\"version\": 2, \"width\": 80, \"height\": 99999}",
            "{\"version\": 2, \"x\": " + "[".repeat(100) + "}",
            "not json")) {
      assertThatThrownBy(() -> decode(utf8(wrong + "\n"), 100))
          .as(wrong)
          .isInstanceOf(AsciicastException.class);
    }
  }

  @Test
  void aLineMayBeAsLongAsTheLimitAndNoLonger() throws Exception {
    AsciicastLimits limits = new AsciicastLimits(16, 64, 4096);
    Collected collected = new Collected();
    AsciicastDecoder decoder = new AsciicastDecoder(limits, collected);
    byte[] header = utf8(header());
    decoder.decode(header, 0, header.length);
    byte[] longest = utf8("[1.0, \"o\", \"" + "x".repeat(64 - 14) + "\"]\n");
    assertThat(longest).hasSize(65);
    decoder.decode(longest, 0, longest.length);
    assertThat(collected.events).hasSize(1);
    byte[] longer = utf8("[1.0, \"o\", \"" + "x".repeat(65 - 14));
    decoder.decode(longer, 0, 64 - 1);
    assertThatThrownBy(() -> decoder.decode(new byte[] {'x', 'x'}, 0, 2))
        .hasMessage("line 3 of the recording: it is longer than 64 bytes");
  }

  @Test
  void anyDamageEndsInEventsOrInAnAsciicastException() {
    byte[] whole = utf8(GOLDEN);
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = whole.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      AsciicastDecoder decoder = new AsciicastDecoder(AsciicastLimits.DEFAULT, new Collected());
      try {
        decoder.decode(bytes, 0, random.nextInt(bytes.length + 1));
        decoder.finish();
      } catch (AsciicastException e) {
        assertThat(e).hasMessageStartingWith("line ");
      }
    }
  }

  @Test
  void aThousandYearsAreBelievedAndNothingBeyond() throws Exception {
    assertThat(decode(utf8(header() + "[3.2e10, \"o\", \"a\"]\n"), 100).events)
        .containsExactly(new AsciicastEvent(32_000_000_000_000_000L, 'o', "a"));
    for (String time : new String[] {"3.2000001e10", "1e300", "-0.1"}) {
      assertThatThrownBy(() -> decode(utf8(header() + "[" + time + ", \"o\", \"a\"]\n"), 100))
          .as(time)
          .isInstanceOf(AsciicastException.class)
          .hasMessageContaining("out of range");
    }
  }
}
