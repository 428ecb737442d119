package org.ongsung.server.running;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service manager that has started this process, told of its state: systemd's protocol of
/// `sd_notify(3)`, which is one datagram per message to the Unix-domain socket that `NOTIFY_SOCKET`
/// names. Java knows such sockets for streams only, so the datagram goes through libc.
///
/// Without `NOTIFY_SOCKET` there is nobody to tell. A message that cannot be sent is logged: no
/// gateway stops because of it, but a unit of type `notify` then waits in vain and says so.
public final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final String SOCKET = "NOTIFY_SOCKET";
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

  /// `sun_path` of `sockaddr_un`, without the closing NUL.
  private static final int LONGEST_PATH_BYTES = 107;

  private final Optional<String> socket;

  private Supervisor(Optional<String> socket) {
    this.socket = socket;
  }

  /// The one that the environment names, if it names one.
  public static Supervisor of(Map<String, String> environment) {
    return new Supervisor(
        Optional.ofNullable(environment.get(SOCKET))
            .filter(path -> path.startsWith("/") || path.startsWith("@")));
  }

  /// The gateway listens.
  public void ready() {
    tell("READY=1");
  }

  /// The gateway ends its sessions and then itself.
  public void stopping() {
    tell("STOPPING=1");
  }

  private void tell(String message) {
    if (socket.isEmpty()) {
      return;
    }
    try {
      send(socket.get(), message.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.warn("the service manager could not be told {}: {}", message, e.getMessage());
    }
  }

  private static void send(String path, byte[] message) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length > LONGEST_PATH_BYTES) {
      throw new IOException(SOCKET + " is longer than " + LONGEST_PATH_BYTES + " bytes");
    }
    if (name[0] == '@') {
      name[0] = 0; // a name of Linux's own, that is no file
    }
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) socket(linker).invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      if (descriptor < 0) {
        throw new IOException("no socket");
      }
      try {
        MemorySegment address = arena.allocate(Short.BYTES + LONGEST_PATH_BYTES + 1L, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, Short.BYTES, name.length);
        long sent =
            (long)
                sendTo(linker)
                    .invokeExact(
                        descriptor,
                        arena.allocateFrom(JAVA_BYTE, message),
                        (long) message.length,
                        0,
                        address,
                        Short.BYTES + name.length);
        if (sent != message.length) {
          throw new IOException("nobody takes it at " + path);
        }
      } finally {
        int closed = (int) close(linker).invokeExact(descriptor);
        LOG.trace("closed: {}", closed);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  private static MethodHandle socket(Linker linker) {
    return function(
        linker, "socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  }

  private static MethodHandle sendTo(Linker linker) {
    return function(
        linker,
        "sendto",
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  }

  private static MethodHandle close(Linker linker) {
    return function(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

  @SuppressWarnings("restricted") // the shapes above are those of libc; native access is enabled
  private static MethodHandle function(Linker linker, String name, FunctionDescriptor shape) {
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
  }
}
