package org.ongsung.fastcgi.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordsTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void recordsHaveTheBytesOfTheSpecification() {
    assertThat(hex(Records.beginRequest(1, Role.RESPONDER, false)))
        .isEqualTo("0101000100080000" + "0001000000000000");
    assertThat(hex(Records.beginRequest(0x1234, Role.FILTER, true)))
        .isEqualTo("0101123400080000" + "0003010000000000");
    assertThat(hex(Records.abortRequest(2))).isEqualTo("0102000200000000");
    assertThat(hex(Records.endRequest(3, 0x01020304, ProtocolStatus.CANT_MPX_CONN)))
        .isEqualTo("0103000300080000" + "0102030401000000");
    assertThat(hex(Records.unknownType(200))).isEqualTo("010b000000080000" + "c800000000000000");
    assertThat(hex(Records.endOfStream(RecordType.STDIN, 1))).isEqualTo("0105000100000000");
  }

  @Test
  void theEndOfAResponseEndsItsStreamFirst() {
    ByteBuffer out = ByteBuffer.allocate(Records.endBytes());
    Records.putEnd(out, 1, 7);
    assertThat(out.hasRemaining()).isFalse();
    assertThat(hex(out.flip()))
        .isEqualTo("0106000100000000" + "0103000100080000" + "0000000700000000");
  }

  @Test
  void aLongPieceOfAStreamTakesSeveralRecords() {
    ByteBuffer content = ByteBuffer.allocate(65_535 + 65_535 + 1);
    List<ByteBuffer> records = Records.stream(RecordType.STDOUT, 1, content);
    assertThat(content.hasRemaining()).isFalse();
    assertThat(records.stream().map(ByteBuffer::remaining))
        .containsExactly(8, 65_535, 8, 65_535, 8, 1);
    assertThat(hex(records.get(4))).isEqualTo("0106000100010000");
  }

  @Test
  void nothingOfAStreamIsNoRecordAsThatWouldEndIt() {
    assertThat(Records.stream(RecordType.STDOUT, 1, ByteBuffer.allocate(0))).isEmpty();
  }

  @Test
  void beginAndEndAreReadAsTheyAreWritten() {
    for (Role role : Role.values()) {
      BeginRequest begin = BeginRequest.read(content(Records.beginRequest(9, role, true)));
      assertThat(Role.of(begin.roleCode())).isEqualTo(role);
      assertThat(begin.keepConnection()).isTrue();
    }
    for (ProtocolStatus status : ProtocolStatus.values()) {
      EndRequest end = EndRequest.read(content(Records.endRequest(9, -1, status)));
      assertThat(ProtocolStatus.of(end.protocolStatusCode())).isEqualTo(status);
      assertThat(end.applicationStatus()).isEqualTo(-1);
    }
    assertThat(Role.of(0)).isNull();
    assertThat(ProtocolStatus.of(4)).isNull();
  }

  private static byte[] content(ByteBuffer record) {
    byte[] content = new byte[record.remaining() - RecordHeader.BYTES];
    record.position(RecordHeader.BYTES).get(content);
    return content;
  }

  private static String hex(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return HEX.formatHex(bytes);
  }
}
