package org.ongsung.server.doctor;

import java.util.Locale;
import org.ongsung.cli.words.Phrase;

/// What kind of web server stands in front, and the line of its configuration that mends each
/// fault.
enum FrontKind {
  NGINX(
      "nginx",
      "fastcgi_pass ongsung;  or  proxy_pass http://ongsung;  in  location @PATH@  , without a path"
          + " behind the name",
      "fastcgi_param HTTP_AUTHORIZATION $http_authorization;  or  proxy_set_header Authorization"
          + " $http_authorization;",
      "fastcgi_buffering off;  or  proxy_buffering off;",
      "proxy_set_header X-Forwarded-For $remote_addr;  and  proxy_set_header Forwarded \"\";",
      "proxy_set_header X-Forwarded-For $remote_addr;  and  proxy_set_header Forwarded \"\";",
      "proxy_set_header X-Forwarded-Proto $scheme;",
      "fastcgi_param HTTP_HOST $http_host;  or  proxy_set_header Host $http_host;",
      "large_client_header_buffers 4 16k;",
      "fastcgi_buffer_size 64k; fastcgi_buffers 4 64k;  or  proxy_buffer_size 64k; proxy_buffers 4 64k;",
      "client_max_body_size 0;",
      "worker_connections 4096;",
      "proxy_http_version 1.1;  and  proxy_set_header Upgrade $http_upgrade;  and"
          + "  proxy_set_header Connection upgrade;"),
  APACHE(
      "Apache",
      "ProxyPass \"@PATH@\" \"unix:/run/ongsung/fastcgi.sock|fcgi://ongsung@PATH@\"  or  ProxyPass"
          + " \"@PATH@\" \"http://127.0.0.1:8022@PATH@\" nocanon",
      "CGIPassAuth On  within <Location \"@PATH@\">",
      "flushpackets=auto flushwait=10  at the end of ProxyPass",
      "ProxyAddHeaders On",
      "RequestHeader unset X-Forwarded-For early  and  RequestHeader unset Forwarded early",
      "RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}",
      "ProxyPreserveHost On",
      "LimitRequestFieldSize 16380",
      "responsefieldsize=16380  at the end of ProxyPass",
      "", // it bounds no body that it passes on: LimitRequestBody is for what it answers itself
      "MaxRequestWorkers 400  in mods-available/mpm_event.conf",
      "upgrade=websocket  at the end of ProxyPass"),
  LIGHTTPD(
      "lighttpd",
      "fastcgi.server = ( \"@PATH@\" => (( \"socket\" => \"/run/ongsung/fastcgi.sock\", \"check-local\""
          + " => \"disable\" )) )  or  proxy.server = ( \"@PATH@\" => (( \"host\" => \"127.0.0.1\", \"port\" =>"
          + " 8022 )) )  with  proxy.header = ( \"upgrade\" => \"enable\" )  and no map-urlpath",
      "setenv.set-request-header = ( )  or one without Authorization",
      "server.stream-response-body = 2",
      "proxy.forwarded = ( \"for\" => 1, \"proto\" => 1, \"host\" => 1 )",
      "proxy.forwarded = ( \"for\" => 1, \"proto\" => 1, \"host\" => 1 )",
      "proxy.forwarded = ( \"for\" => 1, \"proto\" => 1, \"host\" => 1 )",
      "proxy.forwarded = ( \"for\" => 1, \"proto\" => 1, \"host\" => 1 )",
      "server.max-request-field-size = 16384",
      "server.max-request-field-size = 16384",
      "server.max-request-size = 16384",
      "server.max-connections = 1024",
      "proxy.header = ( \"upgrade\" => \"enable\" )"),
  UNKNOWN("", "", "", "", "", "", "", "", "", "", "", "", "");

  private final String shown;
  final String path;
  final String authorization;
  final String events;
  final String addressLost;
  final String addressInvented;
  final String scheme;
  final String host;
  final String longRequest;
  final String longResponse;
  final String upload;
  final String workers;
  final String sockets;

  FrontKind(
      String shown,
      String path,
      String authorization,
      String events,
      String addressLost,
      String addressInvented,
      String scheme,
      String host,
      String longRequest,
      String longResponse,
      String upload,
      String workers,
      String sockets) {
    this.shown = shown;
    this.path = path;
    this.authorization = authorization;
    this.events = events;
    this.addressLost = addressLost;
    this.addressInvented = addressInvented;
    this.scheme = scheme;
    this.host = host;
    this.longRequest = longRequest;
    this.longResponse = longResponse;
    this.upload = upload;
    this.workers = workers;
    this.sockets = sockets;
  }

  /// From the header `Server` of an answer.
  static FrontKind of(String server) {
    String lower = server.toLowerCase(Locale.ROOT);
    return lower.startsWith("nginx")
        ? NGINX
        : lower.startsWith("apache") ? APACHE : lower.startsWith("lighttpd") ? LIGHTTPD : UNKNOWN;
  }

  /// What to do about a fault, with the line where there is one and it is known.
  ///
  /// @param path where the console lies, such as `/ongsung/`; in lines it is `@PATH@`
  Phrase advice(String line, String path) {
    return line.isEmpty()
        ? Phrase.of("doctor.front.advice-unknown")
        : Phrase.of("doctor.front.advice", shown, line.replace("@PATH@", path));
  }
}
