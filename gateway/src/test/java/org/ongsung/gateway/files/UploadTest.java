package org.ongsung.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.ongsung.gateway.files.FileRefusedException.Reason;

/// The steps of an upload, each of them also where the target does not go along.
class UploadTest {
  private static final FilePath FILE = FilePath.parse("/srv/a");

  private final Target target = new Target();

  /// Files in memory that tell what was done with them, and refuse what they are told to refuse.
  private static final class Target implements FileUpstream {
    final Map<String, String> files = new TreeMap<>();
    final List<String> done = new ArrayList<>();

    /// By how often an operation was asked for: what happens instead.
    final Map<String, IOException> instead = new HashMap<>();

    FileEntry.Kind kind = FileEntry.Kind.FILE;
    boolean replaces = true;
    int permissions = -2;

    private void step(String operation) throws IOException {
      long before = done.stream().filter(one -> one.equals(operation)).count();
      done.add(operation);
      IOException thrown = instead.get(operation + " " + (before + 1));
      if (thrown != null) {
        throw thrown;
      }
    }

    @Override
    public FilePath home() {
      return FilePath.parse("/");
    }

    @Override
    public FileEntry look(FilePath path) {
      throw new AssertionError("links are not followed");
    }

    @Override
    public FileEntry lookAt(FilePath path) throws IOException {
      if (!files.containsKey(path.text())) {
        throw new FileRefusedException(Reason.MISSING);
      }
      return new FileEntry(path, kind, 1, null, 0x8000 | 06750);
    }

    @Override
    public FileListing list(FilePath folder, int most) {
      return new FileListing(List.of(), false);
    }

    @Override
    public InputStream read(FilePath file) {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream create(FilePath file, int mode) throws IOException {
      step("create");
      permissions = mode;
      assertThat(files.putIfAbsent(file.text(), "")).isNull();
      return new ByteArrayOutputStream() {
        @Override
        public void close() throws IOException {
          files.put(file.text(), toString(StandardCharsets.UTF_8));
          step("close");
        }
      };
    }

    @Override
    public void makeFolder(FilePath folder) {
      throw new AssertionError("nobody asked for a folder");
    }

    @Override
    public void rename(FilePath from, FilePath to) throws IOException {
      step("rename");
      if (files.containsKey(to.text())) {
        throw new FileRefusedException(Reason.FAILED);
      }
      move(from, to);
    }

    @Override
    public boolean replaces() {
      return replaces;
    }

    @Override
    public void replace(FilePath from, FilePath to) throws IOException {
      step("replace");
      move(from, to);
    }

    private void move(FilePath from, FilePath to) throws IOException {
      String content = files.remove(from.text());
      if (content == null) {
        throw new FileRefusedException(Reason.MISSING);
      }
      files.put(to.text(), content);
    }

    @Override
    public void removeFile(FilePath file) throws IOException {
      step("remove");
      files.remove(file.text());
    }

    @Override
    public void removeFolder(FilePath folder) {
      throw new AssertionError("nobody asked for a folder");
    }

    @Override
    public void onClosed(Runnable listener) {}

    @Override
    public void close() {}
  }

  private void upload(boolean replace) throws IOException {
    try (Upload upload = Upload.begin(target, FILE, replace)) {
      upload.write("new".getBytes(StandardCharsets.UTF_8), 0, 3);
      upload.commit();
    }
  }

  private void refused(boolean replace, Reason why) {
    assertThatThrownBy(() -> upload(replace))
        .isInstanceOfSatisfying(
            FileRefusedException.class, e -> assertThat(e.reason()).isEqualTo(why));
  }

  @Test
  void aNewFileGetsItsNameWhenItIsWhole() throws Exception {
    try (Upload upload = Upload.begin(target, FILE, false)) {
      assertThat(target.files.keySet())
          .singleElement()
          .asString()
          .matches("/srv/\\.ongsung-[0-9a-f]{32}\\.part");
      assertThat(target.permissions).isEqualTo(-1);
      upload.commit();
    }
    assertThat(target.files).containsOnlyKeys("/srv/a");
    assertThat(target.done).containsExactly("create", "close", "rename");
  }

  @Test
  void anOldFileIsReplacedInOneStepAndItsPermissionsStayButNotTheLentRights() throws Exception {
    target.files.put("/srv/a", "old");
    upload(true);
    assertThat(target.files).containsExactly(Map.entry("/srv/a", "new"));
    assertThat(target.done).containsExactly("create", "close", "replace");
    assertThat(target.permissions).isEqualTo(0750);
  }

  @Test
  void whatBreaksOffLeavesTheOldFileAndNothingElse() throws Exception {
    target.files.put("/srv/a", "old");
    Upload upload = Upload.begin(target, FILE, true);
    upload.write(new byte[9], 0, 9);
    Thread.currentThread().interrupt(); // also when it was the server's stop that broke it off
    upload.close();
    assertThat(Thread.interrupted()).isTrue();
    upload.close();
    assertThat(target.files).containsExactly(Map.entry("/srv/a", "old"));
    assertThat(target.done).containsExactly("create", "close", "remove");
  }

  @Test
  void whatTheTargetDoesNotTakeWholeDoesNotReplace() {
    target.files.put("/srv/a", "old");
    target.instead.put("close 1", new FileRefusedException(Reason.NO_SPACE));
    refused(true, Reason.NO_SPACE);
    assertThat(target.files).containsExactly(Map.entry("/srv/a", "old"));
  }

  @Test
  void whatMayNotBeReplacedIsFoundBeforeAByteIsSent() {
    target.files.put("/srv/a", "old");
    refused(false, Reason.EXISTS);
    for (FileEntry.Kind kind :
        List.of(FileEntry.Kind.FOLDER, FileEntry.Kind.LINK, FileEntry.Kind.OTHER)) {
      target.kind = kind;
      refused(true, Reason.NOT_A_FILE);
      refused(false, Reason.EXISTS);
    }
    assertThat(target.done).isEmpty();
  }

  @Test
  void aFileThatComesInBetweenIsNotReplaced() throws Exception {
    try (Upload upload = Upload.begin(target, FILE, false)) {
      target.files.put("/srv/a", "someone's");
      assertThatThrownBy(upload::commit)
          .isInstanceOfSatisfying(
              FileRefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXISTS));
    }
    assertThat(target.files).containsExactly(Map.entry("/srv/a", "someone's"));
  }

  @Test
  void withoutReplacingInOneStepTheOldFileMakesWayAndGoesLast() throws Exception {
    target.replaces = false;
    target.files.put("/srv/a", "old");
    upload(true);
    assertThat(target.files).containsExactly(Map.entry("/srv/a", "new"));
    assertThat(target.done).containsExactly("create", "close", "rename", "rename", "remove");
  }

  @Test
  void whenTheNewFileDoesNotGetTheNameTheOldOneGetsItBack() {
    target.replaces = false;
    target.files.put("/srv/a", "old");
    target.instead.put("rename 2", new FileRefusedException(Reason.DENIED));
    refused(true, Reason.DENIED);
    assertThat(target.files).containsExactly(Map.entry("/srv/a", "old"));
  }

  @Test
  void whatCannotBeUndoneIsToldAndTheOldFileIsThere() {
    target.replaces = false;
    target.files.put("/srv/a", "old");
    target.instead.put("rename 2", new FileRefusedException(Reason.DENIED));
    target.instead.put("rename 3", new IOException("lost"));
    refused(true, Reason.ASIDE);
    assertThat(target.files.values()).containsExactly("old");
    assertThat(target.files.keySet())
        .singleElement()
        .asString()
        .matches("/srv/\\.ongsung-[0-9a-f]{32}\\.old");
  }

  @Test
  void anOldFileThatCannotBeRemovedDoesNotUndoTheNewOne() throws Exception {
    target.replaces = false;
    target.files.put("/srv/a", "old");
    target.instead.put("remove 1", new FileRefusedException(Reason.DENIED));
    upload(true);
    assertThat(target.files).hasSize(2).containsEntry("/srv/a", "new").containsValue("old");
  }

  @Test
  void aFolderAsDeepAsPathsGoHasNoRoomForTheHiddenName() throws Exception {
    int most = FilePath.MAX_BYTES - "/".length() - (Upload.HIDDEN + Upload.PART).length() - 32;
    FilePath deepest = FilePath.parse("/" + "x".repeat(most - 1));
    try (Upload upload = Upload.begin(target, deepest.child("a"), false)) {
      upload.commit();
    }
    assertThat(target.files).containsKey(deepest.child("a").text());
    FilePath past = FilePath.parse("/" + "x".repeat(most));
    assertThatThrownBy(() -> Upload.begin(target, past.child("a"), false))
        .isInstanceOfSatisfying(
            FileRefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NAME));
  }
}
