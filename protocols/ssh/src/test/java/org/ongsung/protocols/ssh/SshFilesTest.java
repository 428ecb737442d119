package org.ongsung.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.gateway.files.FileDialException;
import org.ongsung.gateway.files.FileLateException;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.files.FilePath;
import org.ongsung.gateway.files.FileRefusedException;
import org.ongsung.gateway.files.FileRefusedException.Reason;
import org.ongsung.gateway.files.FileUpstream;
import org.ongsung.gateway.files.Upload;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.Program;

/// Uploads to OpenSSH's own SFTP server: what they leave behind, and what the record says.
class SshFilesTest {
  private static final String HIDDEN = "\\.ongsung-[0-9a-f]{32}";

  private static SshGateway gateway;
  private static OpenSshServer usual;

  @TempDir Path folder;
  @TempDir Path other;

  @BeforeAll
  static void start() {
    gateway = new SshGateway();
    usual = OpenSshServer.builder().start();
    gateway.target("web-1", usual);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    usual.close();
  }

  private static FilePath path(Path path) {
    return FilePath.parse(path.toString());
  }

  private static FileUpstream usualFiles() throws Exception {
    return gateway.files("web-1", FileLimits.DEFAULT);
  }

  private static void send(Upload upload, int bytes) throws IOException {
    byte[] piece = new byte[50_000];
    Arrays.fill(piece, (byte) 'n');
    for (int left = bytes; left > 0; left -= piece.length) {
      upload.write(piece, 0, Math.min(left, piece.length));
    }
  }

  private static void refused(Reason why, FileUpstream files, Path file) {
    assertThatThrownBy(
            () -> {
              try (Upload upload = Upload.begin(files, path(file), true)) {
                send(upload, 400_000);
                upload.commit();
              }
            })
        .isInstanceOfSatisfying(
            FileRefusedException.class, e -> assertThat(e.reason()).isEqualTo(why));
  }

  private static List<String> record() {
    return gateway.sessions.getLast().channels.getFirst().files;
  }

  @Test
  void anOldFileIsReplacedWithItsPermissionsAndTheRecordTellsHow() throws Exception {
    try (FileUpstream files = usualFiles()) {
      assertThat(files.replaces()).isTrue();
      Path file = replaced(files);
      told(file, "rename " + part() + " " + file + " r0 w0 ok");
    }
  }

  @Test
  void soItIsWhereTheTargetCannotReplaceInOneStep() throws Exception {
    try (OpenSshServer server =
            OpenSshServer.builder().sftp(OpenSshServer.SFTP + " -P posix-rename").start();
        FileUpstream files = gateway.target("plain", server).files("plain", FileLimits.DEFAULT)) {
      assertThat(files.replaces()).isFalse();
      Path file = replaced(files);
      String old = folder + "/" + HIDDEN + "\\.old";
      told(
          file,
          "rename " + file + " " + old + " r0 w0 ok",
          "rename " + part() + " " + file + " r0 w0 ok",
          "remove " + old + "  r0 w0 ok");
    }
  }

  private String part() {
    return folder + "/" + HIDDEN + "\\.part";
  }

  private Path replaced(FileUpstream files) throws IOException {
    Path file = Files.writeString(folder.resolve("보고서"), "old");
    // Bits that no umask leaves.
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw--w-"));
    try (Upload upload = Upload.begin(files, path(file), true)) {
      send(upload, 300_001);
      assertThat(file).hasContent("old");
      upload.commit();
    }
    assertThat(file).hasSize(300_001);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw--w-");
    assertThat(folder.toFile().list()).containsExactly("보고서");
    return file;
  }

  private void told(Path file, String... ways) {
    String written =
        String.join(
            "\n",
            "open " + part() + "  r0 w0 ok",
            "setstat " + part() + "  r0 w0 ok",
            "close " + part() + "  r0 w300001 ok",
            "");
    assertThat(String.join("\n", record()))
        .as("of %s", file)
        .matches(written + String.join("\n", ways));
  }

  @Test
  void whatBreaksOffLeavesTheOldFileAloneAndTheRecordSaysSo() throws Exception {
    try (FileUpstream files = usualFiles()) {
      Path file = Files.writeString(folder.resolve("a"), "old");
      try (Upload upload = Upload.begin(files, path(file), true)) {
        send(upload, 100_000);
      }
      assertThat(file).hasContent("old");
      assertThat(folder.toFile().list()).containsExactly("a");
      assertThat(String.join("\n", record()))
          .matches("(?s)open .*\\.part .*close .*\\.part  r0 w100000 ok\nremove .*\\.part .* ok");
    }
  }

  @Test
  void linksFoldersAndDevicesAreNeitherFollowedNorReplaced() throws Exception {
    try (FileUpstream files = usualFiles()) {
      Path elsewhere = Files.writeString(other.resolve("elsewhere"), "old");
      Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
      Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
      Path pipe = folder.resolve("pipe");
      Program.of("mkfifo", pipe.toString()).run().expectExit(0);
      Path sub = Files.createDirectory(folder.resolve("sub"));
      for (Path one : List.of(link, dangling, pipe, sub)) {
        refused(Reason.NOT_A_FILE, files, one);
      }
      assertThat(elsewhere).hasContent("old");
      assertThat(link).isSymbolicLink();
      assertThat(folder.toFile().list()).hasSize(4);
      // One that comes in between is replaced itself.
      Path file = Files.writeString(folder.resolve("a"), "old");
      try (Upload upload = Upload.begin(files, path(file), true)) {
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        upload.commit();
      }
      assertThat(file).isRegularFile().hasSize(0);
      assertThat(Files.isSymbolicLink(file)).isFalse();
      assertThat(elsewhere).hasContent("old");
    }
  }

  @Test
  void aNameIsAsLongAsTheTargetTakesAndALongerOneIsRefusedAtOnce() throws Exception {
    try (FileUpstream files = usualFiles()) {
      try (Upload upload = Upload.begin(files, path(folder.resolve("x".repeat(255))), false)) {
        upload.commit();
      }
      refused(Reason.NAME, files, folder.resolve("x".repeat(256)));
      assertThat(folder.toFile().list()).containsExactly("x".repeat(255));
    }
  }

  @Test
  void aFullDiskIsToldAsOne() throws Exception {
    try (OpenSshServer server = OpenSshServer.builder().sftp(FullSftpTarget.command()).start();
        FileUpstream files = gateway.target("full", server).files("full", FileLimits.DEFAULT)) {
      refused(Reason.NO_SPACE, files, Path.of("/a"));
      assertThat(record()).last().asString().startsWith("remove /.ongsung-").endsWith(" ok");
    }
  }

  /// @param pipeline pieces at once: fewer than what its window takes, so that its answer is waited
  ///   for; and more, so that the window is
  @ParameterizedTest
  @ValueSource(ints = {4, 200})
  void aTargetThatStopsReadingIsGivenUpInTime(int pipeline) throws Exception {
    Duration soon = Duration.ofSeconds(2);
    FileLimits limits = new FileLimits(10, 2, pipeline, soon, 1L << 30, 4, 4, soon);
    Path file = Files.writeString(folder.resolve("a"), "old");
    Upload upload = begin(limits, file);
    List<ProcessHandle> stopped = signal("-STOP", sftp());
    try {
      assertThatThrownBy(() -> send(upload, 20_000_000)).isInstanceOf(FileLateException.class);
      Deadlines.await(
          "the record ends", () -> gateway.sessions.getLast().channels.getFirst().closed);
      upload.close();
    } finally {
      signal("-CONT", stopped);
    }
    assertThat(file).hasContent("old");
  }

  /// The limit holds before anything is stopped too, and a machine may be that busy.
  private static Upload begin(FileLimits limits, Path file) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return Upload.begin(gateway.files("web-1", limits), path(file), true);
      } catch (IOException | FileDialException e) {
        if (attempt == 10) {
          throw e;
        }
      }
    }
  }

  private static List<ProcessHandle> sftp() {
    return ProcessHandle.of(usual.process().pid())
        .orElseThrow()
        .descendants()
        .filter(one -> one.info().command().orElse("").endsWith("sftp-server"))
        .toList();
  }

  private static List<ProcessHandle> signal(String signal, List<ProcessHandle> to) {
    assertThat(to).isNotEmpty();
    for (ProcessHandle one : to) {
      // One of an attempt before may be gone by now.
      Program.of("kill", signal, Long.toString(one.pid())).run();
    }
    return to;
  }
}
