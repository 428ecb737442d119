package org.ongsung.protocols.ssh.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.protocols.ssh.cipher.SshCiphers;

/// The OpenSSH client against a MINA server on event loops.
@Timeout(600)
class OpenSshOverEventLoopsTest {

  private static final TransportLimits LIMITS = TransportLimits.forCores(2);

  @TempDir static Path folder;

  @BeforeAll
  static void makeAKey() throws Exception {
    run(
        List.of(
            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve("key").toString()));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  private static TestServer server() throws Exception {
    return new TestServer(LIMITS, server -> server.setCipherFactories(SshCiphers.all()));
  }

  private static Process ssh(TestServer test, String remoteCommand, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-q", "-T"));
    for (String option :
        List.of(
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "IdentitiesOnly=yes",
            "BatchMode=yes",
            "IdentityFile=" + folder.resolve("key"))) {
      command.addAll(List.of("-o", option));
    }
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-p", String.valueOf(test.port()), "user@127.0.0.1", remoteCommand));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void receives(TestServer test, long bytes, String... options) throws Exception {
    Process ssh = ssh(test, "send " + bytes, options);
    assertThat(Pattern.summary(ssh.getInputStream())).isEqualTo(Pattern.summary(bytes));
    assertThat(ssh.waitFor()).isZero();
  }

  private static void sends(TestServer test, long bytes, String... options) throws Exception {
    Process ssh = ssh(test, "sink", options);
    try (OutputStream in = ssh.getOutputStream()) {
      Pattern.write(in, bytes);
    }
    String answer = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(answer).isEqualTo(Pattern.summary(bytes));
    assertThat(ssh.waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chacha20-poly1305@openssh.com",
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "aes256-ctr"
      })
  void bytesArriveWholeBothWaysWithEveryKindOfCipher(String cipher) throws Exception {
    try (TestServer test = server()) {
      receives(test, 10_000_000, "-c", cipher);
      sends(test, 10_000_000, "-c", cipher);
      RawServer.await(() -> test.loops.connections() == 0);
    }
  }

  @Test
  void aStockClientGetsChaCha20ByLibcrypto() throws Exception {
    try (TestServer test = server()) {
      Process ssh = ssh(test, "echo");
      RawServer.await(
          () ->
              !test.server.getActiveSessions().isEmpty()
                  && test.server.getActiveSessions().getFirst().isAuthenticated());
      assertThat(test.server.getActiveSessions().getFirst().getCipherInformation(true))
          .hasToString("chacha20-poly1305 by libcrypto");
      ssh.getOutputStream().close();
      assertThat(ssh.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr"})
  void bytesArriveWholeWhileTheClientAsksForNewKeys(String cipher) throws Exception {
    try (TestServer test = server()) {
      receives(test, 6_000_000, "-c", cipher, "-o", "RekeyLimit=1M");
      sends(test, 6_000_000, "-c", cipher, "-o", "RekeyLimit=1M");
    }
  }

  @Test
  void bytesArriveWholeWhileBothAskForNewKeys() throws Exception {
    try (TestServer test =
        new TestServer(
            LIMITS,
            server -> {
              server.setCipherFactories(SshCiphers.all());
              CoreModuleProperties.REKEY_BYTES_LIMIT.set(server, 1_500_000L);
            })) {
      receives(test, 6_000_000, "-o", "RekeyLimit=1M");
      sends(test, 6_000_000, "-o", "RekeyLimit=1M");
    }
  }

  @Test
  void theStatusOfACommandComesBackAndEndOfInputIsHeard() throws Exception {
    try (TestServer test = server()) {
      assertThat(ssh(test, "exit 7").waitFor()).isEqualTo(7);
      Process echo = ssh(test, "echo");
      try (OutputStream in = echo.getOutputStream()) {
        in.write("to the end".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(new String(echo.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("to the end");
      assertThat(echo.waitFor()).isZero();
    }
  }

  @Test
  void aClientThatIsKilledMidTransferIsForgotten() throws Exception {
    try (TestServer test = server()) {
      Process ssh = ssh(test, "send 10000000000");
      ssh.getInputStream().readNBytes(3_000_000);
      ssh.destroyForcibly().waitFor();
      RawServer.await(() -> test.loops.connections() == 0);
      receives(test, 1_000_000);
    }
  }

  @Test
  void aReaderThatStallsHoldsUpOnlyItselfAndLosesNothing() throws Exception {
    try (TestServer test = server()) {
      Process stalled = ssh(test, "send 60000000");
      stalled.getInputStream().readNBytes(1);
      receives(test, 5_000_000);
      long queued = LoopSession.of(test.server.getActiveSessions().getFirst()).pendingWriteBytes();
      assertThat(queued).isLessThan(LIMITS.writeHighBytes());
      try (InputStream rest = stalled.getInputStream()) {
        rest.skipNBytes(59_999_999);
        assertThat(rest.read()).isEqualTo(-1);
      }
      assertThat(stalled.waitFor()).isZero();
    }
  }

  @Test
  void manyClientsAtOnceAreServed() throws Exception {
    try (TestServer test = server();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> clients = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        clients.add(
            threads.submit(
                () -> {
                  receives(test, 500_000);
                  return true;
                }));
      }
      for (Future<Boolean> client : clients) {
        assertThat(client.get(300, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com"})
  void hundredsOfMegabytesArriveWholeWithNewKeysEveryEight(String cipher) throws Exception {
    try (TestServer test = server()) {
      receives(test, 400_000_000, "-c", cipher, "-o", "RekeyLimit=8M");
      sends(test, 400_000_000, "-c", cipher, "-o", "RekeyLimit=8M");
    }
  }

  @Tag("long")
  @Test
  void twoGigabytesPassWithoutTheHeapGrowing() throws Exception {
    try (TestServer test = server()) {
      receives(test, 2_500_000_000L, "-c", "aes128-gcm@openssh.com");
      sends(test, 2_500_000_000L, "-c", "aes128-gcm@openssh.com");
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      assertThat(runtime.totalMemory() - runtime.freeMemory()).isLessThan(200L << 20);
    }
  }
}
