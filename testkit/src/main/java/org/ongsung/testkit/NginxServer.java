package org.ongsung.testkit;

import java.nio.file.Path;

/// nginx (Debian's `nginx`).
public final class NginxServer extends FrontServer {
  /// @param configuration a whole nginx.conf
  public NginxServer(String configuration) {
    super(configuration);
  }

  /// A whole configuration around `server` blocks: a foreground process with one worker and all its
  /// files in its folder.
  public static NginxServer around(String serverBlocks) {
    return new NginxServer(
        """
        daemon off;
        master_process off;
        worker_processes 1;
        pid @FOLDER@/nginx.pid;
        error_log @FOLDER@/error.log info;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path @FOLDER@/body;
          proxy_temp_path @FOLDER@/proxy;
          fastcgi_temp_path @FOLDER@/fastcgi;
          uwsgi_temp_path @FOLDER@/uwsgi;
          scgi_temp_path @FOLDER@/scgi;
        %s
        }
        """
            .formatted(serverBlocks.indent(2)));
  }

  @Override
  Program command(Path configurationFile) {
    return Program.of(
        "/usr/sbin/nginx",
        "-p",
        folder().toString(),
        "-e",
        folder().resolve("error.log").toString(),
        "-c",
        configurationFile.toString());
  }
}
