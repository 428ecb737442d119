package org.ongsung.wire.telnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TelnetCodecTest {
  /// Writes down what a decoder tells; data that touches is one piece.
  private static final class Heard implements TelnetListener {
    final List<String> events = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();

    @Override
    public void data(byte[] bytes, int offset, int length) {
      data.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void command(int command) {
      add("command " + command);
    }

    @Override
    public void negotiation(int verb, int option) {
      add(verb + " " + option);
    }

    @Override
    public void subnegotiation(int option, byte[] content) {
      add("sub " + option + " " + HexFormat.of().formatHex(content));
    }

    private void add(String event) {
      all();
      events.add(event);
    }

    List<String> all() {
      if (!data.isEmpty()) {
        events.add("data " + data);
        data.setLength(0);
      }
      return events;
    }
  }

  private static byte[] hex(String digits) {
    return HexFormat.ofDelimiter(" ").parseHex(digits);
  }

  private static List<String> decoded(byte[] bytes, int piece, boolean keyboard, boolean binary)
      throws TelnetProtocolException {
    Heard heard = new Heard();
    TelnetDecoder decoder = new TelnetDecoder(heard, TelnetWireLimits.DEFAULT, keyboard);
    decoder.binary(binary);
    for (int at = 0; at < bytes.length; at += piece) {
      decoder.decode(bytes, at, Math.min(piece, bytes.length - at));
    }
    return heard.all();
  }

  // "a", IAC DO NAWS, "b", 255, CR NUL, CR LF, IAC SB NAWS 80 65535 IAC SE, IAC IP, IAC DM,
  // "c"
  private static final byte[] GOLDEN =
      hex("61 ff fd 1f 62 ff ff 0d 00 0d 0a ff fa 1f 00 50 ff ff ff ff ff f0 ff f4 ff f2 63");

  @Test
  void goldenBytesAreReadAsAWholeAndByteByByte() throws TelnetProtocolException {
    List<String> expected =
        List.of(
            "data a",
            "253 31",
            "data b\u00ff\r\r\n",
            "sub 31 0050ffff",
            "command 244",
            "command 242",
            "data c");
    for (int piece : new int[] {GOLDEN.length, 7, 3, 2, 1}) {
      assertThat(decoded(GOLDEN, piece, false, false))
          .as("pieces of %d", piece)
          .isEqualTo(expected);
    }
  }

  /// The mode EDIT and TRAPSIG, which the other side acknowledges; special characters, one of them
  /// 255; DO FORWARDMASK with an octet of 255; EOF, SUSP and ABORT (RFC 1184, sections 2.1 to 2.5).
  @Test
  void lineModeIsReadAndWrittenAsItStands() throws TelnetProtocolException {
    String[] written = {
      "ff fa 22 01 03 ff f0",
      "ff fa 22 01 07 ff f0",
      "ff fa 22 03 03 62 03 0a 02 ff ff 0f 22 15 ff f0",
      "ff fa 22 fd 02 ff ff 00 10 ff f0",
      "ff ec ff ed ff ee"
    };
    List<String> read =
        List.of(
            "sub 34 0103",
            "sub 34 0107",
            "sub 34 030362030a02ff0f2215",
            "sub 34 fd02ff0010",
            "command 236",
            "command 237",
            "command 238");
    byte[] all = hex(String.join(" ", written));
    for (int piece : new int[] {all.length, 5, 1}) {
      assertThat(decoded(all, piece, false, false)).as("pieces of %d", piece).isEqualTo(read);
    }
    byte[] characters = HexFormat.of().parseHex("03036203" + "0a02ff" + "0f2215");
    assertThat(TelnetEncoder.subnegotiation(Telnet.LINEMODE, characters))
        .isEqualTo(hex(written[2]));
  }

  @Test
  void fromAKeyboardEveryEndOfALineIsTheKeyEnter() throws TelnetProtocolException {
    for (int piece : new int[] {64, 1}) {
      assertThat(decoded(hex("61 0d 0a 62 0d 00 0a 63 0a 0d"), piece, true, false))
          .containsExactly("data a\rb\r\nc\n\r");
    }
  }

  @Test
  void inBinaryNothingButTheEscapeIsSpecial() throws TelnetProtocolException {
    assertThat(decoded(hex("0d 00 0d 0a ff ff 00"), 1, true, true))
        .containsExactly("data \r\0\r\n\u00ff\0");
  }

  @Test
  void anEscapeBetweenCrAndNulChangesNothing() throws TelnetProtocolException {
    assertThat(decoded(hex("0d ff f1 00 61"), 1, false, false))
        .containsExactly("data \r", "command 241", "data a");
    assertThat(decoded(hex("0d ff fd 01 00 61"), 1, false, false))
        .containsExactly("data \r", "253 1", "data a");
    assertThat(decoded(hex("0d ff fa 18 01 ff f0 00 61"), 1, false, false))
        .containsExactly("data \r", "sub 24 01", "data a");
  }

  @Test
  void whatIsCutOffSaysNothingYet() throws TelnetProtocolException {
    for (String cut : new String[] {"ff", "ff fd", "ff fa", "ff fa 1f 00", "ff fa 1f 00 ff"}) {
      assertThat(decoded(hex(cut), 64, false, false)).isEmpty();
    }
  }

  @Test
  void aSubnegotiationIsReadUpToItsLimitAndNotPastIt() throws TelnetProtocolException {
    int most = TelnetWireLimits.DEFAULT.subnegotiationBytes();
    assertThat(decoded(TelnetEncoder.subnegotiation(39, new byte[most]), 100, false, false))
        .hasSize(1);
    byte[] longer = TelnetEncoder.subnegotiation(39, new byte[most + 1]);
    assertThatThrownBy(() -> decoded(longer, 100, false, false))
        .isInstanceOf(TelnetProtocolException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void negotiationIsTakenUpToItsLimitAndNotPastIt() throws TelnetProtocolException {
    int most = TelnetWireLimits.DEFAULT.negotiations();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < most; i++) {
      out.writeBytes(TelnetEncoder.negotiation(Telnet.DO, Telnet.ECHO));
    }
    assertThat(decoded(out.toByteArray(), 4_096, false, false)).hasSize(most);
    out.writeBytes(TelnetEncoder.negotiation(Telnet.DO, Telnet.ECHO));
    byte[] more = out.toByteArray();
    assertThatThrownBy(() -> decoded(more, 4_096, false, false)).hasMessageContaining("too much");
  }

  @Test
  void aLongSessionMayNegotiateAsOftenAsItLikesWithTextBetween() throws TelnetProtocolException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 2 * TelnetWireLimits.DEFAULT.negotiations(); i++) {
      out.writeBytes(
          TelnetEncoder.negotiation(i % 2 == 0 ? Telnet.WILL : Telnet.WONT, Telnet.ECHO));
      out.write('x');
    }
    assertThat(decoded(out.toByteArray(), 4_096, false, false))
        .hasSize(4 * TelnetWireLimits.DEFAULT.negotiations());
  }

  @Test
  void whatIsNoTelnetBreaksTheConnection() {
    assertThatThrownBy(() -> decoded(hex("ff f0"), 1, false, false)).hasMessageContaining("no sub");
    assertThatThrownBy(() -> decoded(hex("ff fa 18 00 ff f4"), 1, false, false))
        .hasMessageContaining("inside");
  }

  @Test
  void anyBytesGiveTheSameInPiecesOfAnySizeOrAreRefused() {
    Random random = new Random(4711);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        if (random.nextInt(4) == 0) {
          bytes[i] = (byte) (236 + random.nextInt(20));
        }
      }
      boolean keyboard = random.nextBoolean();
      assertThat(outcome(bytes, 1, keyboard)).isEqualTo(outcome(bytes, bytes.length + 1, keyboard));
    }
  }

  private static List<String> outcome(byte[] bytes, int piece, boolean keyboard) {
    try {
      return decoded(bytes, piece, keyboard, false);
    } catch (TelnetProtocolException e) {
      return List.of("refused " + e.getMessage());
    }
  }

  @Test
  void whatIsWrittenIsReadAgainWhereverItIsCut() throws TelnetProtocolException {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = new byte[1 + random.nextInt(60)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) "\r\n\0a\u00ff".charAt(random.nextInt(5));
      }
      TelnetEncoder encoder = new TelnetEncoder();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int cut = random.nextInt(bytes.length);
      out.writeBytes(encoder.data(bytes, 0, cut));
      out.writeBytes(encoder.data(bytes, cut, bytes.length - cut));
      out.writeBytes(encoder.finishLine());
      assertThat(decoded(out.toByteArray(), 1, false, false))
          .containsExactly("data " + new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void aCrByItselfIsWrittenWithANulAndAnEndOfLineAsItIs() {
    TelnetEncoder encoder = new TelnetEncoder();
    assertThat(encoder.data("a\r".getBytes(StandardCharsets.US_ASCII), 0, 2))
        .isEqualTo(hex("61 0d"));
    assertThat(encoder.data("\n\rb".getBytes(StandardCharsets.US_ASCII), 0, 3))
        .isEqualTo(hex("0a 0d 00 62"));
    assertThat(encoder.finishLine()).isEmpty();
    encoder.data("\r".getBytes(StandardCharsets.US_ASCII), 0, 1);
    assertThat(encoder.finishLine()).isEqualTo(hex("00"));
    encoder.binary(true);
    assertThat(encoder.data(hex("0d 61 ff"), 0, 3)).isEqualTo(hex("0d 61 ff ff"));
  }

  @Test
  void onlyWhatIsAllowedIsAgreedToAndNothingIsAnsweredTwice() {
    TelnetNegotiation sides =
        new TelnetNegotiation(Set.of(Telnet.TERMINAL_TYPE), Set.of(Telnet.ECHO));
    assertThat(sides.received(Telnet.DO, Telnet.TERMINAL_TYPE)).isEqualTo(hex("ff fb 18"));
    assertThat(sides.received(Telnet.DO, Telnet.TERMINAL_TYPE)).isEmpty();
    assertThat(sides.weDo(Telnet.TERMINAL_TYPE)).isTrue();
    assertThat(sides.received(Telnet.WILL, Telnet.ECHO)).isEqualTo(hex("ff fd 01"));
    assertThat(sides.received(Telnet.WONT, Telnet.ECHO)).isEqualTo(hex("ff fe 01"));
    assertThat(sides.received(Telnet.WONT, Telnet.ECHO)).isEmpty();
    assertThat(sides.theyDo(Telnet.ECHO)).isFalse();
    assertThat(sides.received(Telnet.DONT, Telnet.TERMINAL_TYPE)).isEqualTo(hex("ff fc 18"));
  }

  @Test
  void whatWouldBlindTheRecordIsRefusedOnBothSides() {
    for (int option :
        new int[] {
          Telnet.AUTHENTICATION, Telnet.ENCRYPT, Telnet.START_TLS,
          Telnet.COMPRESS, Telnet.COMPRESS_2, Telnet.COMPRESS_3
        }) {
      TelnetNegotiation sides = new TelnetNegotiation(Set.of(), Set.of());
      byte refusal = (byte) option;
      assertThat(sides.received(Telnet.DO, option))
          .containsExactly((byte) 255, (byte) Telnet.WONT, refusal);
      assertThat(sides.received(Telnet.WILL, option))
          .containsExactly((byte) 255, (byte) Telnet.DONT, refusal);
    }
  }

  @Test
  void offersAreMadeOnceAndTheirAnswersNeedNone() {
    TelnetNegotiation sides = new TelnetNegotiation(Set.of(Telnet.ECHO), Set.of());
    assertThat(sides.offer(Telnet.ECHO)).isEqualTo(hex("ff fb 01"));
    assertThat(sides.offer(Telnet.ECHO)).isEmpty();
    assertThat(sides.received(Telnet.DO, Telnet.ECHO)).isEmpty();
    assertThat(sides.weDo(Telnet.ECHO)).isTrue();
    assertThat(sides.ask(Telnet.WINDOW_SIZE)).isEqualTo(hex("ff fd 1f"));
    assertThat(sides.received(Telnet.WONT, Telnet.WINDOW_SIZE)).isEmpty();
    assertThat(sides.withdraw(Telnet.ECHO)).isEqualTo(hex("ff fc 01"));
    assertThat(sides.received(Telnet.DONT, Telnet.ECHO)).isEmpty();
  }

  @Test
  void windowSizesAreReadAndWritten() throws TelnetProtocolException {
    assertThat(new WindowSize(80, 255).content()).isEqualTo(hex("00 50 00 ff"));
    assertThat(WindowSize.of(hex("00 50 00 ff"))).isEqualTo(new WindowSize(80, 255));
    assertThat(new WindowSize(100_000, -1).content()).isEqualTo(hex("ff ff 00 00"));
    assertThatThrownBy(() -> WindowSize.of(new byte[3])).hasMessageContaining("3 bytes");
  }

  @Test
  void terminalTypesAreAskedForAndTold() {
    assertThat(TerminalType.asks(TerminalType.send())).isTrue();
    assertThat(TerminalType.is("VT100")).isEqualTo(hex("00 56 54 31 30 30"));
    assertThat(TerminalType.told(TerminalType.is("VT100"))).contains("VT100");
    assertThat(TerminalType.told(TerminalType.send())).isEmpty();
  }

  @Test
  void ofAnEnvironmentOnlyWhatIsWantedIsKept() {
    // IS, USERVAR LANG VALUE ko, VAR USER VALUE "-f root", VAR T (without a value)
    byte[] told = hex("00 03 4c 41 4e 47 01 6b 6f 00 55 53 45 52 01 2d 66 20 72 6f 6f 74 00 54");
    assertThat(Environment.told(told, Set.of("LANG"))).containsExactly(Map.entry("LANG", "ko"));
    assertThat(Environment.told(told, Set.of())).isEmpty();
    assertThat(Environment.told(hex("01 00 55"), Set.of("U"))).isEmpty();
    assertThat(Environment.told(new byte[0], Set.of("U"))).isEmpty();
  }

  @Test
  void anEnvironmentIsWrittenWithItsEscapesAndReadAgain() {
    byte[] content = Environment.is(Map.of("A\u0001B", "x\u0003y"));
    assertThat(content).isEqualTo(hex("00 03 41 02 01 42 01 78 02 03 79"));
    assertThat(Environment.told(content, Set.of("A\u0001B"))).containsEntry("A\u0001B", "x\u0003y");
    assertThat(Environment.send(List.of("LANG")))
        .isEqualTo(hex("01 00 4c 41 4e 47 03 4c 41 4e 47"));
    assertThat(Environment.asks(Environment.send(List.of()))).isTrue();
  }

  @Test
  void anyEnvironmentIsReadWithoutFault() {
    Random random = new Random(99);
    for (int round = 0; round < 2_000; round++) {
      byte[] content = new byte[random.nextInt(64)];
      random.nextBytes(content);
      for (int i = 0; i < content.length; i++) {
        content[i] = random.nextBoolean() ? (byte) random.nextInt(4) : content[i];
      }
      assertThat(Environment.told(content, Set.of("LANG"))).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void oneCharacterSetIsAgreedOnByName() {
    byte[] request = CharacterSet.request(List.of("EUC-KR", "utf-8"));
    assertThat(CharacterSet.asks(request)).isTrue();
    assertThat(CharacterSet.accepted(CharacterSet.answer(request, "UTF-8"))).contains("utf-8");
    assertThat(CharacterSet.answer(request, "CP949")).isEqualTo(hex("03"));
    assertThat(CharacterSet.answer(hex("01"), "UTF-8")).isEqualTo(hex("03"));
  }
}
