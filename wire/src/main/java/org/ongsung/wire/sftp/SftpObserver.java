package org.ongsung.wire.sftp;

import org.jspecify.annotations.Nullable;
import org.ongsung.wire.sftp.RequestTable.Kind;

/// Follows one SFTP channel from the bytes of both directions and tells its file operations.
///
/// Show it every byte, in order, cut anywhere, before it is passed on: client bytes to
/// [#fromClient], server bytes to [#fromServer], and [#end] once at the end. It keeps no reference
/// to the arrays. A READ, a WRITE and their answers make no object and their data is not looked at,
/// so a packet costs some tens of nanoseconds.
///
/// What it cannot follow it refuses with [SftpProtocolException], upon which the bytes just shown
/// must not be passed on and the channel must end: another version than 3, packets and names past
/// the limits, answers without requests, and requests on a handle that the server has not given
/// (yet): who guesses a handle could otherwise write to a file unrecorded. Only closing an unknown
/// handle passes, which sloppy clients do.
///
/// Not thread-safe; both directions belong on one thread.
public final class SftpObserver {
  private static final int VERSION_3 = 3;
  private static final int STATUS_OK = 0;

  private static final int INIT = 1;
  private static final int VERSION = 2;
  private static final int OPEN = 3;
  private static final int CLOSE = 4;
  private static final int READ = 5;
  private static final int WRITE = 6;
  private static final int LSTAT = 7;
  private static final int FSTAT = 8;
  private static final int SETSTAT = 9;
  private static final int FSETSTAT = 10;
  private static final int OPENDIR = 11;
  private static final int READDIR = 12;
  private static final int REMOVE = 13;
  private static final int MKDIR = 14;
  private static final int RMDIR = 15;
  private static final int REALPATH = 16;
  private static final int STAT = 17;
  private static final int RENAME = 18;
  private static final int READLINK = 19;
  private static final int SYMLINK = 20;
  private static final int STATUS = 101;
  private static final int HANDLE = 102;
  private static final int DATA = 103;
  private static final int NAME = 104;
  private static final int ATTRS = 105;
  private static final int EXTENDED = 200;
  private static final int EXTENDED_REPLY = 201;

  /// type, id, handle with its length, offset, data's length
  private static final int WRITE_HEAD_BYTES = 1 + 4 + 4 + SftpLimits.MAX_HANDLE_BYTES + 8 + 4;

  /// type, id, and the count of names or of data bytes
  private static final int COUNTED_HEAD_BYTES = 1 + 4 + 4;

  private final SftpLimits limits;
  private final SftpListener listener;
  private final PacketFramer client;
  private final PacketFramer server;
  private final PacketReader packet;
  private final RequestTable requests;
  private final HandleTable handles;
  private boolean initialised;
  private boolean versionAgreed;
  private boolean ended;
  private @Nullable String refusal;

  public SftpObserver(SftpLimits limits, SftpListener listener) {
    this.limits = limits;
    this.listener = listener;
    this.packet = new PacketReader(limits.maxNameBytes());
    this.requests = new RequestTable(limits.maxOutstandingRequests());
    this.handles = new HandleTable(limits.maxHandles());
    this.client = new PacketFramer(limits.maxPacketBytes(), new ClientHeads());
    this.server = new PacketFramer(limits.maxPacketBytes(), new ServerHeads());
  }

  /// Looks at bytes on their way from the client to the server.
  public void fromClient(byte[] bytes, int offset, int length) throws SftpProtocolException {
    feed(client, bytes, offset, length);
  }

  /// Looks at bytes on their way from the server to the client.
  public void fromServer(byte[] bytes, int offset, int length) throws SftpProtocolException {
    feed(server, bytes, offset, length);
  }

  private void feed(PacketFramer framer, byte[] bytes, int offset, int length)
      throws SftpProtocolException {
    if (refusal != null) {
      throw new SftpProtocolException(refusal);
    }
    try {
      framer.feed(bytes, offset, length);
    } catch (SftpProtocolException e) {
      refusal = e.getMessage();
      throw e;
    }
  }

  /// The channel is over: tells what was not answered and closes what is still open. Safe to call
  /// twice and after an exception.
  public void end() {
    if (ended) {
      return;
    }
    ended = true;
    requests.drain(
        (kind, subject) -> {
          switch (kind) {
            case OPEN, OPERATION ->
                listener.finished((SftpOperation) present(subject), SftpResult.NO_ANSWER);
            default -> {}
          }
        });
    handles.drain(handle -> listener.finished(handle.close(), SftpResult.NO_ANSWER));
  }

  private final class ClientHeads implements PacketFramer.Heads {
    @Override
    public int wanted(int type, int packetBytes) {
      return type == WRITE ? WRITE_HEAD_BYTES : 2 * limits.maxNameBytes() + 1024;
    }

    @Override
    public void head(byte[] bytes, int offset, int length, int packetBytes)
        throws SftpProtocolException {
      packet.reset(bytes, offset, length);
      int type = packet.uint8();
      int id = packet.uint32();
      if (type == INIT) {
        initialise();
      } else if (!versionAgreed) {
        throw new SftpProtocolException("an SFTP request came before the version was agreed");
      } else {
        request(type, id, packetBytes - length);
      }
    }
  }

  private void initialise() throws SftpProtocolException {
    if (initialised) {
      throw new SftpProtocolException("SFTP was started twice on one channel");
    }
    initialised = true;
  }

  private void request(int type, int id, int unseen) throws SftpProtocolException {
    switch (type) {
      case WRITE -> write(id, unseen);
      case READ -> requests.add(id, Kind.READ, knownHandle(), 0);
      case READDIR -> requests.add(id, Kind.READ_DIRECTORY, knownHandle(), 0);
      case CLOSE -> close(id);
      case OPEN -> open(id, new SftpOperation.Open(packet.name(), packet.uint32()));
      case OPENDIR -> open(id, new SftpOperation.OpenDirectory(packet.name()));
      case LSTAT, FSTAT, REALPATH, STAT, READLINK -> look(id);
      case REMOVE -> operation(id, new SftpOperation.Remove(packet.name()));
      case MKDIR -> operation(id, new SftpOperation.MakeDirectory(packet.name()));
      case RMDIR -> operation(id, new SftpOperation.RemoveDirectory(packet.name()));
      case RENAME -> operation(id, new SftpOperation.Rename(packet.name(), packet.name(), false));
      case SYMLINK -> operation(id, new SftpOperation.SymbolicLink(packet.name(), packet.name()));
      case SETSTAT -> operation(id, setAttributes(packet.name(), true));
      case FSETSTAT -> operation(id, setAttributes(knownHandle().path, true));
      case EXTENDED -> extended(id, packet.name(), packet.remaining() + unseen);
      default -> throw new SftpProtocolException("an SFTP request is of no kind in version 3");
    }
  }

  private void write(int id, int unseen) throws SftpProtocolException {
    OpenHandle handle = knownHandle();
    packet.uint64();
    int length = packet.uint32();
    if (length < 0 || length > packet.remaining() + unseen) {
      throw new SftpProtocolException("an SFTP packet is shorter than what it holds");
    }
    requests.add(id, Kind.WRITE, handle, length);
  }

  private void close(int id) throws SftpProtocolException {
    OpenHandle handle = packet.handle(handles);
    if (handle == null || handle.closing) {
      look(id);
      return;
    }
    requests.add(id, Kind.CLOSE, handle, 0);
    handle.closing = true;
  }

  private void extended(int id, String name, int arguments) throws SftpProtocolException {
    switch (name) {
      case "posix-rename@openssh.com" ->
          operation(id, new SftpOperation.Rename(packet.name(), packet.name(), true));
      case "hardlink@openssh.com" ->
          operation(id, new SftpOperation.HardLink(packet.name(), packet.name()));
      case "lsetstat@openssh.com" -> operation(id, setAttributes(packet.name(), false));
      case "copy-data" -> copyData(id);
      case "fsync@openssh.com",
          "statvfs@openssh.com",
          "fstatvfs@openssh.com",
          "limits@openssh.com",
          "expand-path@openssh.com",
          "home-directory",
          "users-groups-by-id@openssh.com" ->
          look(id);
      case "version-select" ->
          throw new SftpProtocolException("only SFTP version 3 can be recorded");
      default -> operation(id, new SftpOperation.UnknownExtension(name, arguments));
    }
  }

  private void copyData(int id) throws SftpProtocolException {
    String from = knownHandle().path;
    packet.uint64();
    long length = packet.uint64();
    operation(id, new SftpOperation.CopyData(from, knownHandle().path, length));
  }

  private SftpOperation setAttributes(String path, boolean followsLinks)
      throws SftpProtocolException {
    return new SftpOperation.SetAttributes(path, SftpAttributes.read(packet), followsLinks);
  }

  private OpenHandle knownHandle() throws SftpProtocolException {
    OpenHandle handle = packet.handle(handles);
    if (handle == null) {
      throw new SftpProtocolException("an SFTP request names a file that is not open");
    }
    return handle;
  }

  private void look(int id) throws SftpProtocolException {
    requests.add(id, Kind.LOOK, null, 0);
  }

  private void open(int id, SftpOperation operation) throws SftpProtocolException {
    requests.add(id, Kind.OPEN, operation, 0);
    listener.requested(operation);
  }

  private void operation(int id, SftpOperation operation) throws SftpProtocolException {
    requests.add(id, Kind.OPERATION, operation, 0);
    listener.requested(operation);
  }

  private final class ServerHeads implements PacketFramer.Heads {
    @Override
    public int wanted(int type, int packetBytes) {
      return switch (type) {
        case STATUS -> 1 + 4 + 4 + 4 + 4 * limits.maxMessageChars();
        case HANDLE -> 1 + 4 + 4 + SftpLimits.MAX_HANDLE_BYTES;
        default -> COUNTED_HEAD_BYTES;
      };
    }

    @Override
    public void head(byte[] bytes, int offset, int length, int packetBytes)
        throws SftpProtocolException {
      packet.reset(bytes, offset, length);
      int type = packet.uint8();
      int id = packet.uint32();
      if (type == VERSION) {
        version(id);
      } else {
        respond(type, id, packetBytes - length);
      }
    }
  }

  private void version(int version) throws SftpProtocolException {
    if (!initialised || versionAgreed) {
      throw new SftpProtocolException("the server answered a request that was not made");
    }
    if (version != VERSION_3) {
      throw new SftpProtocolException("only SFTP version 3 can be recorded");
    }
    versionAgreed = true;
  }

  private void respond(int type, int id, int unseen) throws SftpProtocolException {
    Kind kind = requests.find(id);
    switch (type) {
      case STATUS -> status(kind);
      case DATA -> data(kind, unseen);
      case HANDLE -> handle(kind);
      case NAME -> names(kind);
      case ATTRS -> expect(kind == Kind.LOOK);
      case EXTENDED_REPLY -> extendedReply(kind);
      default -> throw new SftpProtocolException("an SFTP answer is of no kind in version 3");
    }
    requests.removeFound();
  }

  private void status(Kind kind) throws SftpProtocolException {
    int code = packet.uint32();
    switch (kind) {
      case WRITE -> {
        if (code == STATUS_OK) {
          handleOfRequest().bytesWritten += requests.length();
        }
      }
      case CLOSE -> {
        OpenHandle handle = handleOfRequest();
        handles.remove(handle);
        listener.finished(handle.close(), result(code));
      }
      case OPEN -> {
        expect(code != STATUS_OK);
        listener.finished(operationOfRequest(), result(code));
      }
      case OPERATION -> listener.finished(operationOfRequest(), result(code));
      default -> {}
    }
  }

  private SftpResult result(int code) throws SftpProtocolException {
    return code == STATUS_OK
        ? SftpResult.SUCCESS
        : new SftpResult(code, packet.message(limits.maxMessageChars()));
  }

  private void data(Kind kind, int unseen) throws SftpProtocolException {
    expect(kind == Kind.READ);
    int length = packet.uint32();
    if (length < 0 || length > packet.remaining() + unseen) {
      throw new SftpProtocolException("an SFTP packet is shorter than what it holds");
    }
    handleOfRequest().bytesRead += length;
  }

  private void handle(Kind kind) throws SftpProtocolException {
    expect(kind == Kind.OPEN);
    SftpOperation operation = operationOfRequest();
    byte[] id = packet.handleBytes();
    handles.add(
        switch (operation) {
          case SftpOperation.Open open -> new OpenHandle(id, open.path(), false);
          case SftpOperation.OpenDirectory open -> new OpenHandle(id, open.path(), true);
          default -> throw new IllegalStateException("only opening gives a handle");
        });
    listener.finished(operation, SftpResult.SUCCESS);
  }

  private void names(Kind kind) throws SftpProtocolException {
    expect(kind == Kind.READ_DIRECTORY || kind == Kind.LOOK);
    if (kind == Kind.READ_DIRECTORY) {
      handleOfRequest().entries += Integer.toUnsignedLong(packet.uint32());
    }
  }

  private void extendedReply(Kind kind) throws SftpProtocolException {
    expect(kind == Kind.LOOK || kind == Kind.OPERATION);
    if (kind == Kind.OPERATION) {
      listener.finished(operationOfRequest(), SftpResult.SUCCESS);
    }
  }

  private OpenHandle handleOfRequest() {
    return (OpenHandle) present(requests.subject());
  }

  private SftpOperation operationOfRequest() {
    return (SftpOperation) present(requests.subject());
  }

  private static Object present(@Nullable Object subject) {
    if (subject == null) {
      throw new IllegalStateException("a request of this kind has a subject");
    }
    return subject;
  }

  private static void expect(boolean fits) throws SftpProtocolException {
    if (!fits) {
      throw new SftpProtocolException("an SFTP answer does not fit its request");
    }
  }
}
