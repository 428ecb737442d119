package org.ongsung.console.house;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.files.FileEntry;
import org.ongsung.gateway.files.FileListing;
import org.ongsung.gateway.files.FilePath;
import org.ongsung.gateway.files.FileRefusedException;
import org.ongsung.gateway.files.FileUpstream;

/// The files of a target, in memory. Nobody may write under `/srv`, and there is no space under
/// `/full`.
public final class HouseFiles implements FileUpstream {
  private static final FilePath SRV = FilePath.parse("/srv");
  private static final FilePath FULL = FilePath.parse("/full");

  private final Map<String, byte[]> files = new TreeMap<>(); // folders end in /

  public HouseFiles() {
    for (String folder :
        List.of("/", "/home/", "/home/deploy/", "/home/deploy/급여/", "/srv/", "/full/")) {
      files.put(folder, new byte[0]);
    }
    put("/home/deploy/급여 2026-07.csv", 48_211);
    put("/home/deploy/README.md", 1_204);
    put("/home/deploy/dump.sql.gz", 9_877_120);
    put("/home/deploy/급여/합계.txt", 12);
    put("/home/deploy/<img src=x onerror=alert(1)>.html", 40);
  }

  private void put(String path, int length) {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) 'x');
    files.put(path, content);
  }

  /// What lies at `path`; null where there is no such file.
  public synchronized byte @Nullable [] content(String path) {
    return files.get(path);
  }

  /// The names of everything in that folder.
  public synchronized List<String> names(String folder) throws IOException {
    return list(FilePath.parse(folder), Integer.MAX_VALUE).entries().stream()
        .map(entry -> entry.path().name())
        .toList();
  }

  private static String folder(FilePath path) {
    return path.isRoot() ? "/" : path.text() + "/";
  }

  private static FileRefusedException refused(FileRefusedException.Reason why) {
    return new FileRefusedException(why);
  }

  private static void requireWritable(FilePath path) throws FileRefusedException {
    if (path.parent().equals(SRV)) {
      throw refused(FileRefusedException.Reason.DENIED);
    }
  }

  @Override
  public FilePath home() {
    return FilePath.parse("/home/deploy");
  }

  @Override
  public synchronized FileEntry look(FilePath path) throws IOException {
    if (files.containsKey(folder(path))) {
      return new FileEntry(path, FileEntry.Kind.FOLDER, 4_096, Samples.NOW, 0x41ED);
    }
    byte[] content = files.get(path.text());
    if (content == null) {
      throw refused(FileRefusedException.Reason.MISSING);
    }
    return new FileEntry(path, FileEntry.Kind.FILE, content.length, Samples.NOW, 0x81A4);
  }

  @Override
  public synchronized FileListing list(FilePath folder, int most) throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    for (String one : files.keySet()) {
      FilePath path = FilePath.parse(one);
      if (!path.isRoot() && path.parent().equals(folder)) {
        entries.add(look(path));
      }
    }
    return new FileListing(
        entries.subList(0, Math.min(most, entries.size())), entries.size() > most);
  }

  @Override
  public synchronized InputStream read(FilePath file) throws IOException {
    byte[] content = files.get(file.text());
    if (content == null) {
      throw refused(FileRefusedException.Reason.MISSING);
    }
    return new ByteArrayInputStream(content);
  }

  @Override
  public synchronized FileEntry lookAt(FilePath path) throws IOException {
    return look(path);
  }

  @Override
  public synchronized OutputStream create(FilePath file, int permissions) throws IOException {
    requireWritable(file);
    if (!files.containsKey(folder(file.parent()))) {
      throw refused(FileRefusedException.Reason.MISSING);
    }
    if (files.putIfAbsent(file.text(), new byte[0]) != null) {
      throw refused(FileRefusedException.Reason.EXISTS);
    }
    return new ByteArrayOutputStream() {
      @Override
      public void close() throws IOException {
        if (file.parent().equals(FULL) && size() > 0) {
          throw refused(FileRefusedException.Reason.NO_SPACE);
        }
        synchronized (HouseFiles.this) {
          files.put(file.text(), toByteArray());
        }
      }
    };
  }

  @Override
  public synchronized void makeFolder(FilePath folder) throws IOException {
    requireWritable(folder);
    files.put(folder(folder), new byte[0]);
  }

  @Override
  public synchronized void rename(FilePath from, FilePath to) throws IOException {
    if (files.containsKey(to.text()) || files.containsKey(folder(to))) {
      throw refused(FileRefusedException.Reason.FAILED);
    }
    replace(from, to);
  }

  @Override
  public boolean replaces() {
    return true;
  }

  @Override
  public synchronized void replace(FilePath from, FilePath to) throws IOException {
    byte[] content = files.remove(from.text());
    if (content == null) {
      throw refused(FileRefusedException.Reason.FAILED);
    }
    files.put(to.text(), content);
  }

  @Override
  public synchronized void removeFile(FilePath file) throws IOException {
    if (files.remove(file.text()) == null) {
      throw refused(FileRefusedException.Reason.MISSING);
    }
  }

  @Override
  public synchronized void removeFolder(FilePath folder) throws IOException {
    if (!list(folder, 1).entries().isEmpty() || files.remove(folder(folder)) == null) {
      throw refused(FileRefusedException.Reason.FAILED);
    }
  }

  @Override
  public void onClosed(Runnable listener) {
    // it stays open
  }

  @Override
  public void close() {
    // nothing is open
  }
}
