package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.protocols.ssh.transport.TransportLimits;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// Slow readers, long transfers, keys exchanged by the gateway itself, and sides that fall silent.
class SshFlowTest {
  private static OpenSshServer server;

  @BeforeAll
  static void startTarget() {
    server = OpenSshServer.builder().start();
  }

  @AfterAll
  static void stopTarget() {
    server.close();
  }

  private static SshLimits limits(Duration keepAlive, int unanswered, long rekeyBytes) {
    SshLimits usual = SshLimits.DEFAULT;
    return new SshLimits(
        usual.maxConnections(),
        usual.maxConnectionsPerUser(),
        usual.loginTimeout(),
        usual.maxFailedLogins(),
        usual.maxLoginRequests(),
        usual.maxChannels(),
        usual.dialTimeout(),
        usual.targetLoginTimeout(),
        keepAlive,
        unanswered,
        usual.heldBytes(),
        usual.maxEnvironmentEntries(),
        rekeyBytes,
        usual.menuTimeout());
  }

  private static String shell(SshGateway gateway) {
    return "ssh -F "
        + gateway.client.config()
        + " -i "
        + gateway.alice.privateKeyFile()
        + " -p "
        + gateway.port()
        + " -l alice+web-1 127.0.0.1 ";
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void aReaderThatStallsLeavesTheHeapFlatAndGetsAll() throws Exception {
    try (SshGateway gateway = new SshGateway().target("web-1", server)) {
      long before = heap();
      try (RunningProgram reader =
          Program.of(
                  "sh", "-c", shell(gateway) + "'head -c 200000000 /dev/zero' | (sleep 5; wc -c)")
              .start()) {
        Thread.sleep(3_000);
        assertThat(heap() - before).isLessThan(40_000_000);
        assertThat(reader.await(Deadlines.SERVICE).stdout().strip()).isEqualTo("200000000");
      }
    }
  }

  @Test
  void aTargetThatStallsLeavesTheHeapFlatAndGetsAll() throws Exception {
    try (SshGateway gateway = new SshGateway().target("web-1", server)) {
      long before = heap();
      try (RunningProgram writer =
          Program.of(
                  "sh",
                  "-c",
                  "head -c 200000000 /dev/zero | " + shell(gateway) + "'sleep 5; wc -c'")
              .start()) {
        Thread.sleep(3_000);
        assertThat(heap() - before).isLessThan(40_000_000);
        assertThat(writer.await(Deadlines.SERVICE).stdout().strip()).isEqualTo("200000000");
      }
    }
  }

  @Test
  @Tag("long")
  void tenGibibytesToAReaderThatStallsForAMinuteLeaveTheHeapFlat() throws Exception {
    try (SshGateway gateway = new SshGateway().target("web-1", server)) {
      long before = heap();
      try (RunningProgram reader =
          Program.of(
                  "sh",
                  "-c",
                  shell(gateway)
                      + "'head -c 10737418240 /dev/zero' | (head -c 3000000000 | wc -c; sleep 60; wc -c)")
              .start()) {
        for (int i = 0; i < 12 && reader.alive(); i++) {
          Thread.sleep(5_000);
          assertThat(heap() - before).isLessThan(60_000_000);
        }
        CompletedProgram done = reader.await(Duration.ofMinutes(20));
        long sum = done.stdout().lines().map(String::strip).mapToLong(Long::parseLong).sum();
        assertThat(sum).isEqualTo(10_737_418_240L);
        assertThat(gateway.session().channels.getFirst().bytesToClient())
            .isEqualTo(10_737_418_240L);
      }
    }
  }

  @Test
  void theGatewayExchangesKeysAgainOnBothSidesDuringATransfer() {
    byte[] bytes = new byte[12_000_000];
    new Random(9).nextBytes(bytes);
    try (OpenSshServer telling = OpenSshServer.builder().configure("LogLevel DEBUG1").start();
        SshGateway gateway =
            new SshGateway(limits(Duration.ofSeconds(30), 4, 1 << 20)).target("web-1", telling)) {
      CompletedProgram done =
          gateway.ssh("alice+web-1", "-v", "cat").input(bytes).run().expectSuccess();
      assertThat(done.stdoutBytes()).isEqualTo(bytes);
      // Neither end asks for new keys before its first GiB: it was the gateway.
      assertThat(SshGateway.keyExchanges(done.stderr())).as("with the client").isGreaterThan(1);
      Deadlines.await(
          "the target has taken new keys too", () -> SshGateway.keyExchanges(telling.log()) > 1);
    }
  }

  @Test
  void theTargetExchangesKeysAgainDuringATransfer() {
    byte[] bytes = new byte[8_000_000];
    new Random(9).nextBytes(bytes);
    try (OpenSshServer rekeying =
            OpenSshServer.builder().configure("RekeyLimit 512K\nLogLevel DEBUG1").start();
        SshGateway gateway = new SshGateway().target("web-1", rekeying)) {
      CompletedProgram done =
          gateway.ssh("alice+web-1", "-v", "cat").input(bytes).run().expectSuccess();
      assertThat(done.stdoutBytes()).isEqualTo(bytes);
      Deadlines.await(
          "the target has taken new keys", () -> SshGateway.keyExchanges(rekeying.log()) > 1);
      assertThat(SshGateway.keyExchanges(done.stderr())).as("with the client").isEqualTo(1);
    }
  }

  @Test
  @Tag("long")
  void everybodyExchangesKeysAgainAndAgainWhileManyChannelsMoveBothWays() throws Exception {
    int channels = 6;
    int bytes = 24_000_000;
    try (OpenSshServer rekeying = OpenSshServer.builder().configure("RekeyLimit 1M").start();
        SshGateway gateway =
            new SshGateway(
                    limits(Duration.ofSeconds(30), 4, 3 << 20),
                    TransportLimits.DEFAULT.withWriteMarks(64 << 10, 256 << 10, 64 << 20))
                .target("web-1", rekeying)) {
      gateway.client.configure(
          "ControlPath " + gateway.folder.resolve("cm"), "RekeyLimit 1M", "ControlPersist no");
      try (RunningProgram master = gateway.ssh("alice+web-1", "-M", "-N").start()) {
        Deadlines.await("the master is there", () -> Files.exists(gateway.folder.resolve("cm")));
        List<RunningProgram> transfers = new ArrayList<>();
        String both = "head -c " + bytes + " /dev/zero | " + shell(gateway) + "cat | wc -c";
        for (int i = 0; i < channels; i++) {
          transfers.add(Program.of("sh", "-c", both).start());
        }
        for (RunningProgram transfer : transfers) {
          assertThat(transfer.await(Deadlines.SERVICE).stdout().strip()).isEqualTo("" + bytes);
        }
        assertThat(master.alive()).isTrue();
      }
      assertThat(gateway.session().channels).hasSize(channels);
    }
  }

  @Test
  void aClientThatFallsSilentIsGivenUpAndOneThatAnswersIsNot() throws Exception {
    try (SshGateway gateway =
            new SshGateway(limits(Duration.ofMillis(1_500), 4, 1 << 30)).target("web-1", server);
        RunningProgram alive = gateway.ssh("alice+web-1", "echo started; sleep 100").start()) {
      alive.awaitOutput("started", Deadlines.ACTION);
      Thread.sleep(8_000); // in which who never answers is given up
      assertThat(gateway.session().state).isNull();
      alive.signal("STOP");
      Deadlines.await("the session has ended", () -> gateway.session().state != null);
      alive.signal("CONT");
    }
  }

  @Test
  void aTargetThatAsksForSignsOfLifeGetsThem() throws Exception {
    try (OpenSshServer asking =
            OpenSshServer.builder()
                .configure("ClientAliveInterval 1")
                .configure("ClientAliveCountMax 4")
                .start();
        SshGateway gateway = new SshGateway().target("web-1", asking)) {
      assertThat(
              gateway
                  .ssh("alice+web-1", "-o", "ServerAliveInterval=1", "sleep 8; echo still here")
                  .run()
                  .stdout())
          .isEqualTo("still here\n");
    }
  }
}
