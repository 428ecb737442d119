package org.ongsung.protocols.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.OpenSession;
import org.ongsung.gateway.files.FileEntry;
import org.ongsung.gateway.files.FileLimits;
import org.ongsung.gateway.files.FileListing;
import org.ongsung.gateway.files.FilePath;
import org.ongsung.gateway.files.FileRefusedException;
import org.ongsung.gateway.files.FileUpstream;
import org.ongsung.model.ChannelKind;
import org.ongsung.recording.RecordUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of an SSH target by SFTP version 3 (draft-ietf-secsh-filexfer-02), for fronts that do
/// not speak SSH: one connection with one `sftp` channel, recorded as any other.
final class SshFiles implements FileUpstream {
  private static final int OPEN = 3;
  private static final int CLOSE = 4;
  private static final int READ = 5;
  private static final int WRITE = 6;
  private static final int LSTAT = 7;
  private static final int FSETSTAT = 10;
  private static final int OPENDIR = 11;
  private static final int READDIR = 12;
  private static final int REMOVE = 13;
  private static final int MKDIR = 14;
  private static final int RMDIR = 15;
  private static final int REALPATH = 16;
  private static final int STAT = 17;
  private static final int RENAME = 18;
  private static final int STATUS = 101;
  private static final int HANDLE = 102;
  private static final int DATA = 103;
  private static final int NAME = 104;
  private static final int ATTRS = 105;
  private static final int EXTENDED = 200;
  private static final int EXTENDED_REPLY = 201;

  /// OpenSSH's PROTOCOL, sections 4.3 and 4.4.
  private static final String POSIX_RENAME = "posix-rename@openssh.com";

  private static final String FILE_SYSTEM = "statvfs@openssh.com";

  private static final int STATUS_OK = 0;
  private static final int STATUS_EOF = 1;

  private static final int FLAG_READ = 0x1;
  private static final int FLAG_WRITE = 0x2;
  private static final int FLAG_CREATE = 0x8;
  private static final int FLAG_EXCLUSIVE = 0x20;

  private static final int ATTR_SIZE = 0x1;
  private static final int ATTR_OWNER = 0x2;
  private static final int ATTR_PERMISSIONS = 0x4;
  private static final int ATTR_TIMES = 0x8;
  private static final int ATTR_EXTENDED = 0x8000_0000;

  /// What every server takes and gives at once (draft-ietf-secsh-filexfer-02 section 3).
  private static final int PIECE_BYTES = 32_768;

  private static final int MAX_HANDLE_BYTES = 256;

  private static final Logger LOG = LoggerFactory.getLogger(SshFiles.class);

  private final SshSftp sftp;
  private final FileLimits limits;

  private SshFiles(SshSftp sftp, FileLimits limits) {
    this.sftp = sftp;
    this.limits = limits;
  }

  /// Connects, logs in, opens the record of the channel, and starts SFTP.
  static SshFiles dial(
      SshUpstream upstream, OpenSession record, SshLimits limits, FileLimits fileLimits)
      throws SshUpstream.DialException, InterruptedException {
    SshTerminal channel = SshTerminal.dialWithoutShell(upstream, record, limits);
    SshFileTap tap = null;
    boolean started = false;
    try {
      tap = new SshFileTap(record.openChannel(ChannelKind.SFTP, "", null));
      if (!channel.startSubsystem("sftp")) {
        throw refused(record, "no sftp");
      }
      SshSftp sftp = new SshSftp(channel, tap, fileLimits);
      sftp.start();
      started = true;
      return new SshFiles(sftp, fileLimits);
    } catch (RecordUnavailableException e) {
      throw new SshUpstream.DialException(
          SshErrors.RECORD_UNAVAILABLE.with(record.id()), "no record for its channel");
    } catch (IOException | BufferException e) {
      throw refused(record, e.toString());
    } finally {
      if (!started) {
        channel.close();
        if (tap != null) {
          tap.close();
        }
      }
    }
  }

  private static SshUpstream.DialException refused(OpenSession record, String cause) {
    return new SshUpstream.DialException(
        SshErrors.PROGRAM_REFUSED.with(record.grant().target().name(), record.id()), cause);
  }

  // Requests.

  private SshSftp.Answer ask(int type, Consumer<Buffer> fill) throws IOException {
    return sftp.await(sftp.ask(type, fill));
  }

  private static Consumer<Buffer> path(FilePath path) {
    return out -> out.putBytes(path.bytes());
  }

  /// What is wanted of an answer of that type; a status instead is a refusal.
  private static Buffer expect(SshSftp.Answer answer, int type) throws IOException {
    if (answer.type() == STATUS && type != STATUS) {
      throw refusal(answer.body().getInt());
    }
    if (answer.type() != type) {
      throw new IOException("an SFTP answer does not fit its request");
    }
    return answer.body();
  }

  private static void expectDone(SshSftp.Answer answer) throws IOException {
    int code = expect(answer, STATUS).getInt();
    if (code != STATUS_OK) {
      throw refusal(code);
    }
  }

  private static FileRefusedException refusal(int code) {
    return new FileRefusedException(
        switch (code) {
          case 2, 10 -> FileRefusedException.Reason.MISSING;
          case 3 -> FileRefusedException.Reason.DENIED;
          // What OpenSSH makes of ENAMETOOLONG and EINVAL, and what later versions have for it.
          case 5, 20 -> FileRefusedException.Reason.NAME;
          case 8 -> FileRefusedException.Reason.UNSUPPORTED;
          case 11 -> FileRefusedException.Reason.EXISTS;
          case 14, 15 -> FileRefusedException.Reason.NO_SPACE;
          default -> FileRefusedException.Reason.FAILED;
        });
  }

  private interface Step<T> {
    T take() throws IOException;
  }

  /// A broken packet is a broken connection.
  private <T> T reading(Step<T> step) throws IOException {
    try {
      return step.take();
    } catch (BufferException | IllegalArgumentException e) {
      sftp.close();
      throw new IOException("an SFTP answer cannot be read", e);
    }
  }

  private byte[] handle(SshSftp.Answer answer) throws IOException {
    return reading(
        () -> {
          byte[] handle = expect(answer, HANDLE).getBytes();
          if (handle.length > MAX_HANDLE_BYTES) {
            throw new IllegalArgumentException("a handle is longer than 256 bytes");
          }
          return handle;
        });
  }

  private static FileEntry entry(FilePath path, Buffer in) {
    int flags = in.getInt();
    long size = -1;
    int mode = -1;
    Instant modified = null;
    if ((flags & ATTR_SIZE) != 0) {
      size = in.getLong();
    }
    if ((flags & ATTR_OWNER) != 0) {
      in.getInt();
      in.getInt();
    }
    if ((flags & ATTR_PERMISSIONS) != 0) {
      mode = in.getInt() & 0xFFFF;
    }
    if ((flags & ATTR_TIMES) != 0) {
      in.getInt();
      modified = Instant.ofEpochSecond(in.getUInt());
    }
    if ((flags & ATTR_EXTENDED) != 0) {
      for (long left = in.getUInt(); left > 0; left--) {
        in.getBytes();
        in.getBytes();
      }
    }
    return new FileEntry(path, FileEntry.Kind.of(mode), size, modified, mode);
  }

  @Override
  public FilePath home() throws IOException {
    SshSftp.Answer answer = ask(REALPATH, out -> out.putString("."));
    return reading(
        () -> {
          Buffer in = expect(answer, NAME);
          if (in.getInt() != 1) {
            throw new IllegalArgumentException("one path was asked for");
          }
          return FilePath.of(in.getBytes());
        });
  }

  @Override
  public FileEntry look(FilePath path) throws IOException {
    SshSftp.Answer answer = ask(STAT, path(path));
    return reading(() -> entry(path, expect(answer, ATTRS)));
  }

  @Override
  public FileEntry lookAt(FilePath path) throws IOException {
    SshSftp.Answer answer = ask(LSTAT, path(path));
    return reading(() -> entry(path, expect(answer, ATTRS)));
  }

  @Override
  public FileListing list(FilePath folder, int most) throws IOException {
    byte[] handle = handle(ask(OPENDIR, path(folder)));
    List<FileEntry> entries = new ArrayList<>();
    try {
      int seen = 0; // of names, also of those that no path can hold
      while (seen <= most) {
        SshSftp.Answer answer = ask(READDIR, out -> out.putBytes(handle));
        if (answer.type() == STATUS) {
          int code = answer.body().getInt();
          if (code != STATUS_EOF) {
            throw refusal(code);
          }
          return new FileListing(entries, false);
        }
        seen += reading(() -> names(folder, expect(answer, NAME), entries));
      }
      return new FileListing(entries.subList(0, Math.min(most, entries.size())), true);
    } finally {
      close(handle);
    }
  }

  private static int names(FilePath folder, Buffer in, List<FileEntry> entries) {
    int count = in.getInt();
    if (count < 1) {
      throw new IllegalArgumentException("a list of no names"); // again and again, without an end
    }
    for (int left = count; left > 0; left--) {
      byte[] name = in.getBytes();
      in.getBytes(); // the long name is for people's eyes alone
      // A name with a slash would lead elsewhere than where it stands.
      boolean fits = FilePath.isName(name) && name.length + 1 < FilePath.MAX_BYTES;
      FilePath path = fits ? childOrNull(folder, name) : null;
      FileEntry entry = entry(path == null ? folder : path, in);
      if (path != null) {
        entries.add(entry);
      }
    }
    return count;
  }

  private static @Nullable FilePath childOrNull(FilePath folder, byte[] name) {
    try {
      return folder.child(name);
    } catch (IllegalArgumentException e) {
      return null; // too long to be asked for again
    }
  }

  private void close(byte[] handle) throws IOException {
    var _ = sftp.ask(CLOSE, out -> out.putBytes(handle));
  }

  private byte[] open(FilePath file, int flags, int permissions) throws IOException {
    return handle(
        ask(
            OPEN,
            out -> {
              out.putBytes(file.bytes());
              out.putInt(flags);
              putPermissions(out, permissions);
            }));
  }

  private static void putPermissions(Buffer out, int permissions) {
    out.putInt(permissions < 0 ? 0 : ATTR_PERMISSIONS);
    if (permissions >= 0) {
      out.putInt(permissions);
    }
  }

  @Override
  public InputStream read(FilePath file) throws IOException {
    return new Reading(open(file, FLAG_READ, -1));
  }

  @Override
  public OutputStream create(FilePath file, int permissions) throws IOException {
    int flags = FLAG_WRITE | FLAG_CREATE | FLAG_EXCLUSIVE;
    return new Writing(file, open(file, flags, permissions), permissions);
  }

  @Override
  public boolean replaces() {
    return sftp.offers(POSIX_RENAME);
  }

  @Override
  public void replace(FilePath from, FilePath to) throws IOException {
    expectDone(
        ask(
            EXTENDED,
            out -> {
              out.putString(POSIX_RENAME);
              out.putBytes(from.bytes());
              out.putBytes(to.bytes());
            }));
  }

  /// What a target refused to write, told more exactly where its disk is full: version 3 has no
  /// code for that.
  private FileRefusedException whyNotWritten(FilePath file, FileRefusedException refused)
      throws IOException {
    if (refused.reason() != FileRefusedException.Reason.FAILED || !sftp.offers(FILE_SYSTEM)) {
      return refused;
    }
    SshSftp.Answer answer =
        ask(
            EXTENDED,
            out -> {
              out.putString(FILE_SYSTEM);
              out.putBytes(file.parent().bytes());
            });
    return answer.type() == EXTENDED_REPLY && reading(() -> isFull(answer.body()))
        ? new FileRefusedException(FileRefusedException.Reason.NO_SPACE)
        : refused;
  }

  private static boolean isFull(Buffer in) {
    in.getLong(); // the block size
    long unit = in.getLong();
    in.getLong(); // blocks
    in.getLong(); // free blocks
    long available = in.getLong();
    // A product of a target's numbers may not fit; a quotient does.
    return available == 0 || (unit > 0 && available > 0 && available < PIECE_BYTES / unit);
  }

  @Override
  public void makeFolder(FilePath folder) throws IOException {
    expectDone(
        ask(
            MKDIR,
            out -> {
              out.putBytes(folder.bytes());
              out.putInt(0);
            }));
  }

  @Override
  public void rename(FilePath from, FilePath to) throws IOException {
    expectDone(
        ask(
            RENAME,
            out -> {
              out.putBytes(from.bytes());
              out.putBytes(to.bytes());
            }));
  }

  @Override
  public void removeFile(FilePath file) throws IOException {
    expectDone(ask(REMOVE, path(file)));
  }

  @Override
  public void removeFolder(FilePath folder) throws IOException {
    expectDone(ask(RMDIR, path(folder)));
  }

  @Override
  public void onClosed(Runnable listener) {
    sftp.onClosed(listener);
  }

  @Override
  public void close() {
    sftp.close();
  }

  /// A piece of a file that was asked for.
  private record Piece(long offset, int length, CompletableFuture<SshSftp.Answer> answer) {}

  /// A file that is read: asks ahead, and gives in order.
  private final class Reading extends InputStream {
    private final byte[] handle;
    private final ArrayDeque<Piece> asked = new ArrayDeque<>();
    private byte[] piece = new byte[0];
    private int at;
    private long next;
    private boolean ended;
    private boolean open = true;

    Reading(byte[] handle) {
      this.handle = handle;
    }

    @Override
    public int read() throws IOException {
      return fill() ? piece[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int taken = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, into, offset, taken);
      at += taken;
      return taken;
    }

    private boolean fill() throws IOException {
      while (at == piece.length) {
        if (ended) {
          return false;
        }
        while (asked.size() < limits.pipeline()) {
          asked.add(request(next, PIECE_BYTES));
          next += PIECE_BYTES;
        }
        take(asked.remove());
      }
      return true;
    }

    private Piece request(long offset, int length) throws IOException {
      return new Piece(
          offset,
          length,
          sftp.ask(
              READ,
              out -> {
                out.putBytes(handle);
                out.putLong(offset);
                out.putInt(length);
              }));
    }

    private void take(Piece first) throws IOException {
      SshSftp.Answer answer = sftp.await(first.answer());
      if (answer.type() == STATUS) {
        int code = answer.body().getInt();
        if (code != STATUS_EOF) {
          throw refusal(code);
        }
        ended = true;
        return;
      }
      byte[] bytes = reading(() -> expect(answer, DATA).getBytes());
      if (bytes.length == 0 || bytes.length > first.length()) {
        sftp.close();
        throw new IOException("an SFTP answer does not fit its request");
      }
      if (bytes.length < first.length()) {
        asked.addFirst(request(first.offset() + bytes.length, first.length() - bytes.length));
      }
      piece = bytes;
      at = 0;
    }

    @Override
    public void close() throws IOException {
      if (open) {
        open = false;
        SshFiles.this.close(handle);
      }
    }
  }

  /// A file that is written: sends ahead, and lets nothing go unconfirmed.
  private final class Writing extends OutputStream {
    private final FilePath file;
    private final byte[] handle;
    private final int permissions;
    private final ArrayDeque<CompletableFuture<SshSftp.Answer>> sent = new ArrayDeque<>();
    private final byte[] piece = new byte[PIECE_BYTES];
    private int filled;
    private long offset;
    private boolean open = true;
    private boolean refused;

    Writing(FilePath file, byte[] handle, int permissions) {
      this.file = file;
      this.handle = handle;
      this.permissions = permissions;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int at = 0; at < length; ) {
        int taken = Math.min(length - at, PIECE_BYTES - filled);
        System.arraycopy(bytes, from + at, piece, filled, taken);
        filled += taken;
        at += taken;
        if (filled == PIECE_BYTES) {
          send();
        }
      }
    }

    private void send() throws IOException {
      if (sent.size() >= limits.pipeline()) {
        written(sent.remove());
      }
      long start = offset;
      int length = filled;
      sent.add(
          sftp.ask(
              WRITE,
              out -> {
                out.putBytes(handle);
                out.putLong(start);
                out.putInt(length);
                out.putRawBytes(piece, 0, length);
              }));
      offset += length;
      filled = 0;
    }

    @Override
    public void close() throws IOException {
      if (!open) {
        return;
      }
      open = false;
      boolean finished = false;
      try {
        finish();
        finished = true;
      } finally {
        if (!finished) {
          closeUnheard();
        }
      }
      expectDone(ask(CLOSE, out -> out.putBytes(handle)));
    }

    /// Why it is not finished is what counts.
    private void closeUnheard() {
      try {
        SshFiles.this.close(handle);
      } catch (IOException e) {
        LOG.debug("a file was not closed", e);
      }
    }

    private void finish() throws IOException {
      if (refused) {
        return; // whoever writes knows, and no more of it is wanted
      }
      if (filled > 0) {
        send();
      }
      while (!sent.isEmpty()) {
        written(sent.remove());
      }
      if (permissions >= 0) {
        keepPermissions();
      }
    }

    private void written(CompletableFuture<SshSftp.Answer> asked) throws IOException {
      SshSftp.Answer answer = sftp.await(asked);
      try {
        expectDone(answer);
      } catch (FileRefusedException e) {
        refused = true;
        throw whyNotWritten(file, e);
      }
    }

    /// What the account's umask took from the file when it was made.
    private void keepPermissions() throws IOException {
      SshSftp.Answer answer =
          ask(
              FSETSTAT,
              out -> {
                out.putBytes(handle);
                putPermissions(out, permissions);
              });
      expect(answer, STATUS); // a target that does not let the account set them has its reason
    }
  }
}
