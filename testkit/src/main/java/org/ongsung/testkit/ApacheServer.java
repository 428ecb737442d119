package org.ongsung.testkit;

import java.nio.file.Path;

/// Apache httpd (Debian's `apache2-bin`, which brings no service).
public final class ApacheServer extends FrontServer {
  /// @param configuration a whole httpd.conf
  public ApacheServer(String configuration) {
    super(configuration);
  }

  /// A whole configuration around the directives of a site: the event worker and the modules of
  /// Debian's standard set that a proxy needs, all files in its folder.
  public static ApacheServer around(String site) {
    return new ApacheServer(
        """
        ServerRoot @FOLDER@
        ServerName localhost
        PidFile @FOLDER@/apache.pid
        ErrorLog @FOLDER@/error.log
        LogLevel warn
        DefaultRuntimeDir @FOLDER@
        Mutex file:@FOLDER@
        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
        LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
        LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
        LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
        LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so
        LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
        LoadModule setenvif_module /usr/lib/apache2/modules/mod_setenvif.so
        LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
        LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
        LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so
        StartServers 1
        ServerLimit 1
        ThreadLimit 256
        ThreadsPerChild 256
        MaxRequestWorkers 256
        Listen 127.0.0.1:@PORT@
        %s
        """
            .formatted(site));
  }

  @Override
  Program command(Path configurationFile) {
    return Program.of("/usr/sbin/apache2", "-D", "FOREGROUND", "-f", configurationFile.toString());
  }
}
