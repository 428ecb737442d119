package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.model.ChannelKind;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;
import org.ongsung.testkit.RunningProgram;

/// The programs that people use over SSH work unchanged, and their records show them as what they
/// are.
class SshProgramsTest {
  private static OpenSshServer server;
  private SshGateway gateway;
  private Path there;
  private Path here;

  @BeforeAll
  static void startTarget() {
    server = OpenSshServer.builder().start();
  }

  @AfterAll
  static void stopTarget() {
    server.close();
  }

  @BeforeEach
  void start() throws IOException {
    gateway = new SshGateway().target("web-1", server);
    there = Files.createTempDirectory(server.folder(), "there");
    here = Files.createTempDirectory(gateway.folder, "here");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private String[] transferOptions() {
    return new String[] {
      "-P", Integer.toString(gateway.port()), "-i", gateway.alice.privateKeyFile().toString()
    };
  }

  private String remoteShell() {
    return String.join(
        " ",
        "ssh",
        "-F",
        gateway.client.config().toString(),
        "-p",
        Integer.toString(gateway.port()),
        "-i",
        gateway.alice.privateKeyFile().toString());
  }

  private RecordedSession.Channel onlyChannel() {
    assertThat(gateway.session().channels).hasSize(1);
    return gateway.session().channels.getFirst();
  }

  @Test
  void sftpPutsAndGetsAndEveryOperationIsKept() throws IOException {
    byte[] bytes = random(3_000_000);
    Files.write(here.resolve("up"), bytes);
    String commands =
        String.join(
            "\n",
            "cd " + there,
            "put " + here.resolve("up") + " file",
            "rename file moved",
            "mkdir folder",
            "rmdir folder",
            "get moved " + here.resolve("down"),
            "rm moved",
            "bye\n");

    gateway
        .client
        .sftp(transferOptions())
        .and("-b", "-", "alice+web-1@127.0.0.1")
        .input(commands)
        .run()
        .expectSuccess();

    assertThat(Files.readAllBytes(here.resolve("down"))).isEqualTo(bytes);
    RecordedSession.Channel channel = onlyChannel();
    assertThat(channel.opened.kind()).isEqualTo(ChannelKind.SFTP);
    assertThat(String.join("\n", channel.files))
        .contains("close " + there + "/file  r0 w3000000 ok")
        .contains("rename " + there + "/file " + there + "/moved r0 w0 ok")
        .contains("mkdir " + there + "/folder")
        .contains("close " + there + "/moved  r3000000 w0 ok")
        .contains("remove " + there + "/moved");
  }

  @Test
  void scpWorksInItsNewProtocol() throws IOException {
    byte[] bytes = random(1_000_000);
    Files.write(here.resolve("up"), bytes);
    gateway
        .client
        .scp(transferOptions())
        .and(here.resolve("up").toString(), "alice+web-1@127.0.0.1:" + there + "/file")
        .run()
        .expectSuccess();
    assertThat(Files.readAllBytes(there.resolve("file"))).isEqualTo(bytes);
    assertThat(onlyChannel().opened.kind()).isEqualTo(ChannelKind.SFTP);
  }

  @Test
  void scpWorksInItsOldProtocolBothWays() throws IOException {
    byte[] bytes = random(1_000_000);
    Files.write(here.resolve("up"), bytes);
    gateway
        .client
        .scp(transferOptions())
        .and("-O", here.resolve("up").toString(), "alice+web-1@127.0.0.1:" + there + "/file")
        .run()
        .expectSuccess();
    assertThat(onlyChannel().opened.kind()).isEqualTo(ChannelKind.SCP);
    gateway
        .client
        .scp(transferOptions())
        .and("-O", "alice+web-1@127.0.0.1:" + there + "/file", here.resolve("down").toString())
        .run()
        .expectSuccess();
    assertThat(Files.readAllBytes(here.resolve("down"))).isEqualTo(bytes);
  }

  @Test
  void rsyncSyncsBothWays() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.write(here.resolve("f" + i), random(50_000 + i));
    }
    Program.of("rsync", "-a", "-e", remoteShell(), here + "/", "alice+web-1@127.0.0.1:" + there)
        .run()
        .expectSuccess();
    assertThat(onlyChannel().opened.kind()).isEqualTo(ChannelKind.RSYNC);
    Path back = Files.createDirectory(gateway.folder.resolve("back"));
    Program.of(
            "rsync", "-a", "-e", remoteShell(), "alice+web-1@127.0.0.1:" + there + "/", "" + back)
        .run()
        .expectSuccess();
    try (Stream<Path> files = Files.list(back)) {
      assertThat(files).hasSize(20);
    }
    assertThat(Files.readAllBytes(back.resolve("f7"))).isEqualTo(random(50_007));
  }

  @Test
  void gitClonesAndPushes() throws IOException {
    Path repository = there.resolve("repository.git");
    Program.of("git", "init", "-q", "--bare", repository.toString()).run().expectSuccess();
    Path clone = here.resolve("clone");
    String url = "ssh://alice+web-1@127.0.0.1:" + gateway.port() + repository;
    git("clone", "-q", url, clone.toString());
    Files.writeString(clone.resolve("file"), "text");
    git("-C", clone.toString(), "add", "file");
    git(
        "-C",
        clone.toString(),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "-q",
        "-m",
        "m");
    git("-C", clone.toString(), "push", "-q", "origin", "HEAD:refs/heads/main");
    assertThat(Program.of("git", "-C", repository.toString(), "show", "main:file").run().stdout())
        .isEqualTo("text");
    assertThat(gateway.sessions.getFirst().channels.getFirst().opened.kind())
        .isEqualTo(ChannelKind.GIT);
  }

  private void git(String... arguments) {
    Program.of("git")
        .and(arguments)
        .environment("GIT_SSH_COMMAND", remoteShell())
        .run()
        .expectSuccess();
  }

  @Test
  void channelsOfOneControlMasterShareASessionAndHaveEachARecord() throws IOException {
    Path socket = gateway.folder.resolve("cm");
    gateway.client.configure("ControlPath " + socket);
    try (RunningProgram master = gateway.ssh("alice+web-1", "-M", "-N").start()) {
      Deadlines.await("the master is there", () -> Files.exists(socket));
      for (int i = 0; i < 3; i++) {
        assertThat(gateway.ssh("alice+web-1", "echo " + i).run().stdout()).isEqualTo(i + "\n");
      }
      assertThat(master.alive()).isTrue();
    }
    assertThat(gateway.session().channels).hasSize(3);
  }

  @Test
  void puttysPlinkRunsACommandAndItsPsftpFetches() throws IOException {
    Program.of(
            "puttygen",
            gateway.alice.privateKeyFile().toString(),
            "-O",
            "private",
            "-o",
            here.resolve("key.ppk").toString())
        .run()
        .expectSuccess();
    byte[] bytes = random(500_000);
    Files.write(there.resolve("file"), bytes);
    assertThat(
            putty("plink", "alice+web-1@127.0.0.1", "cat " + there.resolve("file"))
                .run()
                .expectSuccess()
                .stdoutBytes())
        .isEqualTo(bytes);
    putty("psftp", "-b", "/dev/stdin", "alice+web-1@127.0.0.1")
        .input("get " + there.resolve("file") + " " + here.resolve("down") + "\nquit\n")
        .run()
        .expectSuccess();
    assertThat(Files.readAllBytes(here.resolve("down"))).isEqualTo(bytes);
  }

  private Program putty(String name, String... arguments) {
    String fingerprint =
        Program.of(
                "ssh-keygen", "-l", "-f", gateway.folder.resolve("ssh_host_ed25519_key").toString())
            .run()
            .stdout()
            .split(" ", -1)[1];
    return Program.of(
            name,
            "-batch",
            "-P",
            Integer.toString(gateway.port()),
            "-i",
            here.resolve("key.ppk").toString(),
            "-hostkey",
            fingerprint)
        .and(arguments);
  }

  @Test
  void dropbearsClientRunsACommand() {
    Program.of(
            "dropbearconvert",
            "openssh",
            "dropbear",
            gateway.alice.privateKeyFile().toString(),
            here.resolve("key.db").toString())
        .run()
        .expectSuccess();
    assertThat(
            Program.of(
                    "dbclient",
                    "-y",
                    "-y",
                    "-p",
                    Integer.toString(gateway.port()),
                    "-i",
                    here.resolve("key.db").toString(),
                    "alice+web-1@127.0.0.1",
                    "echo hi")
                .run()
                .expectSuccess()
                .stdout())
        .isEqualTo("hi\n");
  }

  @Test
  void paramikoRunsACommandAndTransfersAFile() throws IOException {
    Files.write(there.resolve("file"), random(300_000));
    String script =
        """
        import paramiko, sys
        c = paramiko.SSHClient()
        c.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        c.connect('127.0.0.1', int(sys.argv[1]), 'alice+web-1', key_filename=sys.argv[2],
                  look_for_keys=False, allow_agent=False)
        i, o, e = c.exec_command('cat; echo no >&2; exit 4')
        i.write('hi'); i.channel.shutdown_write()
        print(o.read().decode(), e.read().decode().strip(), o.channel.recv_exit_status())
        s = c.open_sftp()
        s.get(sys.argv[3], sys.argv[4])
        c.close()
        """;
    Program.of(
            "/usr/bin/python3",
            "-c",
            script,
            Integer.toString(gateway.port()),
            gateway.alice.privateKeyFile().toString(),
            there.resolve("file").toString(),
            here.resolve("down").toString())
        .run()
        .expectSuccess();
    assertThat(Files.readAllBytes(here.resolve("down"))).isEqualTo(random(300_000));
  }

  @Test
  void asyncsshRunsACommand() {
    String script =
        """
        import asyncio, asyncssh, sys
        async def main():
            async with asyncssh.connect('127.0.0.1', int(sys.argv[1]), username='alice+web-1',
                    client_keys=[sys.argv[2]], known_hosts=None, config=[]) as c:
                r = await c.run('cat; echo no >&2; exit 4', input='hi')
                print(r.stdout, r.stderr.strip(), r.exit_status)
                r = await c.run('echo $TERM', term_type='xterm')
                print(r.stdout)
        asyncio.run(main())
        """;
    assertThat(
            Program.of(
                    "/usr/bin/python3",
                    "-c",
                    script,
                    Integer.toString(gateway.port()),
                    gateway.alice.privateKeyFile().toString())
                .run()
                .expectSuccess()
                .stdout())
        .contains("hi no 4")
        .contains("xterm");
  }

  @Test
  void ansiblesPingAnswers() {
    Program.of(
            "ansible",
            "all",
            "-i",
            "127.0.0.1,",
            "-m",
            "ping",
            "-u",
            "alice+web-1",
            "-e",
            "ansible_port=" + gateway.port(),
            "-e",
            "ansible_python_interpreter=/usr/bin/python3",
            "--private-key",
            gateway.alice.privateKeyFile().toString(),
            "--ssh-common-args",
            "-F " + gateway.client.config())
        .environment("ANSIBLE_REMOTE_TEMP", there.toString())
        .environment("ANSIBLE_LOCAL_TEMP", here.toString())
        .within(Duration.ofMinutes(2))
        .run()
        .expectSuccess();
    assertThat(Arrays.asList(gateway.sessions.getFirst().channels.toArray())).isNotEmpty();
  }
}
