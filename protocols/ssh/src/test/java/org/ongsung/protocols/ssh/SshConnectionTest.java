package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.SshConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.gateway.Notice;
import org.ongsung.model.Capability;
import org.ongsung.model.LanguageChoice;
import org.ongsung.model.SessionState;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.RunningProgram;

/// Authorisation, choosing, refusals and ends, as a person with OpenSSH's client sees them.
class SshConnectionTest {
  private static OpenSshServer server;
  private SshGateway gateway;

  @BeforeAll
  static void startTarget() {
    server = OpenSshServer.builder().start();
  }

  @AfterAll
  static void stopTarget() {
    server.close();
  }

  @BeforeEach
  void start() {
    gateway = new SshGateway().target("web-1", server);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private RunningProgram terminal(String user) {
    String[] options = gateway.options(user);
    String[] all = java.util.Arrays.copyOf(options, options.length + 2);
    all[options.length] = "-tt";
    all[options.length + 1] = "127.0.0.1";
    return gateway.client.sshOnTerminal(all).start();
  }

  @Test
  void everyDenialLooksTheSameAndTheLedgerKnowsWhich() {
    gateway.target("hidden", server);
    gateway.grant("all-on-hidden", "hidden", Set.of("nobody"), EnumSet.allOf(Capability.class));
    String first = null;
    for (String user :
        new String[] {
          "alice+no-such", "alice+hidden", "alice+root+hidden", "alice+other+web-1", "alice+UP!"
        }) {
      CompletedProgram done = gateway.ssh(user, "echo hi").run().expectExit(255);
      assertThat(done.stderr()).startsWith("ongsung: You have no access under that name.");
      first = first == null ? done.stderr() : first;
      assertThat(done.stderr()).isEqualTo(first);
    }
    Deadlines.await(
        "the ledger tells them apart",
        () ->
            gateway.denials.containsAll(
                List.of("alice no-such: no such target", "alice hidden: no grant")));
    assertThat(gateway.sessions).isEmpty();
  }

  @Test
  void aDenialIsToldInKoreanToWhoeverSpeaksIt() {
    assertThat(
            gateway
                .ssh("alice+no-such", "-o", "SendEnv=LANG", "echo hi")
                .environment("LANG", "ko_KR.UTF-8")
                .run()
                .stderr())
        .contains("접속할 수 없습니다");
  }

  @Test
  void aChosenLanguageCountsMoreThanWhatTheClientSays() {
    gateway.speaks("alice", LanguageChoice.KOREAN);
    assertThat(gateway.ssh("alice+no-such", "echo hi").run().stderr()).contains("접속할 수 없습니다");
    gateway.speaks("alice", LanguageChoice.ENGLISH);
    assertThat(
            gateway
                .ssh("alice+no-such", "-o", "SendEnv=LANG", "echo hi")
                .environment("LANG", "ko_KR.UTF-8")
                .run()
                .stderr())
        .contains("You have no access under that name");
  }

  @Test
  void aDenialIsToldToAForwardTooAndToSftp() {
    assertThat(gateway.ssh("alice+no-such", "-s", "sftp").run().stderr())
        .contains("You have no access under that name");
    assertThat(gateway.ssh("alice+no-such", "-W", "127.0.0.1:1").run().stderr())
        .contains("You have no access under that name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice+", "alice++web-1", "alice+a+b+c", "alice+web-1:root"})
  void aMalformedAddressIsExplained(String user) {
    CompletedProgram done = gateway.ssh(user, "echo hi").run().expectExit(255);
    assertThat(done.stderr()).contains("name+account+target");
    awaitDenial("alice : malformed address");
  }

  @Test
  void whoeverMayReachNothingReadsItAndItIsInTheLedger() {
    gateway.grant("all-on-web-1", "web-1", Set.of("nobody"), EnumSet.allOf(Capability.class));
    CompletedProgram done = gateway.ssh("alice", "echo hi").run().expectExit(255);
    assertThat(done.stderr()).startsWith("ongsung: ");
    awaitDenial("alice : no target to reach");
  }

  @Test
  void aForwardOfSomebodyWhoNamedNothingIsInTheLedger() {
    gateway.target("db-1", server);
    gateway.ssh("alice", "-W", "127.0.0.1:1").run();
    awaitDenial("alice : several targets and none named");
  }

  @Test
  void aTargetThatHasATerminalAloneRefusesTheRestInTheLedgerOnceAConnection() throws Exception {
    gateway.telnetTarget("switch-1");
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice+switch-1")) {
      for (int i = 0; i < 5; i++) {
        client.exec(client.openSession(), "reload");
        client.next(SshConstants.SSH_MSG_CHANNEL_CLOSE);
      }
    }
    assertThat(gateway.ssh("alice+switch-1", "reload").run().stderr())
        .contains("reached by Telnet");
    String refusal = "alice switch-1: a telnet target has a terminal and nothing else";
    Deadlines.await("both are in the ledger", () -> gateway.denials.size() >= 2);
    assertThat(gateway.denials).containsExactly(refusal, refusal);
    assertThat(gateway.sessions).isEmpty();
  }

  @Test
  void aGrantWithoutATerminalRefusesOneAfterTheOtherInTheLedgerOnceAConnection() throws Exception {
    gateway.telnetTarget("switch-1");
    gateway.grant("all-on-switch-1", "switch-1", Set.of("admin"), EnumSet.of(Capability.EXEC));
    try (RawSshClient client = new RawSshClient(gateway.port()).login("alice+switch-1")) {
      for (int i = 0; i < 5; i++) {
        client.terminal(client.openSession());
        client.next(SshConstants.SSH_MSG_CHANNEL_CLOSE);
      }
    }
    CompletedProgram done = gateway.ssh("alice+switch-1", "-tt").run();
    assertThat(done.stdout() + done.stderr()).contains("You may not use a terminal on switch-1");
    String refusal = "alice switch-1: the grant has no shell";
    Deadlines.await("both are in the ledger", () -> gateway.denials.size() >= 2);
    assertThat(gateway.denials).containsExactly(refusal, refusal);
    assertThat(gateway.sessions).isEmpty();
  }

  /// What is refused under the relay's lock is written behind it.
  private void awaitDenial(String denial) {
    Deadlines.await("the refusal is in the ledger", () -> !gateway.denials.isEmpty());
    assertThat(gateway.denials).containsExactly(denial);
  }

  @Test
  void whoeverTheGatewayRefusesReadsWhy() {
    gateway.refusing = new Notice(Notice.Code.STORAGE_LOW, List.of());
    assertThat(gateway.ssh("alice+web-1", "echo hi").run().expectExit(255).stderr())
        .startsWith("ongsung: This gateway has too little free space");
  }

  @Test
  void withoutARecordNothingStarts() {
    gateway.recordsFail = true;
    CompletedProgram done =
        gateway.ssh("alice+web-1", "touch " + server.folder().resolve("touched")).run();
    assertThat(done.exit()).isEqualTo(126);
    assertThat(done.stderr()).contains("cannot be recorded");
    assertThat(server.folder().resolve("touched")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "SHELL, -T, a shell",
    "EXEC, 'echo hi', commands",
    "SFTP, '-s sftp', file transfer",
    "EXEC, 'rsync --server . /tmp', commands",
    "EXEC, 'scp -t /tmp', commands"
  })
  void whatTheGrantLacksIsRefusedInWords(Capability lacking, String arguments, String named) {
    Set<Capability> may = EnumSet.allOf(Capability.class);
    may.remove(lacking);
    gateway.grant("all-on-web-1", "web-1", Set.of("root"), may);
    String[] words =
        arguments.startsWith("-") ? arguments.split(" ", -1) : new String[] {arguments};
    CompletedProgram done = gateway.ssh("alice+web-1", words).run();
    assertThat(done.exit()).isEqualTo(126);
    assertThat(done.stderr()).contains("You may not use " + named);
    Deadlines.await("it is in the ledger", () -> !gateway.session().refusals.isEmpty());
    assertThat(gateway.session().refusals).hasSize(1);
    assertThat(gateway.session().channels).isEmpty();
  }

  @Test
  void severalAccountsWithoutATerminalAreListed() {
    gateway.target("web-1", server.address(), server, Set.of("deploy", "root"), server.hostKeys());
    CompletedProgram done = gateway.ssh("alice+web-1", "echo hi").run().expectExit(255);
    assertThat(done.stderr())
        .contains("several accounts")
        .contains("alice+")
        .contains("  deploy\n")
        .contains("  root\n");
    assertThat(gateway.sessions).isEmpty();
    awaitDenial("alice web-1: several accounts and none named");
  }

  @Test
  void aBareNameWithoutATerminalListsTheTargets() {
    CompletedProgram done = gateway.ssh("alice", "echo hi").run().expectExit(255);
    assertThat(done.stderr()).contains("alice+web-1").contains("웹 서버");
    awaitDenial("alice : several targets and none named");
  }

  @Test
  void aBareNameOnATerminalOpensAMenuAndEnterGoesThere() {
    gateway.target("db-1", server);
    try (RunningProgram menu = terminal("alice")) {
      menu.awaitOutput("Where to?", Deadlines.ACTION).awaitOutput("db-1", Deadlines.ACTION);
      menu.type("web\r").awaitOutput("Connecting to web-1", Deadlines.ACTION);
      menu.type("echo $((40+2)); exit\n").awaitOutput("42", Deadlines.ACTION);
      assertThat(menu.await(Deadlines.ACTION).exit()).isZero();
    }
    RecordedSession session = gateway.session();
    assertThat(session.grant().target().name().value()).isEqualTo("web-1");
    RecordedSession.Channel channel = session.channels.getFirst();
    assertThat(channel.terminal).isNotNull();
    assertThat(channel.output()).contains("42").doesNotContain("Where to?");
    assertThat(channel.input()).contains("echo");
  }

  @Test
  void severalAccountsOnATerminalAreAskedFor() {
    gateway.target("web-1", server.address(), server, Set.of("deploy", "root"), server.hostKeys());
    try (RunningProgram menu = terminal("alice")) {
      menu.awaitOutput("Where to?", Deadlines.ACTION);
      menu.type("\r").awaitOutput("As whom on web-1?", Deadlines.ACTION);
      menu.type("\u001b[B\r");
      menu.type("exit\n");
      assertThat(menu.await(Deadlines.ACTION).exit()).isZero();
    }
    assertThat(gateway.session().grant().account().name().value()).isEqualTo("root");
  }

  @Test
  void severalAccountsOfANamedTargetAreAskedForOnATerminal() {
    gateway.target("web-1", server.address(), server, Set.of("deploy", "root"), server.hostKeys());
    try (RunningProgram menu = terminal("alice+web-1")) {
      menu.awaitOutput("As whom on web-1?", Deadlines.ACTION);
      assertThat(menu.stdout()).contains("deploy", "root").doesNotContain("Where to?");
      menu.type("\u001b[B\r").awaitOutput("Connecting to web-1", Deadlines.ACTION);
      menu.type("exit\n");
      assertThat(menu.await(Deadlines.ACTION).exit()).isZero();
    }
    assertThat(gateway.session().grant().account().name().value()).isEqualTo("root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001b", "\u0003"})
  void escAndControlCLeaveTheMenu(String key) {
    try (RunningProgram menu = terminal("alice")) {
      menu.awaitOutput("Where to?", Deadlines.ACTION).type(key);
      assertThat(menu.await(Deadlines.ACTION).exit()).isEqualTo(255);
      assertThat(menu.stdout()).contains("Nothing chosen");
    }
    assertThat(gateway.sessions).isEmpty();
  }

  @Test
  void whoeverTheGatewayEndsReadsWhyWithinTwoSeconds() {
    try (RunningProgram ssh = gateway.ssh("alice+web-1", "echo started; sleep 100").start()) {
      ssh.awaitOutput("started", Deadlines.ACTION);
      gateway.session().notice(new Notice(Notice.Code.STOPS_IN_SECONDS, List.of(9)));
      ssh.awaitOutput("This gateway stops in 9 seconds.", Deadlines.ACTION);
      gateway.session().endByGateway("lunch");
      CompletedProgram done = ssh.await(Deadlines.ACTION);
      assertThat(done.exit()).isEqualTo(255);
      assertThat(done.stderr()).contains("ongsung: An administrator ended this session: lunch");
    }
    Deadlines.await("the session ends", () -> gateway.session().state == SessionState.ENDED);
  }

  @Test
  void whoeverTheGatewayEndsReadsWhyInKoreanWhereTheirEnvironmentIsKorean() {
    String[] korean = {"-o", "SetEnv=LC_ALL=ko_KR.UTF-8", "echo started; sleep 100"};
    try (RunningProgram ssh = gateway.ssh("alice+web-1", korean).start()) {
      ssh.awaitOutput("started", Deadlines.ACTION);
      gateway.session().notice(new Notice(Notice.Code.STOPS_IN_SECONDS, List.of(9)));
      ssh.awaitOutput("게이트웨이가 9초 뒤에 중지됩니다.", Deadlines.ACTION);
      gateway.session().endByGateway("점검");
      assertThat(ssh.await(Deadlines.ACTION).stderr()).contains("관리자가 세션을 종료했습니다: 점검");
    }
  }

  @Test
  void theEnvironmentReachesTheTarget() {
    assertThat(
            gateway
                .ssh("alice+web-1", "-o", "SendEnv=LC_TEST", "echo $LC_TEST")
                .environment("LC_TEST", "here")
                .run()
                .stdout())
        .isEqualTo("here\n");
  }

  @Test
  void aSignalThatEndsTheProgramIsPassedOnAndKept() {
    CompletedProgram done = gateway.ssh("alice+web-1", "kill -TERM $$").run();
    assertThat(done.exit()).isEqualTo(255);
    Deadlines.await("the session has ended", () -> gateway.session().state != null);
    assertThat(gateway.session().channels.getFirst().exitSignal).isEqualTo("TERM");
  }

  @Test
  void aRecorderWithoutRoomStopsBothSidesUntilItHasRoom() throws Exception {
    Path begin = gateway.folder.resolve("begin");
    String command =
        "echo started; until [ -e " + begin + " ]; do sleep 0.1; done; head -c 20000000 /dev/zero";
    try (RunningProgram ssh = gateway.ssh("alice+web-1", command).start()) {
      ssh.awaitOutput("started", Deadlines.ACTION);
      RecordedSession session = gateway.session();
      session.fill();
      Files.createFile(begin);
      RecordedSession.Channel channel = session.channels.getFirst();
      Deadlines.await("something comes", () -> channel.bytesToClient() > 100);
      long before = -1;
      while (channel.bytesToClient() != before) {
        before = channel.bytesToClient();
        Thread.sleep(500);
      }
      assertThat(before).isLessThan(2_000_000);
      session.room();
      assertThat(ssh.await(Deadlines.ACTION).stdoutBytes()).hasSize(20_000_000 + 8);
    }
  }

  @Test
  void keysAreExchangedAgainInTheMiddleOfATransfer() {
    byte[] bytes = new byte[8_000_000];
    new java.util.Random(3).nextBytes(bytes);
    CompletedProgram done =
        gateway
            .ssh("alice+web-1", "-v", "-o", "RekeyLimit=512K", "cat")
            .input(bytes)
            .run()
            .expectSuccess();
    assertThat(done.stdoutBytes()).isEqualTo(bytes);
    assertThat(SshGateway.keyExchanges(done.stderr())).isGreaterThan(1);
  }

  @Test
  void clearTextOfTheBundlesIsThereInBothLanguages() {
    for (SshErrors error : SshErrors.values()) {
      Object[] arguments = {"a", "b", "c", "d", "e"};
      String english = error.with(arguments).in(java.util.Locale.ENGLISH);
      String korean = error.with(arguments).in(java.util.Locale.KOREAN);
      assertThat(english).isNotEmpty();
      if (!Set.of(SshErrors.REFUSED, SshErrors.NOTICE, SshErrors.ENDED).contains(error)) {
        assertThat(korean).isNotEqualTo(english);
      }
    }
    assertThat(SshErrors.language(Map.of("LANG", "ko_KR.UTF-8")))
        .isEqualTo(java.util.Locale.KOREAN);
    assertThat(SshErrors.language(Map.of("LANG", "ko_KR", "LC_ALL", "C")))
        .isEqualTo(java.util.Locale.ENGLISH);
  }
}
