package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.model.SecretKind;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// Keyboard-interactive (RFC 4256) on both legs: OpenSSH's client logs in to the gateway by it, and
/// the gateway to targets of AsyncSSH that take nothing else and ask in many ways.
class SshKeyboardInteractiveTest {
  /// Ten times what a login at these targets takes; who never asks is given up after it.
  private static final Duration TARGET_LOGIN = Deadlines.ofUsual(Duration.ofSeconds(1));

  private static final String PASSWORD = "sesame 참깨";
  private static final String ANSWER = "[\"" + PASSWORD + "\"]";

  /// A server for each way to ask, on a port of its own; prints the ports, then every answer.
  private static final String TARGETS =
      """
      import asyncio, asyncssh, json
      password = [('Password: ', False)]
      ways = {
          'usual': [('', '', '', password)],
          'odd': [('이름', 'Two lines\\nof words \\x1b[31m', 'ko', [('(%s@%n) 암호를 넣으세요 ' * 20, False)])],
          'zero-first': [('', 'Welcome', '', []), ('', '', '', password)],
          'zero-last': [('', '', '', password), ('', 'Bye', '', [])],
          'two-at-once': [('', '', '', password + [('Code: ', False)])],
          'shown': [('', '', '', [('Name: ', True)])],
          'another': [('', '', '', password), ('', '', '', [('New password: ', False)])],
          'many': [('', '', '', password * 1000)],
          'endless': [('', '', '', [])] * 1000000,
      }
      class Target(asyncssh.SSHServer):
          def __init__(self, way):
              self.way = way
          def begin_auth(self, username):
              self.asked = 0
              return True
          def kbdint_auth_supported(self):
              return True
          def get_kbdint_challenge(self, username, lang, submethods):
              self.asked = 0
              return ways[self.way][0]
          def validate_kbdint_response(self, username, responses):
              if self.way != 'endless':
                  print('answer', self.way, json.dumps(list(responses), ensure_ascii=False), flush=True)
              asked = ways[self.way][self.asked][3]
              if asked and responses[0] != 'sesame 참깨':
                  return False
              self.asked += 1
              more = ways[self.way][self.asked:self.asked + 1]
              return more[0] if more else True
      async def greet(process):
          process.stdout.write('hi\\n')
          process.exit(0)
      async def main():
          key = asyncssh.generate_private_key('ssh-ed25519')
          for way in ways:
              server = await asyncssh.listen('127.0.0.1', 0, server_host_keys=[key],
                  server_factory=lambda way=way: Target(way), process_factory=greet,
                  login_timeout=60, config=[])
              print('port', way, server.sockets[0].getsockname()[1], flush=True)
          print('all listen', flush=True)
          await asyncio.Event().wait()
      asyncio.run(main())
      """;

  private static RunningProgram targets;
  private static OpenSshServer usual;
  private SshGateway gateway;

  @BeforeAll
  static void startTargets() {
    usual = OpenSshServer.builder().start();
    targets =
        Program.of("/usr/bin/python3", "-W", "ignore", "-c", TARGETS)
            .start()
            .awaitOutput("all listen", Deadlines.SERVICE);
  }

  @AfterAll
  static void stopTargets() {
    targets.close();
    usual.close();
  }

  @BeforeEach
  void start() {
    SshLimits usual = SshLimits.DEFAULT;
    gateway =
        new SshGateway(
            new SshLimits(
                usual.maxConnections(),
                usual.maxConnectionsPerUser(),
                usual.loginTimeout(),
                usual.maxFailedLogins(),
                usual.maxLoginRequests(),
                usual.maxChannels(),
                usual.dialTimeout(),
                TARGET_LOGIN,
                usual.keepAliveInterval(),
                usual.maxUnansweredKeepAlives(),
                usual.heldBytes(),
                usual.maxEnvironmentEntries(),
                usual.rekeyBytes(),
                usual.menuTimeout()));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private CompletedProgram ask(String way) {
    String port =
        targets
            .stdout()
            .lines()
            .filter(line -> line.startsWith("port " + way + " "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .findFirst()
            .orElseThrow();
    gateway.target("web-1", "127.0.0.1:" + port, usual, Set.of("root"), List.of());
    gateway.forgetSecrets();
    gateway.secret("web-1", "root", SecretKind.PASSWORD, PASSWORD);
    return gateway.ssh("alice+web-1", "x").run();
  }

  private static List<String> answers(String way) {
    String start = "answer " + way + " ";
    return targets
        .stdout()
        .lines()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"usual", "odd", "zero-first", "zero-last"})
  void theGatewayAnswersOneHiddenQuestionWithThePassword(String way) {
    assertThat(ask(way).expectSuccess().stdout()).isEqualTo("hi\n");
    Deadlines.await("the answer is told", () -> answers(way).contains(ANSWER));
    assertThat(answers(way)).containsOnlyOnce(ANSWER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-at-once", "shown", "many"})
  void aQuestionThatIsNotForThePasswordDoesNotGetIt(String way) {
    CompletedProgram done = ask(way).expectExit(255);
    assertThat(done.stderr()).contains("web-1 did not accept the credential");
    assertThat(answers(way).toString()).doesNotContain("sesame");
  }

  @Test
  void aSecondHiddenQuestionDoesNotGetThePasswordAgain() {
    CompletedProgram done = ask("another").expectExit(255);
    assertThat(done.stderr()).contains("web-1 did not accept the credential");
    Deadlines.await("the answer is told", () -> answers("another").contains(ANSWER));
    assertThat(answers("another")).containsExactly(ANSWER);
  }

  @Test
  void aTargetThatNeverComesToAQuestionIsGivenUp() {
    CompletedProgram done = ask("endless").expectExit(255);
    assertThat(done.stderr()).contains("web-1 did not answer within 10 seconds");
  }

  @Test
  void opensshLogsInToTheGatewayByItAndAWrongPasswordDoesNot() {
    gateway.target("web-1", usual);
    Program login =
        gateway.ssh("alice+web-1", "echo hi").through("sshpass", "-e").within(Deadlines.SERVICE);
    gateway.client.configure(
        "PreferredAuthentications keyboard-interactive",
        "PubkeyAuthentication no",
        "BatchMode no",
        "NumberOfPasswordPrompts 1");
    assertThat(login.environment("SSHPASS", SshGateway.PASSWORD).run().expectSuccess().stdout())
        .isEqualTo("hi\n");
    CompletedProgram wrong = login.environment("SSHPASS", "wrong").run();
    assertThat(wrong.exit()).isNotZero();
    assertThat(wrong.stderr()).contains("Permission denied");
    assertThat(gateway.sessions).hasSize(1);
  }
}
