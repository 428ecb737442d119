package org.ongsung.fastcgi.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ongsung.testkit.ApacheServer;
import org.ongsung.testkit.FrontServer;
import org.ongsung.testkit.LighttpdServer;
import org.ongsung.testkit.NginxServer;

/// The web servers as they must be set up for FastCGI: the settings of docs/front-servers.md as
/// they are written there.
final class Fronts {
  private Fronts() {}

  /// The one block of the page that is fenced with `language`.
  static String documented(String language) {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page());
    if (!block.find()) {
      throw new IllegalStateException("docs/front-servers.md has no block of " + language);
    }
    return block.group(1);
  }

  private static String page() {
    try {
      return Files.readString(Path.of("docs/front-servers.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the page says, with `replacement` in the place of what stands for the address.
  private static String documented(String language, String address, String replacement) {
    String settings = documented(language);
    if (!settings.contains(address)) {
      throw new IllegalStateException("docs/front-servers.md does not have " + address);
    }
    return settings.replace(address, replacement);
  }

  static FrontServer nginx(String upstream) {
    return NginxServer.around(
        documented("nginx", "unix:/run/app/fcgi.sock", upstream)
            .replace(
                "server {\n  large", // the other settings of a whole server
                "server {\n  listen 127.0.0.1:@PORT@;\n  client_max_body_size 0;\n  large"));
  }

  /// nginx as it comes: no kept connections, everything buffered.
  static FrontServer plainNginx(String upstream) {
    return NginxServer.around(
        """
        server {
          listen 127.0.0.1:@PORT@;
          client_max_body_size 0;
          large_client_header_buffers 4 16k;
          location / {
            include /etc/nginx/fastcgi_params;
            fastcgi_param HTTP_HOST $http_host;
            fastcgi_pass %s;
            fastcgi_buffer_size 64k;
            fastcgi_buffers 4 64k;
          }
        }
        """
            .formatted(upstream));
  }

  /// @param proxy `unix:PATH|fcgi://NAME` or `fcgi://HOST:PORT`
  static FrontServer apache(String proxy) {
    return ApacheServer.around(documented("apache", "unix:/run/app/fcgi.sock|fcgi://app", proxy));
  }

  /// @param address `"socket" => PATH` or `"host" => HOST, "port" => PORT`
  static FrontServer lighttpd(String address) {
    return LighttpdServer.around(
        documented("lighttpd", "\"socket\" => \"/run/app/fcgi.sock\"", address));
  }

  static String authority(InetSocketAddress address) {
    return "127.0.0.1:" + address.getPort();
  }
}
