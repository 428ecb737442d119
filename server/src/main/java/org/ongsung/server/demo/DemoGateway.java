package org.ongsung.server.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.ongsung.directory.Actor;
import org.ongsung.directory.access.AccessDocument;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessFileReader;
import org.ongsung.practice.PracticeOptions;
import org.ongsung.practice.PracticeTarget;
import org.ongsung.server.configuration.Configuration;
import org.ongsung.server.configuration.ConfigurationException;
import org.ongsung.server.configuration.ConfigurationReader;
import org.ongsung.server.configuration.ListenAddress;
import org.ongsung.server.configuration.LogLevel;
import org.ongsung.server.data.DataFolder;
import org.ongsung.server.data.StartFailure;
import org.ongsung.server.running.OngsungServer;

/// A whole gateway in a throw-away folder on the loopback address, a practice target behind it, and
/// somebody who may use it. Closing it removes everything.
public final class DemoGateway implements AutoCloseable {
  private static final String USER = "alice";
  private static final String ADMIN = "admin";
  private static final String TARGET = "practice";
  private static final String ACCOUNT = "demo";
  private static final int SSH_PORT = 2222;
  private static final int HTTP_PORT = 8022;
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

  private final Path folder;
  private final PracticeTarget practice;
  private final OngsungServer server;
  private final DemoKey key;
  private final Path knownHosts;
  private final String userPassword;
  private final String adminPassword;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Starts it all; everything listens when this returns.
  ///
  /// @param usualPorts whether to take the usual ports when they are free
  /// @throws StartFailure when it cannot, with nothing left behind
  public static DemoGateway start(boolean usualPorts, LogLevel logLevel) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("ongsung-demo-", DataFolder.FOLDER_MODE);
      return new DemoGateway(folder, usualPorts, logLevel);
    } catch (IOException | RuntimeException e) {
      if (folder != null) {
        removeQuietly(folder);
      }
      if (e instanceof IOException io) {
        throw new StartFailure("the demo cannot start: " + StartFailure.cause(io), "", io);
      }
      throw (RuntimeException) e;
    }
  }

  private DemoGateway(Path folder, boolean usualPorts, LogLevel logLevel) throws IOException {
    this.folder = folder;
    String targetPassword = password(24);
    practice = PracticeTarget.start(PracticeOptions.withPassword(ACCOUNT, targetPassword));
    try {
      key = DemoKey.create(folder.resolve("demo_key"));
      server = OngsungServer.start(configuration(folder, usualPorts, logLevel), Clock.systemUTC());
    } catch (IOException | RuntimeException e) {
      practice.close();
      throw e;
    }
    try {
      userPassword = password(12);
      adminPassword =
          Files.readString(folder.resolve("data").resolve(OngsungServer.ADMIN_PASSWORD)).strip();
      server.access().apply(Actor.SYSTEM, access(targetPassword), false);
      knownHosts = folder.resolve("known_hosts");
      Files.writeString(knownHosts, knownHostsLine());
    } catch (IOException | RuntimeException e) {
      server.close();
      practice.close();
      throw e;
    }
  }

  /// Written down as for `serve`, so that other commands find the demo by its `--config`.
  private static Configuration configuration(Path folder, boolean usualPorts, LogLevel logLevel)
      throws IOException {
    Path file = folder.resolve("ongsung.yaml");
    Files.writeString(
        file,
        """
        data: data
        listen:
          ssh: %s
          telnet: 127.0.0.1:0
          http: %s
        drain: 0s
        recording: {freeSpace: 64MiB}
        log: {level: %s}
        """
            .formatted(
                loopback(usualPorts ? SSH_PORT : 0),
                loopback(usualPorts ? HTTP_PORT : 0),
                logLevel.name().toLowerCase(Locale.ROOT)));
    try {
      return ConfigurationReader.read(Optional.of(file), Map.of(), folder);
    } catch (ConfigurationException e) {
      throw new IllegalStateException("the demo's configuration is wrong", e);
    }
  }

  private static ListenAddress loopback(int port) throws IOException {
    ListenAddress wanted = new ListenAddress("127.0.0.1", port);
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getByName(wanted.host()))) {
      return wanted;
    } catch (IOException e) {
      return wanted.withPort(0);
    }
  }

  private AccessDocument access(String targetPassword) throws IOException {
    String yaml =
        """
        users:
          - name: %s
            title: 김앨리스
            roles: [user]
            password: {plain: "%s"}
            publicKeys: ["%s"]
        targets:
          - name: %s
            title: 연습용 서버
            protocol: ssh
            address: 127.0.0.1:%d
            labels: {env: demo}
            hostKeys: ["%s"]
            accounts:
              - name: %s
                password: {plain: "%s"}
        grants:
          - name: demo
            who: {users: [%s]}
            where: {labels: {env: demo}}
            as: [%s]
            may: [shell, exec, sftp]
        """
            .formatted(
                USER,
                userPassword,
                key.publicLine(),
                TARGET,
                practice.port(),
                practice.hostKeyLine(),
                ACCOUNT,
                targetPassword,
                USER,
                ACCOUNT);
    try {
      return AccessFileReader.read("demo", yaml.getBytes(StandardCharsets.UTF_8), folder);
    } catch (AccessDocumentException e) {
      throw new IllegalStateException("the demo's access file is wrong", e);
    }
  }

  private String knownHostsLine() throws IOException {
    String hostKey = Files.readString(folder.resolve("data/ssh_host_ed25519_key.pub")).strip();
    return "[" + server.ssh().host() + "]:" + server.ssh().port() + " " + hostKey + "\n";
  }

  private static String password(int characters) {
    SecureRandom random = new SecureRandom();
    StringBuilder password = new StringBuilder(characters);
    for (int i = 0; i < characters; i++) {
      password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return password.toString();
  }

  /// The console's address.
  public URI console() {
    return server.consoleUrl();
  }

  /// Where SSH clients connect.
  public ListenAddress ssh() {
    return server.ssh();
  }

  /// The person's name.
  public String user() {
    return USER;
  }

  public String userPassword() {
    return userPassword;
  }

  /// The administrator's name.
  public String admin() {
    return ADMIN;
  }

  public String adminPassword() {
    return adminPassword;
  }

  /// The user name that leads to the practice target.
  public String address() {
    return USER + "+" + TARGET;
  }

  /// The options that OpenSSH's programs need, `-p` or `-P` apart.
  public String sshOptions() {
    return "-F none -i "
        + key.file()
        + " -o IdentitiesOnly=yes -o UserKnownHostsFile="
        + knownHosts;
  }

  /// What the person proves themselves with.
  DemoKey key() {
    return key;
  }

  /// The line of the gateway's own host key.
  String hostKeyLine() throws IOException {
    return Files.readString(folder.resolve("data/ssh_host_ed25519_key.pub")).strip();
  }

  /// Stops everything and removes the folder. Only the first call does something.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.drain();
      server.close();
      practice.close();
      removeQuietly(folder);
    }
  }

  private static void removeQuietly(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // The system clears its folder for temporary files some day.
    }
  }
}
