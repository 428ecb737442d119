package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.server.configuration.ConfigurationReader;
import org.ongsung.testkit.ApacheServer;
import org.ongsung.testkit.CompletedProgram;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.Folders;
import org.ongsung.testkit.FrontServer;
import org.ongsung.testkit.NginxServer;
import org.ongsung.testkit.Ports;
import org.ongsung.testkit.Program;

/// The commands of the guides to nginx, Apache and lighttpd, as they are written, and what stands
/// at the top of each shipped file.
///
/// Ports, places of files and the host are the test's. What would change this machine (accounts,
/// services, Debian's enabling of sites) is done by stand-ins in the test's folder that take the
/// same words and do the same there; web servers, `sed` and `ongsung` are the real ones.
class FrontGuidesTest {
  private static final Path DEPLOY = Path.of(System.getProperty("ongsung.root"), "deploy");

  private final Path folder = Folders.temporary("ongsung-front-guides");
  private final int port = Ports.free();
  private final int redirectPort = Ports.free();
  private final Path socket = folder.resolve("fastcgi.sock");

  @BeforeEach
  void prepare() throws IOException {
    DeployedFront.certificates(folder);
    Files.createDirectory(folder.resolve("stand-ins"));
    Files.writeString(folder.resolve("group"), "www-data:x:33:\nongsung:x:900:\n");
    standIn(
        "usermod",
        """
        test "$1 $2" = '--append --groups'
        grep -q "^$4:" group
        sed --in-place "s/^$3:x:900:$/&$4/" group
        """);
  }

  @AfterEach
  void tidyUp() {
    Folders.delete(folder);
  }

  private void standIn(String name, String script) throws IOException {
    Path program = folder.resolve("stand-ins").resolve(name);
    Files.writeString(program, "#!/bin/sh\nset -eu\ncd '" + folder + "'\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// `systemctl` for one service: `how` makes it read its configuration anew.
  private void service(String verb, String name, String how) throws IOException {
    standIn(
        "systemctl",
        """
        test "$*" = '%s %s'
        %s
        for i in $(seq 600); do
          ! bash -c '</dev/tcp/127.0.0.1/%d' 2>/dev/null || exit 0
          sleep 0.1
        done
        exit 1
        """
            .formatted(verb, name, how, port));
  }

  private Path folders(String path) throws IOException {
    return Files.createDirectories(folder.resolve("etc").resolve(path));
  }

  /// Puts a shipped file where the guide's commands, run in the test's folder, find it.
  private void ship(String file, Map<String, String> replacements) throws IOException {
    String text = Files.readString(DEPLOY.resolve(file));
    for (Map.Entry<String, String> each : replacements.entrySet()) {
      assertThat(text).contains(each.getKey());
      text = text.replace(each.getKey(), each.getValue());
    }
    text =
        text.replace("/etc/ssl/certs/gate.example.com.pem", folder + "/tls.pem")
            .replace("/etc/ssl/private/gate.example.com.key", folder + "/tls.key")
            .replace("/run/ongsung/fastcgi.sock", socket.toString());
    Path to = folder.resolve("deploy").resolve(file);
    Files.createDirectories(to.getParent());
    Files.writeString(to, text);
  }

  private void follow(String page) throws Exception {
    try (Installation ongsung =
        Installation.start(
            "  fastcgi: unix:" + socket,
            "http: {trustedProxies: [127.0.0.1]}",
            "public: {url: 'https://127.0.0.1'}")) {
      CompletedProgram done =
          GuideScript.of(page, folder)
              .replacing("HOST=gate.example.com", "HOST=127.0.0.1")
              .replacing("/etc/", folder + "/etc/")
              .replacing(
                  "https://gate.example.com",
                  "https://127.0.0.1:" + port + " --trust '" + folder + "/tls.pem'")
              .after(
                  "export PATH='%s/stand-ins':$PATH:/usr/sbin ONGSUNG_CONFIG='%s'\n"
                      .formatted(folder, ongsung.config()))
              .run();
      assertThat(done.stdout()).contains("uploads");
      assertThat(folder.resolve("group")).content().contains("ongsung:x:900:www-data\n");
      try (HttpClient http = HttpClient.newBuilder().sslContext(Anyone.trusted()).build()) {
        URI login = URI.create("https://127.0.0.1:" + port + "/login");
        assertThat(get(http, login)).isEqualTo(200);
        URI plain = URI.create("http://127.0.0.1:" + redirectPort + "/login");
        assertThat(get(http, plain)).isEqualTo(301);
      }
    }
  }

  private static int get(HttpClient http, URI address) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(Deadlines.ACTION).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  @Tag("long")
  void theGuideToNginxWorksAsWritten() throws Exception {
    Path sites = folders("nginx/conf.d");
    ship(
        "nginx/ongsung-fastcgi.conf",
        Map.of(
            "listen 80;", "listen 127.0.0.1:" + redirectPort + ";",
            "listen 443 ssl", "listen 127.0.0.1:" + port + " ssl"));
    try (FrontServer nginx =
        NginxServer.around(
            "server { listen 127.0.0.1:@PORT@; return 404; }\ninclude " + sites + "/*.conf;")) {
      // The master is who reads it anew; its workers are in no group of the socket's here.
      nginx.replacing("master_process off;", "user root;").start();
      Path at = nginx.folder();
      standIn(
          "nginx",
          "exec /usr/sbin/nginx -p '%s' -e '%s/error.log' -c '%s/server.conf' \"$@\"\n"
              .formatted(at, at, at));
      service("reload", "nginx", "kill -HUP " + nginx.process().pid());
      follow("docs/guide/behind-nginx.md");
    }
  }

  @Test
  @Tag("long")
  void theGuideToApacheWorksAsWritten() throws Exception {
    folders("apache2/sites-available");
    Path sites = folders("apache2/sites-enabled");
    ship(
        "apache/ongsung-fastcgi.conf",
        Map.of(
            "<VirtualHost *:80>",
            "Listen 127.0.0.1:" + redirectPort + "\n<VirtualHost *:" + redirectPort + ">",
            "<VirtualHost *:443>",
            "Listen 127.0.0.1:" + port + "\n<VirtualHost *:" + port + ">"));
    standIn("a2enmod", "for m; do test -e /usr/lib/apache2/modules/mod_$m.so; done\n");
    standIn(
        "a2ensite",
        "ln -s '" + folder + "'/etc/apache2/sites-available/$1.conf '" + sites + "'/\n");
    try (FrontServer apache = ApacheServer.around("IncludeOptional " + sites + "/*.conf")) {
      apache.start();
      String real = "/usr/sbin/apache2 -f '" + apache.folder() + "/server.conf'";
      standIn("apachectl", "test \"$*\" = configtest\nexec " + real + " -t\n");
      service("restart", "apache2", real + " -k graceful");
      follow("docs/guide/behind-apache.md");
    }
  }

  @Test
  @Tag("long")
  void theGuideToLighttpdWorksAsWritten() throws Exception {
    Path available = folders("lighttpd/conf-available");
    Path enabled = folders("lighttpd/conf-enabled");
    ship("lighttpd/ongsung-fastcgi.conf", Map.of("\":443\"", "\"127.0.0.1:" + port + "\""));
    Path main =
        Files.writeString(
            folder.resolve("etc/lighttpd/lighttpd.conf"),
            """
            server.port = %d
            server.bind = "127.0.0.1"
            server.document-root = "%s"
            server.errorlog = "%s/error.log"
            server.upload-dirs = ( "%s" )
            server.max-fds = 4096
            server.pid-file = "%s/lighttpd.pid"
            server.modules = ( "mod_redirect" )
            include "%s/*.conf"
            """
                .formatted(redirectPort, folder, folder, folder, folder, enabled));
    standIn("lighty-enable-mod", "ln -s '" + available + "'/*-$1.conf '" + enabled + "'/\n");
    service("restart", "lighttpd", "/usr/sbin/lighttpd -f '" + main + "'");
    try {
      follow("docs/guide/behind-lighttpd.md");
    } finally {
      Path pid = folder.resolve("lighttpd.pid");
      if (Files.exists(pid)) {
        Program.of("kill", Files.readString(pid).strip()).run();
      }
    }
  }

  /// What each file says of `ongsung.yaml` is a configuration.
  @ParameterizedTest
  @ValueSource(strings = {"nginx", "apache", "lighttpd"})
  void whatTheTopOfEachFileSaysIsRead(String kind) throws Exception {
    try (var files = Files.list(DEPLOY.resolve(kind))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String top =
            Files.readString(file)
                .lines()
                .dropWhile(line -> !line.equals("# In ongsung.yaml:"))
                .skip(1)
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#( {3})?", ""))
                .collect(Collectors.joining("\n"));
        Path yaml = Files.writeString(folder.resolve("ongsung.yaml"), top + "\n");
        var read = ConfigurationReader.read(Optional.of(yaml), Map.of(), folder);
        String url =
            "https://gate.example.com" + (file.toString().contains("-path") ? "/ongsung" : "");
        assertThat(read.publicUrl().map(Object::toString)).as(file.toString()).contains(url);
      }
    }
  }
}
