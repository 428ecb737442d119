package org.ongsung.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A real OpenSSH server on a free loopback port, run as the current account and for it alone.
///
/// It takes public keys only: with `UsePAM no` a password would be looked up in /etc/shadow.
/// Forwarding of every kind is allowed, the SFTP subsystem is Debian's `sftp-server`. All its files
/// are in a temporary folder.
public final class OpenSshServer implements AutoCloseable {
  /// The command of Debian's SFTP server.
  public static final String SFTP = "/usr/lib/openssh/sftp-server";

  private static final int PORT_ATTEMPTS = 5;

  private final Builder options;
  private final Path folder;
  private final SshKey clientKey;
  private final Map<String, SshKey> hostKeys = new LinkedHashMap<>();
  private int port;
  private @Nullable RunningProgram server;

  private OpenSshServer(Builder options) {
    this.options = options;
    this.folder = Folders.temporary("ongsung-sshd");
    this.clientKey = SshKey.generate(folder, "ed25519");
    for (String type : options.hostKeyTypes) {
      hostKeys.put(type, SshKey.generate(folder.resolve("host_" + type), type, "host"));
    }
  }

  /// What a server is to be like.
  public static final class Builder {
    private List<String> hostKeyTypes = List.of("ed25519", "ecdsa", "rsa");
    private final List<String> authorizedKeys = new ArrayList<>();
    private final List<String> configuration = new ArrayList<>();
    private String sftp = SFTP;

    private Builder() {}

    /// Host keys of these of OpenSSH's type names; without, all of `ed25519`, `ecdsa`, `rsa`.
    public Builder hostKeys(String... types) {
      hostKeyTypes = List.of(types);
      return this;
    }

    /// Lets in one more key besides [OpenSshServer#clientKey]; options may stand before it.
    public Builder authorize(String publicLine) {
      authorizedKeys.add(publicLine);
      return this;
    }

    /// A line of `sshd_config`; it goes before the others and so wins over them.
    public Builder configure(String line) {
      configuration.add(line);
      return this;
    }

    /// Another command in the place of its SFTP server's.
    public Builder sftp(String command) {
      sftp = command;
      return this;
    }

    /// Starts it.
    public OpenSshServer start() {
      OpenSshServer server = new OpenSshServer(this);
      try {
        server.start();
        return server;
      } catch (IOException e) {
        server.close();
        throw new UncheckedIOException(e);
      } catch (RuntimeException | Error e) {
        server.close();
        throw e;
      }
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  public int port() {
    return port;
  }

  /// `127.0.0.1:PORT`
  public String address() {
    return "127.0.0.1:" + port;
  }

  /// The only account that can log in.
  public String user() {
    return System.getProperty("user.name");
  }

  /// A key that it lets in.
  public SshKey clientKey() {
    return clientKey;
  }

  /// The public line of its host key of OpenSSH's type name.
  public String hostKey(String type) {
    SshKey key = hostKeys.get(type);
    if (key == null) {
      throw new IllegalArgumentException("this server has no host key of type " + type);
    }
    return key.publicLine();
  }

  /// The public lines of all its host keys.
  public List<String> hostKeys() {
    return hostKeys.values().stream().map(SshKey::publicLine).toList();
  }

  /// A folder of its own for what a test puts on the target; deleted with it.
  public Path folder() {
    return folder;
  }

  /// What it has logged since its last start.
  public String log() {
    return server == null ? "" : server.stderr();
  }

  /// Its process, to signal it.
  public RunningProgram process() {
    RunningProgram running = server;
    if (running == null) {
      throw new IllegalStateException("this server is stopped");
    }
    return running;
  }

  /// Stops listening; sessions that are open go on.
  public void stopListening() {
    RunningProgram running = server;
    if (running != null) {
      running.close();
      server = null;
    }
  }

  /// Replaces its host keys with new ones and starts it again, on the same port.
  public void changeHostKeys() {
    stopListening();
    for (String type : options.hostKeyTypes) {
      Path file = folder.resolve("host_" + type);
      try {
        Files.delete(file);
        Files.delete(Path.of(file + ".pub"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      hostKeys.put(type, SshKey.generate(file, type, "host"));
    }
    startAgain();
  }

  /// Starts it again after [#stopListening], on the same port.
  public void startAgain() {
    try {
      server = launch(port).awaitOutput("Server listening on", Deadlines.SERVICE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stops it and all that it started, and deletes its files.
  @Override
  public void close() {
    RunningProgram running = server;
    if (running != null) {
      ProcessHandle.of(running.pid())
          .ifPresent(sshd -> sshd.descendants().forEach(ProcessHandle::destroy));
    }
    stopListening();
    Folders.delete(folder);
  }

  private void start() throws IOException {
    Path authorized = folder.resolve("authorized_keys");
    List<String> lines = new ArrayList<>(options.authorizedKeys);
    lines.add(clientKey.publicLine());
    Files.write(authorized, lines);
    makePrivilegeSeparationFolder();
    for (int attempt = 1; ; attempt++) {
      int free = Ports.free();
      RunningProgram launched = launch(free);
      try {
        server = launched.awaitOutput("Server listening on", Deadlines.SERVICE);
        port = free;
        return;
      } catch (AssertionError e) {
        launched.close();
        if (attempt == PORT_ATTEMPTS || !launched.stderr().contains("Address already in use")) {
          throw e;
        }
      }
    }
  }

  private RunningProgram launch(int onPort) throws IOException {
    List<String> lines = new ArrayList<>(options.configuration);
    lines.add("ListenAddress 127.0.0.1:" + onPort);
    hostKeys.values().forEach(key -> lines.add("HostKey " + key.privateKeyFile()));
    lines.add("AuthorizedKeysFile " + folder.resolve("authorized_keys"));
    lines.addAll(
        List.of(
            "PidFile none",
            "UsePAM no",
            "StrictModes no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "PermitRootLogin yes",
            "UseDNS no",
            "LogLevel VERBOSE",
            "MaxStartups 1000",
            "MaxSessions 1000",
            "X11Forwarding yes",
            "PermitTunnel no",
            "PrintMotd no",
            "PrintLastLog no",
            "AcceptEnv LANG LC_*",
            "Subsystem sftp " + options.sftp));
    Path config = Files.write(folder.resolve("sshd_config"), lines);
    // sshd starts itself again for every connection and so needs its absolute path.
    return Program.of("/usr/sbin/sshd", "-D", "-e", "-f", config.toString()).start();
  }

  private static void makePrivilegeSeparationFolder() throws IOException {
    Path empty = Path.of("/run/sshd");
    if (System.getProperty("user.name").equals("root") && !Files.isDirectory(empty)) {
      Files.createDirectories(
          empty,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
  }
}
