package org.ongsung.practice.shell;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The target's end of scp's old protocol (`scp -O`): `-f` sends files, `-t` takes them.
///
/// ```
/// T<mtime> 0 <atime> 0\n      times of what follows (-p)
/// C<mode> <size> <name>\n     a file: size bytes follow, then one zero byte
/// D<mode> 0 <name>\n          a folder begins, E\n ends it
/// ```
///
/// Each line and each file is answered with a zero byte, or with 1 and a line of text. There is no
/// standard; this follows what OpenSSH's scp sends and expects. Names are single names: one with
/// `/`, `.` or `..` is refused.
final class ScpCommand {
  private static final int MAX_LINE_BYTES = 4096;
  private static final int MAX_DEPTH = 64;
  private static final int BUFFER_BYTES = 32 << 10;
  private static final Pattern ENTRY = Pattern.compile("([CD])([0-7]{3,4}) ([0-9]{1,18}) (.+)");
  private static final Pattern TIMES =
      Pattern.compile("T([0-9]{1,12}) [0-9]+ ([0-9]{1,12}) [0-9]+");

  private final Invocation call;
  private final InputStream in;
  private final OutputStream out;
  private final boolean recursive;
  private final boolean times;
  private int status;

  private ScpCommand(Invocation call, Invocation.Options options) {
    this.call = call;
    this.in = call.streams().in();
    this.out = call.streams().out();
    this.recursive = options.has('r');
    this.times = options.has('p');
  }

  static void addTo(Map<String, Command> all) {
    all.put("scp", ScpCommand::run);
  }

  private static int run(Invocation call) throws IOException {
    var options = call.options("ftrpdvq");
    if (options == null || options.has('f') == options.has('t') || options.operands().isEmpty()) {
      return options == null ? 1 : call.fail("only the target's end of a copy works here");
    }
    ScpCommand scp = new ScpCommand(call, options);
    try {
      if (options.has('f')) {
        scp.send(options.operands());
      } else {
        scp.take(options.operands().getFirst(), options.has('d'));
      }
    } catch (EOFException e) {
      return 1;
    }
    return scp.status;
  }

  private void send(List<String> operands) throws IOException {
    expectAnswer();
    for (String operand : operands) {
      try {
        send(call.path(operand), 0);
      } catch (FileSystemException e) {
        refuse(operand + ": " + FileErrors.describe(e));
      }
    }
  }

  private void send(Path path, int depth) throws IOException {
    call.job().check();
    Path name = path.getFileName();
    if (Files.isDirectory(path) && (!recursive || depth >= MAX_DEPTH || name == null)) {
      refuse(path + ": not a regular file");
      return;
    }
    if (name == null || name.toString().indexOf('\n') >= 0) {
      refuse("a name cannot be sent");
      return;
    }
    if (Files.isDirectory(path)) {
      sendTimes(path);
      sendLine("D" + mode(path) + " 0 " + name);
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          send(child, depth + 1);
        }
      }
      sendLine("E");
    } else {
      sendFile(path, name);
    }
  }

  private void sendFile(Path path, Path name) throws IOException {
    try (InputStream file = call.shell().open(path)) {
      long size = Files.size(path);
      sendTimes(path);
      sendLine("C" + mode(path) + " " + size + " " + name);
      byte[] buffer = new byte[BUFFER_BYTES];
      long left = size;
      while (left > 0) {
        int length = file.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (length < 0) {
          // The file became shorter meanwhile; the size is promised.
          length = (int) Math.min(left, buffer.length);
          Arrays.fill(buffer, (byte) 0);
        }
        out.write(buffer, 0, length);
        left -= length;
      }
      out.write(0);
      expectAnswer();
    }
  }

  private void sendTimes(Path path) throws IOException {
    if (times) {
      long seconds = Files.getLastModifiedTime(path).toMillis() / 1000;
      sendLine("T" + seconds + " 0 " + seconds + " 0");
    }
  }

  private static String mode(Path path) throws IOException {
    return ModeBits.format(Files.getPosixFilePermissions(path));
  }

  private void sendLine(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    expectAnswer();
  }

  private void expectAnswer() throws IOException {
    out.flush();
    int answer = in.read();
    if (answer < 0) {
      throw new EOFException();
    }
    if (answer > 0) {
      readLine();
      status = 1;
      if (answer > 1) {
        throw new EOFException();
      }
    }
  }

  private void take(String target, boolean folderWanted) throws IOException {
    Path destination = call.path(target);
    if (folderWanted && !Files.isDirectory(destination)) {
      refuse(target + ": Not a directory");
      return;
    }
    accept();
    FileTime modified = null;
    Path folder = destination;
    int depth = 0;
    for (int first = in.read(); first >= 0; first = in.read()) {
      call.job().check();
      String line = (char) first + readLine();
      Matcher entry = ENTRY.matcher(line);
      Matcher stamps = TIMES.matcher(line);
      if (first == 1 || first == 2) {
        status = 1;
      } else if (line.equals("E") && depth > 0) {
        depth--;
        folder = parent(folder);
        accept();
      } else if (stamps.matches()) {
        modified = FileTime.fromMillis(Long.parseLong(stamps.group(1)) * 1000);
        accept();
      } else if (entry.matches() && entry.group(1).equals("C")) {
        takeFile(entry, folder, modified);
        modified = null;
      } else if (entry.matches() && recursive && depth < MAX_DEPTH) {
        folder = takeFolder(entry, folder);
        depth++;
        modified = null;
      } else {
        refuse("protocol error");
        return;
      }
    }
  }

  private static Path parent(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null) {
      throw new EOFException();
    }
    return parent;
  }

  private void takeFile(Matcher entry, Path folder, @Nullable FileTime modified)
      throws IOException {
    long size = Long.parseLong(entry.group(3));
    Path file = place(folder, entry.group(4));
    try (OutputStream out = call.shell().create(file, false)) {
      accept();
      receive(size, out);
    } catch (FileSystemException e) {
      // Before the file's bytes: the other side does not send them then.
      refuse(entry.group(4) + ": " + FileErrors.describe(e));
      return;
    } catch (NoRoom e) {
      answerOf(size, e.missing());
      refuse(entry.group(4) + ": No space left on device");
      return;
    }
    if (in.read() < 0) {
      throw new EOFException();
    }
    Files.setPosixFilePermissions(file, ModeBits.parse(entry.group(2)));
    if (times && modified != null) {
      Files.setLastModifiedTime(file, modified);
    }
    accept();
  }

  /// The file system is full; `missing` bytes of the file are still to come.
  private static final class NoRoom extends IOException {
    private final long missing;

    NoRoom(long missing, IOException cause) {
      super(cause);
      this.missing = missing;
    }

    long missing() {
      return missing;
    }
  }

  private void receive(long size, OutputStream file) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = size;
    while (left > 0) {
      call.job().check();
      int length = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (length < 0) {
        throw new EOFException();
      }
      left -= length;
      try {
        file.write(buffer, 0, length);
      } catch (IOException e) {
        throw new NoRoom(left, e);
      }
    }
  }

  /// Reads past what is left of a file that found no room, and the answer after it.
  private void answerOf(long size, long missing) throws IOException {
    long past = Math.min(size, missing) + 1;
    byte[] buffer = new byte[BUFFER_BYTES];
    while (past > 0) {
      int length = in.read(buffer, 0, (int) Math.min(past, buffer.length));
      if (length < 0) {
        throw new EOFException();
      }
      past -= length;
    }
  }

  private Path takeFolder(Matcher entry, Path folder) throws IOException {
    Path made = Files.isDirectory(folder) ? place(folder, entry.group(4)) : folder;
    if (!Files.isDirectory(made)) {
      call.shell().files().reserveEntry(made);
      Files.createDirectory(made);
      Files.setPosixFilePermissions(made, ModeBits.parse(entry.group(2)));
    }
    accept();
    return made;
  }

  /// Where a name goes: into the folder, or in its place if it is none.
  private static Path place(Path folder, String name) throws IOException {
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw new FileSystemException(name, null, "unexpected filename");
    }
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(folder)
        ? folder.resolve(name)
        : folder;
  }

  private void accept() throws IOException {
    out.write(0);
    out.flush();
  }

  private void refuse(String message) throws IOException {
    status = 1;
    out.write(("\u0001scp: " + message + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0 || line.size() >= MAX_LINE_BYTES) {
        throw new EOFException();
      }
      line.write(octet);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
