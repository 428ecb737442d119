package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshClient;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;

/// What people run over SSH every day, through the gateway, with the real programs on both sides.
class EverydayProgramsTest {
  private static final String WHERE = "alice+web-1@127.0.0.1";

  /// A target that takes signals, which Debian's sshd does only where it runs as another account
  /// than the person's.
  private static final String SIGNALLED =
      """
      import asyncio, asyncssh, sys
      async def serve(process):
          process.stdout.write('runs\\n')
          try:
              await process.stdin.read()
          except asyncssh.SignalReceived as got:
              print('got', got.signal, flush=True)
              process.exit_with_signal(got.signal)
      async def main():
          server = await asyncssh.listen('127.0.0.1', 0, server_host_keys=[sys.argv[1]],
              authorized_client_keys=sys.argv[2], process_factory=serve)
          print('port', server.sockets[0].getsockname()[1], 'listens', flush=True)
          await asyncio.Event().wait()
      asyncio.run(main())
      """;

  private static OpenSshServer sshd;
  private static RunningProgram signalled;
  private static Installation gate;
  private static OpenSshClient client;
  private static SshKey key;

  @TempDir Path work;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    gate = Installation.start();
    key = gate.key("alice", "ed25519");
    SshKey hostKey = gate.key("signalled-host", "ed25519");
    signalled =
        Program.of("/usr/bin/python3", "-W", "ignore", "-c", SIGNALLED)
            .and("" + hostKey.privateKeyFile(), sshd.clientKey().privateKeyFile() + ".pub")
            .start()
            .awaitOutput(" listens", Deadlines.SERVICE);
    gate.apply(
        """
        users:
          - name: alice
            title: 김앨리스
            roles: [user]
            groups: [ops]
            publicKeys: ["%s"]
        targets:
        %s
          - name: signalled
            protocol: ssh
            address: 127.0.0.1:%s
            labels: {env: test}
            hostKeys: ["%s"]
            accounts:
              - name: worker
                privateKeyFile: %s
        grants:
          - name: ops-on-test
            who: {groups: [ops]}
            where: {labels: {env: test}}
            as: [worker]
            may: [shell, exec, sftp, local-forward, remote-forward, agent-forward, x11]
        """
            .formatted(
                key.publicLine(),
                Installation.target("web-1", sshd),
                signalled.stdout().split(" ", -1)[1],
                hostKey.publicLine(),
                sshd.clientKey().privateKeyFile()));
    client = gate.client(key);
  }

  @AfterAll
  static void stopEverything() {
    gate.close();
    signalled.close();
    sshd.close();
  }

  @Test
  void aCommandGivesItsOutputItsErrorsAndItsStatus() {
    CompletedProgram ended = client.ssh(WHERE, "echo out; echo err >&2; exit 7").run();
    assertThat(ended.exit()).isEqualTo(7);
    assertThat(ended.stdout()).isEqualTo("out\n");
    assertThat(ended.stderr()).isEqualTo("err\n");
  }

  @Test
  void standardInputArrivesWholeAndItsEndToo() {
    byte[] bytes = new byte[3_000_001];
    new Random(7).nextBytes(bytes);
    assertThat(client.ssh(WHERE, "cat").input(bytes).run().expectSuccess().stdoutBytes())
        .isEqualTo(bytes);
  }

  @Test
  void aSignalThatEndsACommandIsReported() {
    assertThat(client.ssh(WHERE, "kill -TERM $$").run().exit()).isNotZero();
  }

  @Test
  void aShellHasATerminalOfTheRightSize() {
    try (RunningProgram shell = client.sshOnTerminal("-tt", WHERE).start()) {
      shell.type("stty size; tty; exit 3\n");
      CompletedProgram ended = shell.await(Deadlines.ACTION);
      assertThat(ended.stdout()).contains("24 80").contains("/dev/pts/");
      assertThat(ended.exit()).isEqualTo(3);
    }
  }

  @Test
  void controlCInterruptsWhatRunsOnTheTerminal() {
    try (RunningProgram shell = client.sshOnTerminal("-tt", WHERE).start()) {
      shell.type("echo runs-$((40+2)); sleep 600\n");
      shell.awaitOutput("runs-42", Deadlines.ACTION);
      shell.type("\u0003").awaitOutput("^C", Deadlines.ACTION);
      shell.type("echo after-$?-; exit 4\n");
      CompletedProgram ended = shell.await(Deadlines.ACTION);
      assertThat(ended.stdout()).contains("after-130-");
      assertThat(ended.exit()).isEqualTo(4);
    }
  }

  @Test
  void aWindowThatChangesReachesTheTargetAndTheRecord() {
    asyncSsh(
        "web-1",
        """
        p = await c.create_process(term_type='xterm', term_size=(80, 24))
        p.stdin.write('stty size\\n')
        await p.stdout.readuntil('24 80')
        p.change_terminal_size(97, 31)
        p.stdin.write('stty size; exit\\n')
        await p.stdout.readuntil('31 97')
        await p.wait()
        """);
    Deadlines.await(
        "the record has the new size",
        () ->
            endedShells().stream()
                .flatMap(String::lines)
                .anyMatch(line -> line.matches("\\[.+, \"r\", \"97x31\"]")));
  }

  @Test
  void aSignalThatIsSentReachesTheTargetAndTheOneThatEndsTheCommandComesBack() {
    String printed =
        asyncSsh(
            "signalled",
            """
            p = await c.create_process('work')
            await p.stdout.readuntil('runs')
            p.send_signal('USR1')
            await p.wait()
            print('ended by', p.exit_signal[0])
            """);
    assertThat(printed).contains("ended by USR1");
    signalled.awaitOutput("got USR1", Deadlines.ACTION);
    Deadlines.await(
        "the record has the signal",
        () ->
            gate.sessions("state=ended&target=signalled").stream()
                .map(session -> gate.text("/api/v1/sessions/" + session.path("id").asString("")))
                .anyMatch(session -> session.contains("\"exitSignal\":\"USR1\"")));
  }

  @Test
  void aRemoteForwardThatIsGivenUpStandsInTheLedger() throws IOException {
    Path control = work.resolve("control");
    int port = Ports.free();
    String forward = port + ":127.0.0.1:" + sshd.port();
    OpenSshClient sharing = gate.client(key, "ControlPath " + control);
    try (RunningProgram master = sharing.ssh("-M", "-N", WHERE).start()) {
      Deadlines.await("the master is there", () -> Files.exists(control));
      sharing.ssh("-O", "forward", "-R", forward, WHERE).run().expectSuccess();
      Deadlines.await("the target listens", () -> Ports.listening(port));
      assertThat(gate.ledger("code=forward.cancel")).isEmpty();
      sharing.ssh("-O", "cancel", "-R", forward, WHERE).run().expectSuccess();
      Deadlines.await(
          "the cancelling is in the ledger", () -> !gate.ledger("code=forward.cancel").isEmpty());
      assertThat(gate.ledger("code=forward.cancel").getFirst().toString())
          .contains("alice", "localhost:" + port, "remote-forward");
      Deadlines.await("the target listens no more", () -> !Ports.listening(port));
      assertThat(master.alive()).isTrue();
    }
  }

  /// Runs lines of Python over a connection `c` of AsyncSSH to a target, and gives what they print.
  private static String asyncSsh(String target, String lines) {
    String script =
        """
        import asyncio, asyncssh, sys
        async def main():
          async with asyncssh.connect('127.0.0.1', int(sys.argv[1]), username=sys.argv[3],
              client_keys=[sys.argv[2]], known_hosts=None, config=[]) as c:
        %s
        asyncio.run(main())
        """
            .formatted(lines.indent(4));
    String port = Integer.toString(gate.sshPort());
    return Program.of("/usr/bin/python3", "-c", script, port, "" + key.privateKeyFile())
        .and("alice+" + target)
        .within(Deadlines.ACTION)
        .run()
        .expectSuccess()
        .stdout();
  }

  /// The records of the shells that have ended.
  private static List<String> endedShells() {
    return gate.sessions("state=ended&kind=shell").stream()
        .map(session -> "/api/v1/sessions/" + session.path("id").asString(""))
        .map(session -> gate.text(session + "/channels/0/recording"))
        .toList();
  }

  @Test
  void scpCopiesByBothItsProtocols() throws IOException {
    for (String protocol : new String[] {"-s", "-O"}) {
      Path here = filled("한글 이름" + protocol, 1_000_003);
      Path there = work.resolve("there" + protocol);
      Path back = work.resolve("back" + protocol);
      client.scp(protocol, here.toString(), WHERE + ":" + there).run().expectSuccess();
      client.scp(protocol, WHERE + ":" + there, back.toString()).run().expectSuccess();
      assertThat(back).hasSameBinaryContentAs(here);
    }
  }

  @Test
  void sftpPutsListsRenamesAndGets() throws IOException {
    Path here = filled("file", 2_000_017);
    Path batch =
        Files.writeString(
            work.resolve("batch"),
            """
            put %1$s %2$s/one
            rename %2$s/one %2$s/two
            ls -l %2$s
            get %2$s/two %2$s/three
            rm %2$s/two
            """
                .formatted(here, work));
    client.sftp("-b", batch.toString(), WHERE).run().expectSuccess();
    assertThat(work.resolve("three")).hasSameBinaryContentAs(here);
    assertThat(work.resolve("two")).doesNotExist();
  }

  @Test
  void rsyncCopiesATreeBothWays() throws IOException {
    Path tree = Files.createDirectories(work.resolve("tree/sub/더 깊이"));
    Files.write(tree.resolve("a"), new byte[100_000]);
    Files.writeString(tree.resolve("b"), "b");
    String shell = "ssh -F " + client.config();
    String there = WHERE + ":" + work.resolve("there") + "/";
    rsync(shell, work.resolve("tree") + "/", there);
    rsync(shell, there, work.resolve("back") + "/");
    assertThat(work.resolve("back/sub/더 깊이/b")).hasContent("b");
    assertThat(work.resolve("back/sub/더 깊이/a")).hasSize(100_000);
  }

  private static void rsync(String shell, String from, String to) {
    Program.of("rsync", "-a", "-e", shell, from, to)
        .within(Deadlines.SERVICE)
        .run()
        .expectSuccess();
  }

  @Test
  void gitPushesAndClones() throws IOException {
    Path bare = work.resolve("bare.git");
    Path tree = work.resolve("work");
    git(work, "init", "-q", "--bare", bare.toString());
    git(work, "init", "-q", "-b", "main", tree.toString());
    Files.writeString(tree.resolve("file"), "one");
    git(tree, "add", "file");
    git(tree, "commit", "-q", "-m", "one");
    git(tree, "push", "-q", WHERE + ":" + bare, "main");
    git(work, "clone", "-q", "-b", "main", WHERE + ":" + bare, "copy");
    assertThat(work.resolve("copy/file")).hasContent("one");
  }

  private static void git(Path where, String... arguments) {
    Program.of("git", "-c", "user.name=alice", "-c", "user.email=alice@example.org")
        .and(arguments)
        .in(where)
        .environment("GIT_SSH_COMMAND", "ssh -F " + client.config())
        .within(Deadlines.SERVICE)
        .run()
        .expectSuccess();
  }

  @Test
  void oneConnectionCarriesManySessions() {
    OpenSshClient sharing =
        gate.client(
            key,
            "ControlMaster auto",
            "ControlPath " + work.resolve("control"),
            "ControlPersist 60");
    for (int i = 0; i < 5; i++) {
      assertThat(sharing.ssh(WHERE, "echo " + i).run().expectSuccess().stdout())
          .isEqualTo(i + "\n");
    }
    sharing.ssh("-O", "exit", WHERE).run().expectSuccess();
  }

  private Path filled(String name, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(work.resolve(name), content);
  }
}
