package org.ongsung.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ongsung.testkit.ApacheServer;
import org.ongsung.testkit.FrontServer;
import org.ongsung.testkit.LighttpdServer;
import org.ongsung.testkit.NginxServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;

/// A web server with a file of deploy/, in which only names, ports and places of files are replaced
/// by those of the test.
final class DeployedFront implements AutoCloseable {
  private static final Path DEPLOY = Path.of(System.getProperty("ongsung.root"), "deploy");

  private final FrontServer server;
  private final int port;
  private final int redirectPort;
  private final String path;

  private DeployedFront(FrontServer server, int port, int redirectPort, String path) {
    this.server = server;
    this.port = port;
    this.redirectPort = redirectPort;
    this.path = path;
  }

  /// Starts one.
  ///
  /// @param file such as `nginx/ongsung-http-path.conf`
  /// @param certificates the folder of [#certificates]
  /// @param socket where Ongsung listens for FastCGI
  /// @param httpPort where it listens for HTTP
  static DeployedFront start(String file, Path certificates, Path socket, int httpPort) {
    int port = Ports.free();
    String kind = file.substring(0, file.indexOf('/'));
    String text = read(DEPLOY.resolve(file));
    FrontServer server =
        switch (kind) {
          case "nginx" ->
              NginxServer.around(text)
                  .replacing("listen 80;", "listen 127.0.0.1:@PORT@;")
                  .replacing("listen 443 ssl", "listen 127.0.0.1:" + port + " ssl");
          case "apache" ->
              ApacheServer.around(text)
                  .replacing("<VirtualHost *:80>", "<VirtualHost *:@PORT@>")
                  .replacing(
                      "<VirtualHost *:443>",
                      "Listen 127.0.0.1:" + port + "\n<VirtualHost *:" + port + ">");
          case "lighttpd" ->
              LighttpdServer.alone(text)
                  .replacing("\":443\"", "\"127.0.0.1:" + port + "\"")
                  .replacing("gate\\.example\\.com", "127\\.0\\.0\\.1");
          default -> throw new IllegalArgumentException(file);
        };
    server
        .replacing("/etc/ssl/certs/gate.example.com.pem", certificates + "/tls.pem")
        .replacing("/etc/ssl/private/gate.example.com.key", certificates + "/tls.key")
        .replacing("gate.example.com", "127.0.0.1");
    if (file.contains("fastcgi")) {
      server.replacing("/run/ongsung/fastcgi.sock", socket.toString());
    } else if (kind.equals("lighttpd")) {
      server.replacing("8022", Integer.toString(httpPort));
    } else {
      server.replacing("127.0.0.1:8022", "127.0.0.1:" + httpPort);
    }
    server.start();
    try {
      Ports.awaitListening(port, org.ongsung.testkit.Deadlines.SERVICE);
    } catch (AssertionError e) {
      String log = server.log();
      server.close();
      throw new AssertionError(log, e);
    }
    return new DeployedFront(
        server, port, server.port(), file.endsWith("-path.conf") ? "/ongsung" : "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes a certificate for 127.0.0.1 and its key in a folder.
  static void certificates(Path folder) {
    Program.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        .and("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext")
        .and("subjectAltName=IP:127.0.0.1")
        .and("-keyout", folder.resolve("tls.key").toString())
        .and("-out", folder.resolve("tls.pem").toString())
        .run()
        .expectSuccess();
  }

  /// The URL of an address within the console.
  String url(String inside) {
    return "https://127.0.0.1:" + port + path + inside;
  }

  /// Where it listens without TLS, to send everybody to TLS.
  int redirectPort() {
    return redirectPort;
  }

  int port() {
    return port;
  }

  /// How many connections the kernel keeps for it until it takes them.
  int backlog() {
    String listener =
        Program.of("ss", "--no-header", "--listening", "--tcp", "--numeric", "sport = :" + port)
            .run()
            .expectSuccess()
            .stdout();
    return Integer.parseInt(listener.strip().split(" +", -1)[2]);
  }

  String path() {
    return path;
  }

  String log() {
    return server.log();
  }

  @Override
  public void close() {
    server.close();
  }
}
