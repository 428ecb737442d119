package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;

/// Crowds of strangers at the gateway's door, while one person works.
class CrowdsTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";
  private static final int SILENT = 2_000;
  private static final int KEY_EXCHANGES = 200;
  private static final int QUESTIONS = 50;

  private static OpenSshServer sshd;
  private static Installation gate;
  private static SshKey key;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start();
    key = gate.key("alice", "ed25519");
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            publicKeys: ["%s"]
        targets:
        %s
        grants:
          - name: alice-on-web
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [shell, exec]
        """
            .formatted(key.publicLine(), Installation.target("web-1", sshd)));
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    sshd.close();
  }

  @Test
  void onePersonLogsInAndWorksWhileTwoThousandConnectAndSayNothing() {
    try (Strangers silent = Strangers.silent(gate.sshPort(), SILENT)) {
      Deadlines.await("all have connected", () -> silent.connected() == SILENT);
      long start = System.nanoTime();
      try (RunningProgram shell = openShell()) {
        long opened = System.nanoTime() - start;
        long[] latencies = ask(shell, QUESTIONS);
        System.out.printf(
            "%,d silent clients: a shell opens in %,d ms; it answers in %s%n",
            SILENT, Duration.ofNanos(opened).toMillis(), summary(latencies));
      }
      assertThat(silent.ended()).as("all of them are still there").isZero();
    }
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();
  }

  @Test
  void anOpenShellAnswersWhileTwoHundredExchangeKeys() {
    try (RunningProgram shell = openShell()) {
      long[] quiet = ask(shell, QUESTIONS);
      try (Strangers strangers = Strangers.exchangingKeys(gate.sshPort(), KEY_EXCHANGES)) {
        Deadlines.await("key exchanges are computed", () -> strangers.answered() > 0);
        int before = strangers.answered();
        long start = System.nanoTime();
        long[] busy = ask(shell, QUESTIONS);
        double seconds = (System.nanoTime() - start) / 1e9;
        int during = strangers.answered() - before;
        System.out.printf(
            "%d key exchanges at once (%,.0f a second): an open shell answers in %s; without in %s%n",
            KEY_EXCHANGES, during / seconds, summary(busy), summary(quiet));
        Deadlines.await(
            "they go on being computed", () -> strangers.answered() > before + KEY_EXCHANGES);
      }
    }
    gate.client(key).ssh(WHERE, "true").run().expectSuccess();
  }

  private static RunningProgram openShell() {
    RunningProgram shell = gate.client(key).sshOnTerminal("-tt", WHERE).start();
    shell.type("stty -echo; PS1=; echo open-$((40+2))\n");
    return shell.awaitOutput("open-42", Deadlines.ACTION);
  }

  /// The nanoseconds that each answer took, in ascending order.
  private static long[] ask(RunningProgram shell, int questions) {
    long[] taken = new long[questions];
    for (int i = 0; i < questions; i++) {
      String answer = "answer-" + System.nanoTime() + "-";
      long start = System.nanoTime();
      shell.type("echo " + answer + "$((40+2))\n");
      while (!shell.stdout().contains(answer + 42)) {
        if (!shell.alive() || System.nanoTime() - start > Deadlines.ACTION.toNanos()) {
          throw new AssertionError("no answer: " + shell.stdout() + shell.stderr());
        }
        LockSupport.parkNanos(200_000);
      }
      taken[i] = System.nanoTime() - start;
    }
    Arrays.sort(taken);
    return taken;
  }

  private static String summary(long[] sorted) {
    return "%.1f ms at half, %.1f ms at most"
        .formatted(sorted[sorted.length / 2] / 1e6, sorted[sorted.length - 1] / 1e6);
  }
}
