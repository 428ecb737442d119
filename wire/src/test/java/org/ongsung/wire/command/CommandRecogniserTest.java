package org.ongsung.wire.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ongsung.wire.command.CommandRecogniser.recognise;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ongsung.wire.command.RecognisedCommand.Git;
import org.ongsung.wire.command.RecognisedCommand.Ordinary;
import org.ongsung.wire.command.RecognisedCommand.Rsync;
import org.ongsung.wire.command.RecognisedCommand.Scp;
import org.ongsung.wire.command.RecognisedCommand.SftpServer;

class CommandRecogniserTest {
  @Test
  void scpIsKnownByItsSourceAndSinkOptions() {
    assertThat(recognise("scp -t /tmp/")).isEqualTo(new Scp(false, false, List.of("/tmp/")));
    assertThat(recognise("scp -v -r -p -f 'a b' c"))
        .isEqualTo(new Scp(true, true, List.of("a b", "c")));
    assertThat(recognise("/usr/bin/scp -rpf -- -x")).isEqualTo(new Scp(true, true, List.of("-x")));
    assertThat(recognise("scp -f ~/한글\\ 파일*")).isEqualTo(new Scp(true, false, List.of("~/한글 파일*")));
    assertThat(recognise("scp a b:c")).isEqualTo(new Ordinary());
    assertThat(recognise("scp -t")).isEqualTo(new Ordinary());
    assertThat(recognise("scp -t -f x")).isEqualTo(new Ordinary());
  }

  @Test
  void rsyncIsKnownByItsServerOption() {
    assertThat(recognise("rsync --server -vlogDtpre.iLsfxCIvu . /srv/data/"))
        .isEqualTo(new Rsync(false, false, List.of("/srv/data/")));
    assertThat(recognise("rsync --server --sender -de.LsfxCIvu --delete-during . a 'b c'"))
        .isEqualTo(new Rsync(true, true, List.of("a", "b c")));
    assertThat(recognise("rsync -a x y")).isEqualTo(new Ordinary());
    assertThat(recognise("rsync --server --daemon .")).isEqualTo(new Ordinary());
    assertThat(recognise("rsync --server -l")).isEqualTo(new Ordinary());
  }

  @Test
  void gitIsKnownByItsServices() {
    assertThat(recognise("git-upload-pack 'team/app.git'"))
        .isEqualTo(new Git(Git.Service.UPLOAD_PACK, "team/app.git"));
    assertThat(recognise("git-receive-pack '/srv/it'\\''s.git'"))
        .isEqualTo(new Git(Git.Service.RECEIVE_PACK, "/srv/it's.git"));
    assertThat(recognise("git upload-archive \"a\\\"b\""))
        .isEqualTo(new Git(Git.Service.UPLOAD_ARCHIVE, "a\"b"));
    assertThat(recognise("git-upload-pack --strict --timeout=5 x"))
        .isEqualTo(new Git(Git.Service.UPLOAD_PACK, "x"));
    assertThat(recognise("git status")).isEqualTo(new Ordinary());
    assertThat(recognise("git")).isEqualTo(new Ordinary());
    assertThat(recognise("git-upload-pack")).isEqualTo(new Ordinary());
    assertThat(recognise("git-upload-pack a b")).isEqualTo(new Ordinary());
  }

  @Test
  void anSftpServerMayBeACommand() {
    assertThat(recognise("/usr/lib/openssh/sftp-server -l INFO")).isEqualTo(new SftpServer());
    assertThat(recognise("/usr/libexec/openssh/sftp-server")).isEqualTo(new SftpServer());
  }

  @Test
  void aProgramOfThatNameFromElsewhereIsNoSftpServer() {
    for (String line :
        List.of("sftp-server", "internal-sftp", "/tmp/sftp-server", "./sftp-server")) {
      assertThat(recognise(line)).as(line).isEqualTo(new Ordinary());
    }
  }

  @Test
  void whatMayDoMoreThanOneThingIsOrdinary() {
    for (String line :
        List.of(
            "",
            "   ",
            "ls -l",
            "scp -t x; id",
            "scp -t x && id",
            "scp -t x | tee y",
            "scp -t $(id)",
            "scp -t `id`",
            "scp -t \"$HOME\"",
            "scp -t x > y",
            "scp -t x\nid",
            "sudo scp -t x",
            "scp -t 'x",
            "scp -t \"x",
            "scp -t x\\",
            "A=b scp -t x")) {
      assertThat(recognise(line)).as(line).isEqualTo(new Ordinary());
    }
  }

  @Test
  void linesAndWordsAreBounded() {
    String path = "x".repeat(CommandRecogniser.MAX_LINE_CHARS - 7);
    assertThat(recognise("scp -t " + path)).isInstanceOf(Scp.class);
    assertThat(recognise("scp -t x" + path)).isInstanceOf(Ordinary.class);
    assertThat(recognise("scp -t" + " x".repeat(CommandRecogniser.MAX_WORDS - 2)))
        .isInstanceOf(Scp.class);
    assertThat(recognise("scp -t" + " x".repeat(CommandRecogniser.MAX_WORDS - 1)))
        .isInstanceOf(Ordinary.class);
  }

  @Test
  void anyLineIsRecognisedAsSomething() {
    Random random = new Random(1);
    String letters = "scp -tfr'\"\\ git-upload-pack\n;$./ rsync --server . 한";
    for (int round = 0; round < 50_000; round++) {
      StringBuilder line = new StringBuilder(random.nextBoolean() ? "scp -t " : "");
      for (int length = random.nextInt(20); length > 0; length--) {
        line.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(recognise(line.toString())).isNotNull();
    }
  }
}
