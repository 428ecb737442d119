package org.ongsung.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Folders in which somebody else writes at the same time.
class FoldersTest {
  @Test
  void aFolderIsLookedThroughAndDeletedThoughFilesComeAndGo() throws Exception {
    Path folder = Folders.temporary("ongsung-folders");
    Path kept =
        Files.writeString(Files.createDirectory(folder.resolve("sub")).resolve("kept"), "가");
    Path other = Files.writeString(Files.createDirectory(folder.resolve("out")).resolve("x"), "가");
    AtomicBoolean enough = new AtomicBoolean();
    Thread writer = Thread.ofPlatform().start(() -> comeAndGo(folder, enough));
    for (int i = 0; i < 500; i++) {
      assertThat(Folders.files(folder)).contains(kept, other);
      assertThat(Folders.files(folder, "out")).contains(kept).doesNotContain(other);
      assertThat(Folders.filesWith(folder, "가")).containsExactlyInAnyOrder(kept, other);
      assertThat(Folders.filesWith(folder, "나")).isEmpty();
    }
    Thread deleting = Thread.ofVirtual().start(() -> Folders.delete(folder));
    enough.set(true);
    writer.join();
    deleting.join();
    assertThat(folder).doesNotExist();
    Folders.delete(folder);
  }

  private static void comeAndGo(Path folder, AtomicBoolean enough) {
    try {
      while (!enough.get()) {
        for (int i = 0; i < 20; i++) {
          Files.writeString(Files.createDirectories(folder.resolve("d" + i)).resolve("f"), "x");
        }
        for (int i = 0; i < 20; i++) {
          Files.deleteIfExists(folder.resolve("d" + i).resolve("f"));
          Files.deleteIfExists(folder.resolve("d" + i));
        }
      }
    } catch (NoSuchFileException e) {
      // It is being deleted.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
