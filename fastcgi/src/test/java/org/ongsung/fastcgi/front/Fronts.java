package org.ongsung.fastcgi.front;

import java.net.InetSocketAddress;
import org.ongsung.testkit.ApacheServer;
import org.ongsung.testkit.FrontServer;
import org.ongsung.testkit.LighttpdServer;
import org.ongsung.testkit.NginxServer;

/// The web servers as they must be set up for FastCGI: what docs/front-servers.md says.
final class Fronts {
  private Fronts() {}

  static FrontServer nginx(String upstream) {
    return NginxServer.around(
        """
        upstream app { server %s; keepalive 16; }
        server {
          listen 127.0.0.1:@PORT@;
          client_max_body_size 0;
          large_client_header_buffers 4 16k;
          location / {
            include /etc/nginx/fastcgi_params;
            fastcgi_param HTTP_HOST $http_host;
            fastcgi_pass app;
            fastcgi_keep_conn on;
            fastcgi_buffering off;
            fastcgi_request_buffering off;
            fastcgi_buffer_size 64k;
            fastcgi_buffers 4 64k;
            fastcgi_read_timeout 1h;
          }
        }
        """
            .formatted(upstream));
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
    return ApacheServer.around(
        """
        AllowEncodedSlashes NoDecode
        ProxyPass / "%s/" enablereuse=on flushpackets=auto flushwait=10
        ProxyFCGIBackendType GENERIC
        """
            .formatted(proxy));
  }

  /// @param address `"socket" => PATH` or `"host" => HOST, "port" => PORT`
  static FrontServer lighttpd(String address) {
    return LighttpdServer.around(
        """
        server.stream-response-body = 2
        server.stream-request-body = 0
        server.max-request-field-size = 16384
        fastcgi.server = ( "/" => (( %s, "check-local" => "disable" )) )
        """
            .formatted(address));
  }

  static String authority(InetSocketAddress address) {
    return "127.0.0.1:" + address.getPort();
  }
}
