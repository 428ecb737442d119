package org.ongsung.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.practice.shell.ShellLimits;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshClient;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;
import org.ongsung.testkit.SshKey;

/// The practice target with OpenSSH's own client programs.
class PracticeTargetTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneId.of("Asia/Seoul"));

  @TempDir static Path keys;
  @TempDir Path folder;

  private static SshKey key;
  private static PracticeTarget target;

  @BeforeAll
  static void start() throws IOException {
    key = SshKey.generate(keys, "ed25519");
    target = PracticeTarget.start(PracticeOptions.withKey("demo", key.publicLine()).clock(CLOCK));
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private OpenSshClient client() {
    return new OpenSshClient(folder)
        .configure("IdentityFile " + key.privateKeyFile(), "Port " + target.port(), "User demo")
        .trust(target.port(), target.hostKeyLine());
  }

  private CompletedProgram ssh(String command) {
    return client().ssh("127.0.0.1", command).run();
  }

  private String stdout(String command) {
    return ssh(command).expectSuccess().stdout();
  }

  private RunningProgram terminal(String... arguments) {
    List<String> words = new ArrayList<>(List.of("-t", "127.0.0.1"));
    words.addAll(Arrays.asList(arguments));
    RunningProgram terminal = client().sshOnTerminal(words.toArray(String[]::new)).start();
    return arguments.length > 0
        ? terminal
        : terminal.awaitOutput("demo@practice:~$ ", Deadlines.ACTION);
  }

  @Test
  void commandsGiveTheirOutputErrorAndStatus() {
    CompletedProgram done = ssh("echo out; nonsense; exit 7");
    assertThat(done.exit()).isEqualTo(7);
    assertThat(done.stdout()).isEqualTo("out\n");
    assertThat(done.stderr()).contains("nonsense: command not found");
    assertThat(ssh("nonsense").exit()).isEqualTo(127);
    assertThat(ssh("false").exit()).isEqualTo(1);
  }

  @Test
  void theShellKnowsPipesRedirectionsQuotesAndVariables() {
    assertThat(stdout("echo 'a b'  c\"d $USER\" \\$x | cat")).isEqualTo("a b cd demo $x\n");
    assertThat(
            stdout(
                "mkdir -p /tmp/r && cd /tmp/r && echo one > f; echo two >> f; cat < f | wc -l; cat"
                    + " f none 2>&1 | tail -n 1; false || echo $?; X=5; echo \"$X\"; true && ! : ;"
                    + " pwd"))
        .isEqualTo("2\ncat: none: No such file or directory\n1\n5\n/tmp/r\n");
    assertThat(stdout("cd /tmp; touch g1 g2 .g3; echo g* '*'; rm g? && echo g*"))
        .isEqualTo("g1 g2 *\ng*\n");
    assertThat(stdout("seq 100000 | sort -rn | head -3 | tail -n1")).isEqualTo("99998\n");
    assertThat(
            stdout(
                "printf '%s-%d\\n"
                    + "' a 1 b 2; sh -c 'exit 3'; echo $?; [ -d /tmp ] && test 2 -gt 1 && echo"
                    + " yes"))
        .isEqualTo("a-1\nb-2\n3\nyes\n");
    assertThat(ssh("echo 'open").exit()).isEqualTo(2);
    assertThat(ssh("a | | b").exit()).isEqualTo(2);
    assertThat(ssh("echo $(id)").stderr()).contains("$( ) is not known");
  }

  @Test
  void koreanNamesAndTextPass() {
    assertThat(stdout("echo 안녕하세요 > '한글 파일.txt' && cat '한글 파일.txt' && ls | grep 한글"))
        .isEqualTo("안녕하세요\n한글 파일.txt\n");
    assertThat(stdout("grep -c ERROR logs/app.log; grep -n 주문 logs/app.log | head -n 1"))
        .isEqualTo("2\n7:2026-01-05T09:03:02+09:00 INFO  주문 1002 접수\n");
    assertThat(
            client()
                .configure(
                    "IdentityFile " + key.privateKeyFile(),
                    "Port " + target.port(),
                    "User demo",
                    "SetEnv LANG=ko_KR.UTF-8")
                .ssh("127.0.0.1", "없음")
                .run()
                .stderr())
        .contains("없는 명령입니다");
  }

  @Test
  void standardInputReachesCommandsToItsLastByte() throws Exception {
    byte[] bytes = new byte[3_000_000];
    new Random(5).nextBytes(bytes);
    CompletedProgram done =
        client().ssh("127.0.0.1", "cat > /tmp/in; wc -c /tmp/in; cat /tmp/in").input(bytes).run();
    String head = "3000000 /tmp/in\n";
    assertThat(done.exit()).isZero();
    assertThat(done.stdoutBytes())
        .startsWith(head.getBytes(StandardCharsets.UTF_8))
        .hasSize(bytes.length + head.length());
    assertThat(Arrays.copyOfRange(done.stdoutBytes(), head.length(), head.length() + bytes.length))
        .isEqualTo(bytes);
    assertThat(client().ssh("127.0.0.1").input("echo a\ncat\nnot a command\n").run().stdout())
        .isEqualTo("a\nnot a command\n");
  }

  @Test
  void timeAndIdentityAreThoseOfTheTarget() {
    assertThat(stdout("date; date +%F; whoami; hostname; echo $HOME; uname -n"))
        .isEqualTo(
            "Fri Jan  2 12:04:05 KST 2026\n2026-01-02\ndemo\npractice\n/home/demo\npractice\n");
    assertThat(ssh("stty size").stderr()).contains("Inappropriate ioctl");
  }

  @Test
  void sftpReadsAndWritesTheSameFiles() throws Exception {
    Path local = Files.write(folder.resolve("로컬"), new byte[1_000_000]);
    Path batch =
        Files.writeString(
            folder.resolve("batch"),
            """
            put %s /tmp/올림
            mkdir /tmp/폴더
            rename /tmp/올림 /tmp/폴더/옮김
            chmod 600 /tmp/폴더/옮김
            ln -s 옮김 /tmp/폴더/링크
            ls -l /tmp/폴더
            get /tmp/폴더/옮김 %s/내림
            pwd
            """
                .formatted(local, folder));
    CompletedProgram done = client().sftp("-b", batch.toString(), "127.0.0.1").run();
    assertThat(done.exit()).as("%s", done).isZero();
    assertThat(done.stdout())
        .contains("Remote working directory: /home/demo")
        .contains("-rw-------");
    assertThat(folder.resolve("내림")).hasSameBinaryContentAs(local);
    assertThat(stdout("ls -l /tmp/폴더")).contains("링크 -> 옮김").contains("1000000");
  }

  @Test
  void scpCopiesBothWaysWithBothItsProtocols() throws Exception {
    Path tree = Files.createDirectories(folder.resolve("나무/가지")).getParent();
    Files.writeString(tree.resolve("a b"), "내용");
    Files.write(tree.resolve("가지/큰 것"), new byte[500_000]);
    Files.createFile(tree.resolve("빈"));
    for (String protocol : List.of("-O", "-s")) {
      String remote = "/tmp/scp" + protocol;
      client()
          .scp(protocol, "-r", "-p", tree.toString(), "127.0.0.1:" + remote)
          .run()
          .expectSuccess();
      Path back = folder.resolve("back" + protocol);
      client()
          .scp(protocol, "-r", "-p", "127.0.0.1:" + remote, back.toString())
          .run()
          .expectSuccess();
      assertThat(back.resolve("a b")).hasContent("내용");
      assertThat(back.resolve("가지/큰 것")).hasSize(500_000);
      assertThat(back.resolve("빈")).isEmptyFile();
      assertThat(Files.getLastModifiedTime(back.resolve("a b")).toInstant().getEpochSecond())
          .isEqualTo(Files.getLastModifiedTime(tree.resolve("a b")).toInstant().getEpochSecond());
      CompletedProgram missing =
          client().scp(protocol, "127.0.0.1:/tmp/none", folder.toString()).run();
      assertThat(missing.exit()).isEqualTo(1);
      assertThat(missing.stderr()).containsIgnoringCase("no such file");
    }
  }

  @Test
  void aTerminalEditsLinesAndShowsWhatTheyDo() {
    try (RunningProgram terminal = terminal()) {
      terminal.type("echo 가나다\u007f라x\u001b[D\u001b[3~\u0001\u001b[C\u0005!\r");
      terminal.awaitOutput("\r\n가나라!\r\n", Deadlines.ACTION);
      terminal.type("\u001b[A\u007f?\r").awaitOutput("\r\n가나라?\r\n", Deadlines.ACTION);
      terminal.type("cat REA\t | head -n 1\r");
      terminal.awaitOutput("\r\nThis is a practice target.", Deadlines.ACTION);
      terminal.type("abc\u0003echo next\r").awaitOutput("\r\nnext\r\n", Deadlines.ACTION);
      terminal.type("\u0004");
      assertThat(terminal.await(Deadlines.ACTION).exit()).isZero();
    }
  }

  @Test
  void ctrlCStopsACommandAndCtrlDEndsItsInput() {
    try (RunningProgram terminal = terminal()) {
      terminal.type("sleep 3000\r").awaitOutput("sleep 3000\r\n", Deadlines.ACTION);
      terminal.type("\u0003").awaitOutput("^C\r\n", Deadlines.ACTION);
      terminal.type("echo st=$?\r").awaitOutput("\r\nst=130\r\n", Deadlines.ACTION);
      terminal.type("yes | cat\r").awaitOutput("y\r\ny\r\n", Deadlines.ACTION);
      terminal.type("\u0003").awaitOutput("^C", Deadlines.ACTION);
      terminal.type("\recho after\r").awaitOutput("\r\nafter\r\n", Deadlines.ACTION);
      terminal.type("cat > note\r").awaitOutput("cat > note\r\n", Deadlines.ACTION);
      terminal.type("첫 줄\r둘쨔\u007f째\r\u0004");
      terminal.type("cat note | wc -l; cat note\r");
      terminal.awaitOutput("\r\n2\r\n첫 줄\r\n둘째\r\n", Deadlines.ACTION);
      terminal.type("exit 9\r");
      assertThat(terminal.await(Deadlines.ACTION).exit()).isEqualTo(9);
    }
  }

  @Test
  void whatIsTypedAheadIsNotLost() {
    try (RunningProgram terminal = terminal()) {
      terminal.type("sleep 1\rcat\r한 줄\r\u0004echo en\u007fnd=$?\r");
      terminal.awaitOutput("\r\nend=0\r\n", Deadlines.ACTION);
      assertThat(terminal.stdout()).contains("\r\n한 줄\r\n");
      terminal.type("sleep 3000\r\u0003echo st=$?\r");
      terminal.awaitOutput("\nst=130\r\n", Deadlines.ACTION);
    }
  }

  @Test
  void aTerminalWhoseInputEndsLetsItsCommandFinish() {
    assertThat(client().ssh("-tt", "127.0.0.1", "cat; sleep 1; echo done").run().stdout())
        .isEqualTo("done\r\n");
  }

  @Test
  void whatIsTypedWithoutEchoIsNotShown() {
    try (RunningProgram terminal = terminal()) {
      terminal.type("read -s -p 'Password: ' P\r").awaitOutput("\r\nPassword: ", Deadlines.ACTION);
      terminal.type("hunter2\r").awaitOutput("$ ", Deadlines.ACTION);
      terminal.type("test \"$P\" = 'hunter''2' && echo same\r");
      terminal.awaitOutput("\r\nsame\r\n", Deadlines.ACTION);
      assertThat(terminal.stdout()).doesNotContain("hunter2");
    }
  }

  @Test
  void theWindowsSizeIsKnown() {
    String ssh = "exec ssh -tt -F " + client().config() + " 127.0.0.1 'stty size; tty'";
    // `script` passes the end of its own input on as typed bytes, so it is left open.
    try (RunningProgram terminal =
        Program.of("script", "-qefc", "stty rows 33 cols 101; " + ssh, "/dev/null")
            .environment("SHELL", "/bin/sh")
            .start()) {
      assertThat(terminal.await(Deadlines.ACTION).stdout()).contains("33 101\r\n/dev/pts/0\r\n");
    }
  }

  @Test
  void manyChannelsShareOneConnection() {
    OpenSshClient client = client();
    Path socket = folder.resolve("mux");
    try (RunningProgram master =
        client.ssh("-N", "-M", "-S", socket.toString(), "127.0.0.1").start()) {
      Deadlines.await("the master is there", () -> Files.exists(socket));
      for (int round = 0; round < 5; round++) {
        assertThat(client.ssh("-S", socket.toString(), "127.0.0.1", "echo x").run().stdout())
            .isEqualTo("x\n");
      }
      assertThat(master.alive()).isTrue();
    }
  }

  @Test
  void thereIsNoWayToTheHost() {
    assertThat(stdout("cat /etc/passwd")).isEqualTo("demo:x:1000:1000:demo:/home/demo:/bin/sh\n");
    assertThat(ssh("ls /proc /root").stderr()).contains("No such file");
    assertThat(ssh("cat ../../../../etc/shadow").exit()).isEqualTo(1);
    CompletedProgram forward = client().ssh("-W", "127.0.0.1:" + target.port(), "127.0.0.1").run();
    assertThat(forward.exit()).isNotZero();
    assertThat(
            client()
                .ssh("-o", "ExitOnForwardFailure=yes", "-N", "-R", "0:127.0.0.1:1", "127.0.0.1")
                .run()
                .exit())
        .isNotZero();
  }

  @Test
  void aWrongKeyUserOrPasswordDoesNotLogIn() throws Exception {
    SshKey other = SshKey.generate(folder, "ed25519");
    OpenSshClient client =
        client().configure("IdentityFile " + other.privateKeyFile(), "Port " + target.port());
    assertThat(client.ssh("demo@127.0.0.1", "true").run().exit()).isEqualTo(255);
    assertThat(client().ssh("root@127.0.0.1", "true").run().exit()).isEqualTo(255);
    try (PracticeTarget byPassword =
        PracticeTarget.start(PracticeOptions.withPassword("root", "비밀 번호").hostname("box"))) {
      client =
          new OpenSshClient(folder)
              .configure("BatchMode no", "NumberOfPasswordPrompts 1", "Port " + byPassword.port())
              .trust(byPassword.port(), byPassword.hostKeyLine());
      Program login = client.ssh("root@127.0.0.1", "whoami; hostname; pwd");
      assertThat(withPassword(login, "비밀 번호").run().stdout()).isEqualTo("root\nbox\n/root\n");
      assertThat(withPassword(login, "wrong").run().exit()).isNotZero();
    }
  }

  private static Program withPassword(Program program, String password) {
    return program.through("sshpass", "-e").environment("SSHPASS", password);
  }

  @Test
  void aHostKeyInAFileStaysTheSame() throws Exception {
    Path file = folder.resolve("host_key");
    PracticeOptions options = PracticeOptions.withPassword("demo", "x").hostKeyIn(file);
    String line;
    try (PracticeTarget first = PracticeTarget.start(options)) {
      line = first.hostKeyLine();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Program.of("ssh-keygen", "-y", "-f", file.toString()).run().stdout())
        .startsWith(line);
    try (PracticeTarget second = PracticeTarget.start(options)) {
      assertThat(second.hostKeyLine()).isEqualTo(line).startsWith("ssh-ed25519 ");
      assertThat(second.port()).isNotEqualTo(target.port());
    }
  }

  @Test
  void filesTakeNoMoreMemoryThanTheyMay() throws Exception {
    PracticeLimits limits =
        new PracticeLimits(
            2, 2, 4, 1 << 20, 120, Duration.ofMinutes(1), Duration.ofHours(1), ShellLimits.DEFAULT);
    try (PracticeTarget small =
        PracticeTarget.start(PracticeOptions.withKey("demo", key.publicLine()).limits(limits))) {
      OpenSshClient client =
          client()
              .configure(
                  "IdentityFile " + key.privateKeyFile(), "Port " + small.port(), "User demo")
              .trust(small.port(), small.hostKeyLine());
      assertThat(client.ssh("127.0.0.1", "cat /dev/zero > /tmp/full").run().stderr())
          .contains("No space left on device");
      Path big = Files.write(folder.resolve("big"), new byte[2 << 20]);
      assertThat(client.scp("-O", big.toString(), "127.0.0.1:/tmp/b").run().expectExit(1).stderr())
          .contains("No space left on device");
      assertThat(client.scp("-s", big.toString(), "127.0.0.1:/tmp/b").run().exit()).isNotZero();
      client.ssh("127.0.0.1", "rm /tmp/full /tmp/b; cd /tmp; sh -c 'touch $(x)'").run();
      StringBuilder names = new StringBuilder();
      for (int index = 0; index < 130; index++) {
        names.append(" d").append(index);
      }
      CompletedProgram many = client.ssh("127.0.0.1", "mkdir" + names).run();
      assertThat(many.exit()).isEqualTo(1);
      assertThat(many.stderr()).contains("No space left on device");
      client.ssh("127.0.0.1", "rmdir d1 d2; mkdir again && ls -d again").run().expectSuccess();
    }
  }

  @Test
  void strangersWhoSayNothingAreBoundedAndLeaveRoomWhenTheyGo() throws Exception {
    PracticeLimits limits =
        new PracticeLimits(
            3,
            2,
            4,
            1 << 20,
            120,
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            ShellLimits.DEFAULT);
    try (PracticeTarget small =
            PracticeTarget.start(PracticeOptions.withKey("demo", key.publicLine()).limits(limits));
        Socket first = new Socket(InetAddress.getLoopbackAddress(), small.port());
        Socket second = new Socket(InetAddress.getLoopbackAddress(), small.port())) {
      assertThat(greeting(first)).isEqualTo("SSH-2.0-");
      assertThat(greeting(second)).isEqualTo("SSH-2.0-");
      OpenSshClient client =
          client()
              .configure(
                  "IdentityFile " + key.privateKeyFile(), "Port " + small.port(), "User demo")
              .trust(small.port(), small.hostKeyLine());
      RunningProgram loggedIn = client.ssh("127.0.0.1", "echo in; sleep 60").start();
      loggedIn.awaitOutput("in\n", Deadlines.ACTION);
      try (Socket third = new Socket(InetAddress.getLoopbackAddress(), small.port());
          Socket fourth = new Socket(InetAddress.getLoopbackAddress(), small.port())) {
        assertThat(greeting(third)).as("who is logged in does not count").isEqualTo("SSH-2.0-");
        assertThat(greeting(fourth)).as("past the limit").isEmpty();
        assertThat(client.ssh("127.0.0.1", "echo").run().exit()).isEqualTo(255);
      }
      Deadlines.await(
          "there is room again",
          () -> client.ssh("127.0.0.1", "echo again").run().stdout().equals("again\n"));
      loggedIn.close();
    }
  }

  private static String greeting(Socket socket) throws IOException {
    socket.setSoTimeout(Math.toIntExact(Deadlines.ACTION.toMillis()));
    try {
      return new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII);
    } catch (SocketException e) {
      return ""; // reset by the target
    }
  }

  @Test
  void linesPatternsAndSleepAreBounded() {
    assertThat(ssh("echo " + "x".repeat(9000)).stderr()).contains("longer than 8192");
    assertThat(ssh("sleep 999999").stderr()).contains("at most 3600 seconds");
    String evil = "(.*)(.*)(.*)(.*)(.*)(.*)=\\1$";
    assertThat(ssh("echo " + "a".repeat(80) + " | grep '" + evil + "'").stderr())
        .contains("takes too long");
    assertThat(ssh("sh -c \"sh -c 'sh -c \\\"sh -c id\\\"'\"").exit()).isZero();
    assertThat(ssh("seq 200000000 | sort").stderr()).contains("too large");
  }

  @Test
  void aBadPortOrNoWayInIsAnError() {
    assertThatThrownBy(() -> PracticeOptions.withPassword("demo", "x").onPort(70_000))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                PracticeTarget.start(
                    PracticeOptions.withPassword("demo", "x").onPort(target.port())))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(
            () -> PracticeTarget.start(PracticeOptions.withKey("demo", "ssh-ed25519 ???")))
        .isInstanceOf(IOException.class);
    assertThat(PracticeOptions.withPassword("demo", "secret").toString()).doesNotContain("secret");
  }
}
