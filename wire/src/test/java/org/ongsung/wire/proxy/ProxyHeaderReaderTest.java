package org.ongsung.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ongsung.wire.proxy.ProxyHeader.Endpoint;
import org.ongsung.wire.proxy.ProxyHeader.Itself;
import org.ongsung.wire.proxy.ProxyHeader.Relayed;
import org.ongsung.wire.proxy.ProxyHeaderReader.Reading;
import org.ongsung.wire.proxy.ProxyHeaderReader.Reading.Complete;
import org.ongsung.wire.proxy.ProxyHeaderReader.Reading.Incomplete;
import org.ongsung.wire.proxy.ProxyHeaderReader.Reading.Malformed;

class ProxyHeaderReaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final byte[] LINE_4 = line("PROXY TCP4 192.0.2.7 198.51.100.1 51234 443");
  private static final byte[] LINE_6 = line("PROXY TCP6 2001:db8::7 ::ffff:198.51.100.1 1 65535");
  private static final byte[] UNKNOWN = line("PROXY UNKNOWN");
  private static final byte[] BINARY_4 =
      hex(SIGNATURE + "2111000c" + "c0000207" + "c6336401" + "c822" + "01bb");
  private static final byte[] BINARY_6 =
      hex(
          SIGNATURE
              + "2121002b"
              + "20010db8000000000000000000000007"
              + "20010db8000000000000000000000001"
              + "c822"
              + "01bb"
              + "04000401020304"); // an extension
  private static final byte[] BINARY_ITSELF = hex(SIGNATURE + "20000000");
  private static final List<byte[]> GOLDEN =
      List.of(LINE_4, LINE_6, UNKNOWN, BINARY_4, BINARY_6, BINARY_ITSELF);

  private static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static Reading read(byte[] bytes) {
    return ProxyHeaderReader.read(ByteBuffer.wrap(bytes));
  }

  private static ProxyHeader header(byte[] bytes) {
    Reading reading = read(bytes);
    assertThat(reading).isInstanceOf(Complete.class);
    assertThat(((Complete) reading).bytes()).isEqualTo(bytes.length);
    return ((Complete) reading).header();
  }

  @Test
  void goldenHeadersSayWhoComes() {
    assertThat(header(LINE_4))
        .isEqualTo(
            new Relayed(new Endpoint("192.0.2.7", 51234), new Endpoint("198.51.100.1", 443)));
    assertThat(header(LINE_6))
        .isEqualTo(
            new Relayed(
                new Endpoint("2001:db8::7", 1), new Endpoint("::ffff:198.51.100.1", 65535)));
    assertThat(header(BINARY_4))
        .isEqualTo(
            new Relayed(new Endpoint("192.0.2.7", 51234), new Endpoint("198.51.100.1", 443)));
    assertThat(header(BINARY_6))
        .isEqualTo(
            new Relayed(
                new Endpoint("2001:db8:0:0:0:0:0:7", 51234),
                new Endpoint("2001:db8:0:0:0:0:0:1", 443)));
  }

  @Test
  void aProxyMaySpeakForItself() {
    assertThat(header(UNKNOWN)).isEqualTo(new Itself());
    assertThat(header(line("PROXY UNKNOWN ffff::1 ::1 1 2"))).isEqualTo(new Itself());
    assertThat(header(BINARY_ITSELF)).isEqualTo(new Itself());
    assertThat(header(hex(SIGNATURE + "20110004" + "01020304"))).isEqualTo(new Itself());
    assertThat(header(hex(SIGNATURE + "21000000"))).isEqualTo(new Itself());
  }

  /// As a listener reads: never more than is known to be part of the header.
  @Test
  void whoTakesWhatIsAskedForTakesNoByteOfTheConnection() {
    for (byte[] golden : GOLDEN) {
      byte[] stream = Arrays.copyOf(golden, golden.length + 20);
      Arrays.fill(stream, golden.length, stream.length, (byte) 'S');
      int taken = 0;
      Reading reading = read(new byte[0]);
      while (reading instanceof Incomplete more) {
        assertThat(more.atLeastBytes()).isPositive();
        taken += more.atLeastBytes();
        reading = read(Arrays.copyOf(stream, taken));
      }
      assertThat(reading).isInstanceOf(Complete.class);
      assertThat(taken).isEqualTo(golden.length);
    }
  }

  @Test
  void oneByteAtATimeAndWithBytesBehindItIsTheSame() {
    for (byte[] golden : GOLDEN) {
      for (int length = 0; length < golden.length; length++) {
        assertThat(read(Arrays.copyOf(golden, length)))
            .as("%d bytes of %s", length, new String(golden, StandardCharsets.ISO_8859_1))
            .isInstanceOf(Incomplete.class);
      }
      byte[] more = Arrays.copyOf(golden, golden.length + 9_000);
      assertThat(read(more)).isEqualTo(new Complete(header(golden), golden.length));
    }
  }

  @Test
  void whatIsNoHeaderIsMalformedAtItsFirstWrongByte() {
    for (String start :
        List.of("S", "SSH-2.0-x", "GET / HTTP/1.1", "proxy", "PROXYx", "\r\n\r\nx")) {
      assertThat(read(start.getBytes(StandardCharsets.US_ASCII)))
          .as(start)
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void brokenLinesAreMalformed() {
    for (String text :
        List.of(
            "PROXY ",
            "PROXY TCP4",
            "PROXY TCP5 192.0.2.7 198.51.100.1 1 2",
            "PROXY TCP4 192.0.2.7 198.51.100.1 1",
            "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3",
            "PROXY TCP4  192.0.2.7 198.51.100.1 1 2",
            "PROXY TCP4 192.0.2.256 198.51.100.1 1 2",
            "PROXY TCP4 192.0.2.07 198.51.100.1 1 2",
            "PROXY TCP4 192.0.2 198.51.100.1 1 2",
            "PROXY TCP4 localhost 198.51.100.1 1 2",
            "PROXY TCP4 ::1 ::1 1 2",
            "PROXY TCP6 192.0.2.7 198.51.100.1 1 2",
            "PROXY TCP6 1:2:3:4:5:6:7 ::1 1 2",
            "PROXY TCP6 1::2::3 ::1 1 2",
            "PROXY TCP6 1:2:3:4::5:6:7:8 ::1 1 2",
            "PROXY TCP6 fe80::1%eth0 ::1 1 2",
            "PROXY TCP6 :1 ::1 1 2",
            "PROXY TCP4 192.0.2.7 198.51.100.1 01 2",
            "PROXY TCP4 192.0.2.7 198.51.100.1 65536 2",
            "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2",
            "PROXY tcp4 192.0.2.7 198.51.100.1 1 2")) {
      assertThat(read(line(text))).as(text).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void aLineHasALimit() {
    String text = "PROXY UNKNOWN ";
    byte[] longest = line(text + "x".repeat(107 - 2 - text.length()));
    assertThat(longest).hasSize(107);
    assertThat(header(longest)).isEqualTo(new Itself());
    assertThat(read(line(text + "x".repeat(108 - 2 - text.length()))))
        .isInstanceOf(Malformed.class);
    assertThat(read(Arrays.copyOf(longest, 106))).isInstanceOf(Incomplete.class);
    assertThat(read((text + "x".repeat(200)).getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void brokenBinaryHeadersAreMalformed() {
    for (String rest :
        List.of(
            "1111000c", // version 1
            "3111000c", // version 3
            "2211000c", // an unknown command
            "2112000c", // UDP
            "213100d8", // a Unix-domain socket
            "2111000b", // too short for its addresses
            "21210023",
            "2111ffff")) { // too long
      assertThat(read(hex(SIGNATURE + rest))).as(rest).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void aBinaryHeaderHasALimit() {
    int most = ProxyHeaderReader.MAX_BYTES;
    byte[] longest = Arrays.copyOf(hex(SIGNATURE + "2111%04x".formatted(most - 16)), most);
    assertThat(read(longest)).isInstanceOf(Complete.class);
    assertThat(read(hex(SIGNATURE + "2111%04x".formatted(most - 15))))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void noInputMakesItFail() {
    Random random = new Random(20_260);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = GOLDEN.get(i % GOLDEN.size()).clone();
      int changes = 1 + random.nextInt(4);
      for (int change = 0; change < changes; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertThat(read(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)))).isNotNull();
    }
  }
}
