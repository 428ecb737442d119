package org.ongsung.wire.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ongsung.wire.sftp.Packets.close;
import static org.ongsung.wire.sftp.Packets.data;
import static org.ongsung.wire.sftp.Packets.handle;
import static org.ongsung.wire.sftp.Packets.init;
import static org.ongsung.wire.sftp.Packets.ok;
import static org.ongsung.wire.sftp.Packets.open;
import static org.ongsung.wire.sftp.Packets.packet;
import static org.ongsung.wire.sftp.Packets.read;
import static org.ongsung.wire.sftp.Packets.status;
import static org.ongsung.wire.sftp.Packets.version;
import static org.ongsung.wire.sftp.Packets.write;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ongsung.wire.sftp.SftpOperation.Close;
import org.ongsung.wire.sftp.SftpOperation.CloseDirectory;
import org.ongsung.wire.sftp.SftpOperation.CopyData;
import org.ongsung.wire.sftp.SftpOperation.HardLink;
import org.ongsung.wire.sftp.SftpOperation.MakeDirectory;
import org.ongsung.wire.sftp.SftpOperation.Open;
import org.ongsung.wire.sftp.SftpOperation.OpenDirectory;
import org.ongsung.wire.sftp.SftpOperation.Remove;
import org.ongsung.wire.sftp.SftpOperation.RemoveDirectory;
import org.ongsung.wire.sftp.SftpOperation.Rename;
import org.ongsung.wire.sftp.SftpOperation.SetAttributes;
import org.ongsung.wire.sftp.SftpOperation.SymbolicLink;
import org.ongsung.wire.sftp.SftpOperation.UnknownExtension;

class SftpObserverTest {
  private static final SftpResult OK = new SftpResult(0, "");
  private static final SftpResult UNANSWERED = new SftpResult(SftpResult.UNANSWERED, "");

  private record Finished(SftpOperation operation, SftpResult result) {}

  /// A channel whose bytes are shown to an observer `step` at a time.
  private static final class Channel implements SftpListener {
    final List<SftpOperation> requested = new ArrayList<>();
    final List<Finished> finished = new ArrayList<>();
    final SftpObserver observer;
    final int step;

    Channel(SftpLimits limits, int step) {
      this.observer = new SftpObserver(limits, this);
      this.step = step;
    }

    @Override
    public void requested(SftpOperation operation) {
      requested.add(operation);
    }

    @Override
    public void finished(SftpOperation operation, SftpResult result) {
      finished.add(new Finished(operation, result));
    }

    Channel client(byte[]... packets) throws SftpProtocolException {
      for (byte[] packet : packets) {
        for (int at = 0; at < packet.length; at += step) {
          observer.fromClient(packet, at, Math.min(step, packet.length - at));
        }
      }
      return this;
    }

    Channel server(byte[]... packets) throws SftpProtocolException {
      for (byte[] packet : packets) {
        for (int at = 0; at < packet.length; at += step) {
          observer.fromServer(packet, at, Math.min(step, packet.length - at));
        }
      }
      return this;
    }
  }

  private static Channel started() throws SftpProtocolException {
    return started(SftpLimits.DEFAULT, Integer.MAX_VALUE);
  }

  private static Channel started(SftpLimits limits, int step) throws SftpProtocolException {
    return new Channel(limits, step).client(init()).server(version());
  }

  @Test
  void anUploadAndADownloadAreToldWithTheirBytesHoweverTheyAreCut() throws Exception {
    for (int step : new int[] {1, 3, 64, 100_000}) {
      Channel channel = started(SftpLimits.DEFAULT, step);
      channel.client(open(1, "/tmp/보고서.txt", 0x1A)).server(handle(1, "h1"));
      channel.client(write(2, "h1", 32_768), write(3, "h1", 10), write(4, "h1", 5));
      channel.server(ok(2), status(4, 4, "disk full"), ok(3));
      channel.client(close(5, "h1"), open(6, "b", 1)).server(ok(5), handle(6, "h2"));
      channel.client(read(7, "h2", 32_768), read(8, "h2", 32_768));
      channel.server(data(7, 20_000), status(8, 1, "End of file"));
      channel.client(close(9, "h2")).server(ok(9));

      assertThat(channel.finished)
          .containsExactly(
              new Finished(new Open("/tmp/보고서.txt", 0x1A), OK),
              new Finished(new Close("/tmp/보고서.txt", 0, 32_778), OK),
              new Finished(new Open("b", 1), OK),
              new Finished(new Close("b", 20_000, 0), OK));
      channel.observer.end();
      assertThat(channel.finished).hasSize(4);
    }
  }

  @Test
  void everyOperationIsToldWhenAskedForAndWithItsResult() throws Exception {
    Channel channel = started();
    channel.client(open(1, "f", 3), packet(11, 2, "/d"));
    channel.server(handle(1, "F"), handle(2, "D"));
    channel.client(packet(12, 3, "D"), packet(12, 4, "D"));
    channel.server(packet(104, 3, 2, "a", "a", 0, "b", "b", 0), status(4, 1, ""));
    channel.client(packet(4, 5, "D")).server(ok(5));
    channel.client(
        packet(13, 10, "gone"),
        packet(14, 11, "dir", 4, 0755),
        packet(15, 12, "dir"),
        packet(18, 13, "a", "b"),
        packet(200, 14, "posix-rename@openssh.com", "a", "b"),
        packet(20, 15, "target", "link"),
        packet(200, 16, "hardlink@openssh.com", "old", "new"),
        packet(9, 17, "p", 0xF, 7L, 1000, 100, 0644, 5, 6),
        packet(10, 18, "F", 1, 0L),
        packet(200, 19, "lsetstat@openssh.com", "l", 8, 1, 2),
        packet(200, 20, "copy-data", "F", 0L, 99L, "F", 0L),
        packet(200, 21, "strange@example.com", "x"));
    channel.server(status(10, 2, "No such file"));
    for (int id = 11; id <= 20; id++) {
      channel.server(ok(id));
    }
    channel.server(packet(201, 21, "answer"));

    List<SftpOperation> expected =
        List.of(
            new Open("f", 3),
            new OpenDirectory("/d"),
            new CloseDirectory("/d", 2),
            new Remove("gone"),
            new MakeDirectory("dir"),
            new RemoveDirectory("dir"),
            new Rename("a", "b", false),
            new Rename("a", "b", true),
            new SymbolicLink("target", "link"),
            new HardLink("old", "new"),
            new SetAttributes("p", new SftpAttributes(7L, 1000, 100, 0644, 5L, 6L, 0), true),
            new SetAttributes("f", new SftpAttributes(0L, null, null, null, null, null, 0), true),
            new SetAttributes("l", new SftpAttributes(null, null, null, null, 1L, 2L, 0), false),
            new CopyData("f", "f", 99),
            new UnknownExtension("strange@example.com", 5));
    assertThat(channel.finished).extracting(Finished::operation).isEqualTo(expected);
    assertThat(channel.requested)
        .isEqualTo(expected.stream().filter(each -> !(each instanceof CloseDirectory)).toList());
    assertThat(channel.finished)
        .extracting(Finished::result)
        .contains(new SftpResult(2, "No such file"))
        .filteredOn(SftpResult::ok)
        .hasSize(expected.size() - 1);
  }

  @Test
  void lookingIsNotTold() throws Exception {
    Channel channel = started();
    channel.client(
        packet(7, 1, "a"),
        packet(17, 2, "a"),
        packet(16, 3, "."),
        packet(19, 4, "l"),
        packet(200, 5, "statvfs@openssh.com", "/"),
        packet(200, 6, "limits@openssh.com"),
        packet(200, 7, "expand-path@openssh.com", "~"),
        packet(200, 8, "users-groups-by-id@openssh.com", "", ""));
    channel.server(
        packet(105, 1, 0),
        status(2, 2, ""),
        packet(104, 3, 1, "/root", "/root", 0),
        packet(104, 4, 1, "x", "x", 0),
        packet(201, 5, 1L),
        packet(201, 6, 1L),
        packet(104, 7, 1, "/root", "/root", 0),
        packet(201, 8, "", ""));
    channel.observer.end();
    assertThat(channel.finished).isEmpty();
  }

  @Test
  void whatTheEndOfTheChannelLeftOpenIsTold() throws Exception {
    Channel channel = started();
    channel.client(open(1, "f", 2)).server(handle(1, "h"));
    channel.client(open(2, "g", 1)).server(handle(2, "g"));
    channel.client(write(3, "h", 100), write(4, "h", 100), packet(13, 5, "x"), open(6, "n", 1));
    channel.client(close(7, "g")).server(ok(3));
    channel.finished.clear();
    channel.observer.end();
    channel.observer.end();

    assertThat(channel.finished)
        .containsExactlyInAnyOrder(
            new Finished(new Remove("x"), UNANSWERED),
            new Finished(new Open("n", 1), UNANSWERED),
            new Finished(new Close("f", 0, 100), UNANSWERED),
            new Finished(new Close("g", 0, 0), UNANSWERED));
  }

  @Test
  void goldenBytesOfAnOpenAreRead() throws Exception {
    // uint32 length, SSH_FXP_OPEN, id 5, "a", SSH_FXF_READ, no attributes
    byte[] golden =
        HexFormat.of()
            .parseHex("00000012" + "03" + "00000005" + "0000000161" + "00000001" + "00000000");
    Channel channel = started();
    channel.client(golden);
    channel.server(
        HexFormat.of().parseHex("0000000d" + "66" + "00000005" + "00000004" + "00000000"));
    assertThat(channel.finished).containsExactly(new Finished(new Open("a", 1), OK));
  }

  @Test
  void namesThatAreNotUtf8AreReplaced() throws Exception {
    Channel channel = started();
    channel.client(packet(13, 1, new byte[] {'a', (byte) 0xFF, '\n'})).server(ok(1));
    assertThat(channel.finished).containsExactly(new Finished(new Remove("a\uFFFD\n"), OK));
  }

  @Test
  void aHandleMayBeGivenAgainOnceItIsClosed() throws Exception {
    Channel channel = started();
    channel.client(open(1, "a", 1)).server(handle(1, "h"));
    channel.client(close(2, "h"), open(3, "b", 1)).server(handle(3, "h"), ok(2));
    channel.client(close(4, "h")).server(ok(4));
    channel.client(close(5, "h")).server(status(5, 4, "Failure"));
    assertThat(channel.finished)
        .extracting(Finished::operation)
        .containsExactly(
            new Open("a", 1), new Open("b", 1), new Close("a", 0, 0), new Close("b", 0, 0));
  }

  @Test
  void whoGuessesAHandleIsRefused() throws Exception {
    for (byte[] guess :
        List.of(
            write(2, "h", 5),
            read(2, "h", 5),
            packet(12, 2, "h"),
            packet(10, 2, "h", 1, 0L),
            packet(200, 2, "copy-data", "h", 0L, 0L, "h", 0L))) {
      Channel channel = started();
      channel.client(open(1, "secret", 2));
      assertThatThrownBy(() -> channel.client(guess))
          .isInstanceOf(SftpProtocolException.class)
          .hasMessage("an SFTP request names a file that is not open");
    }
  }

  @Test
  void anyOtherVersionIsRefused() throws Exception {
    for (int version : new int[] {0, 2, 4, 6}) {
      Channel channel = new Channel(SftpLimits.DEFAULT, 1).client(packet(1, 6));
      assertThatThrownBy(() -> channel.server(packet(2, version)))
          .hasMessage("only SFTP version 3 can be recorded");
    }
    assertThatThrownBy(() -> started().client(packet(200, 1, "version-select", "6")))
        .hasMessage("only SFTP version 3 can be recorded");
    assertThatThrownBy(() -> new Channel(SftpLimits.DEFAULT, 1).client(init(), open(1, "a", 1)))
        .hasMessage("an SFTP request came before the version was agreed");
    assertThatThrownBy(() -> started().client(init()))
        .hasMessage("SFTP was started twice on one channel");
    assertThatThrownBy(() -> started().server(version())).isInstanceOf(SftpProtocolException.class);
  }

  @Test
  void answersThatFitNoRequestAreRefused() throws Exception {
    for (byte[] answer :
        List.of(
            ok(99),
            handle(2, "i"),
            data(3, 5),
            packet(104, 3, 0),
            packet(105, 3, 0),
            ok(4),
            handle(4, "h"),
            packet(99, 2),
            packet(103, 2, 1000, 0L))) {
      Channel channel = waiting();
      assertThatThrownBy(() -> channel.server(answer)).isInstanceOf(SftpProtocolException.class);
      // What was refused once stays refused.
      assertThatThrownBy(() -> channel.server(ok(3))).isInstanceOf(SftpProtocolException.class);
      assertThatThrownBy(() -> channel.client(close(5, "h")))
          .isInstanceOf(SftpProtocolException.class);
    }
    assertThatThrownBy(() -> waiting().client(packet(13, 3, "y")))
        .hasMessage("two SFTP requests have the same number");
    assertThatThrownBy(() -> waiting().client(packet(21, 50, "y")))
        .hasMessage("an SFTP request is of no kind in version 3");
  }

  private static Channel waiting() throws SftpProtocolException {
    Channel channel = started();
    channel.client(open(1, "f", 1)).server(handle(1, "h"));
    return channel.client(read(2, "h", 1), packet(13, 3, "x"), packet(11, 4, "d"));
  }

  @Test
  void aPacketMayBeAsLongAsTheLimitAndNoLonger() throws Exception {
    int max = SftpLimits.DEFAULT.maxPacketBytes();
    Channel channel = started();
    channel.client(open(1, "f", 2)).server(handle(1, "h"));
    byte[] largest = write(2, "h", max - 1 - 4 - 5 - 8 - 4);
    assertThat(largest).hasSize(max + 4);
    channel.client(largest).server(ok(2));
    assertThatThrownBy(() -> channel.client(write(3, "h", max - 1 - 4 - 5 - 8 - 3)))
        .hasMessage("an SFTP packet is empty or longer than " + max + " bytes");
    assertThatThrownBy(() -> started().client(new byte[4]))
        .isInstanceOf(SftpProtocolException.class);
    assertThatThrownBy(() -> started().client(new byte[] {-1, -1, -1, -1}))
        .isInstanceOf(SftpProtocolException.class);
  }

  @Test
  void namesRequestsAndHandlesAreBounded() throws Exception {
    SftpLimits limits = new SftpLimits(4096, 10, 3, 2, 5);
    Channel channel = started(limits, 7);
    channel.client(packet(13, 1, "x".repeat(10))).server(status(1, 3, "denied by me"));
    assertThat(channel.finished)
        .containsExactly(new Finished(new Remove("x".repeat(10)), new SftpResult(3, "denie")));
    assertThatThrownBy(() -> started(limits, 7).client(packet(13, 1, "x".repeat(11))))
        .hasMessage("a file name is longer than 10 bytes");
    channel.client(packet(17, 1, "a"), packet(17, 2, "a"), packet(17, 3, "a"));
    assertThatThrownBy(() -> channel.client(packet(17, 4, "a")))
        .hasMessage("more than 3 SFTP requests wait for an answer");
    Channel second = started(limits, 7);
    second.client(open(1, "a", 1), open(2, "b", 1), open(3, "c", 1));
    second.server(handle(1, "1"), handle(2, "2"));
    assertThatThrownBy(() -> second.server(handle(3, "3")))
        .hasMessage("more than 2 files are open");
    assertThatThrownBy(() -> started().client(packet(4, 1, "x".repeat(257))))
        .hasMessage("a handle is longer than 256 bytes");
  }

  @Test
  void packetsShorterThanTheirFieldsAreRefused() throws Exception {
    byte[] whole = packet(18, 1, "abc", "def");
    for (int length = 1; length < whole.length - 4; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length + 4);
      cut[3] = (byte) length;
      assertThatThrownBy(() -> started().client(cut)).isInstanceOf(SftpProtocolException.class);
    }
  }

  @Test
  void manyRequestsInAnyOrderFindTheirAnswers() throws Exception {
    Random random = new Random(3);
    Channel channel = started();
    channel.client(open(0, "f", 3)).server(handle(0, "h"));
    List<Integer> waiting = new ArrayList<>();
    long written = 0;
    for (int round = 0; round < 50_000; round++) {
      if (waiting.size() < 4096 && (waiting.isEmpty() || random.nextInt(100) < 52)) {
        int id = random.nextInt();
        if (!waiting.contains(id)) {
          channel.client(write(id, "h", 3));
          waiting.add(id);
        }
      } else {
        int id = waiting.remove(/* index */ random.nextInt(waiting.size()));
        channel.server(ok(id));
        written += 3;
      }
    }
    for (int id : waiting) {
      channel.server(ok(id));
      written += 3;
    }
    channel.client(close(1, "h")).server(ok(1));
    assertThat(channel.finished).contains(new Finished(new Close("f", 0, written), OK));
  }

  @Test
  void aTransferMakesNoObjects() throws Exception {
    Channel channel = started(SftpLimits.DEFAULT, 65_536);
    channel.client(open(0, "f", 3)).server(handle(0, "h"));
    byte[][] client = new byte[64][];
    byte[][] server = new byte[64][];
    for (int id = 0; id < 64; id++) {
      client[id] = id % 2 == 0 ? write(id, "h", 32_768) : read(id, "h", 32_768);
      server[id] = id % 2 == 0 ? ok(id) : data(id, 32_768);
    }
    for (int round = 0; round < 200; round++) {
      channel.client(client).server(server);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int round = 0; round < 1000; round++) {
      channel.client(client).server(server);
    }
    long perPacket = (threads.getCurrentThreadAllocatedBytes() - before) / (1000 * 128);
    // An interpreter that has not compiled yet may allocate now and then; one object per packet
    // would be 16 or more.
    assertThat(perPacket).isLessThan(8);
  }

  @Test
  void anyBytesEndInOperationsOrInARefusal() throws Exception {
    Random random = new Random(99);
    for (int round = 0; round < 5_000; round++) {
      Channel channel = started(SftpLimits.DEFAULT, 1 + random.nextInt(50));
      try {
        channel.client(open(1, "f", 3)).server(handle(1, "h"));
        for (int packets = 0; packets < 20; packets++) {
          byte[] client =
              packet(random.nextInt(25), random.nextInt(8), "h", random.nextInt(20), "x");
          byte[] server =
              packet(101 + random.nextInt(5), random.nextInt(8), random.nextInt(9), "x");
          if (random.nextInt(10) == 0) {
            client[random.nextInt(client.length)] = (byte) random.nextInt(256);
            server[random.nextInt(server.length)] = (byte) random.nextInt(256);
          }
          channel.client(client).server(server);
        }
      } catch (SftpProtocolException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
      channel.observer.end();
    }
  }

  @Test
  void aHandleHas256BytesAndNoMore() throws Exception {
    String longest = "h".repeat(256);
    Channel channel = started();
    channel.client(open(1, "f", 1)).server(handle(1, longest));
    channel.client(close(2, longest)).server(ok(2));
    assertThat(channel.finished)
        .containsExactly(
            new Finished(new Open("f", 1), OK), new Finished(new Close("f", 0, 0), OK));

    Channel tooLong = started().client(open(1, "f", 1));
    assertThatThrownBy(() -> tooLong.server(handle(1, longest + "h")))
        .isInstanceOf(SftpProtocolException.class)
        .hasMessageContaining("256");
    Channel made = started();
    assertThatThrownBy(() -> made.client(read(1, longest + "h", 10)))
        .isInstanceOf(SftpProtocolException.class)
        .hasMessageContaining("256");
  }
}
