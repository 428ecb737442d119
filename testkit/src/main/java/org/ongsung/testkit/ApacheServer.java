package org.ongsung.testkit;

import java.nio.file.Path;

/// Apache httpd (Debian's `apache2-bin`, which brings no service).
public final class ApacheServer extends FrontServer {
  private static final String ONE_PROCESS =
      """
      StartServers 1
      ServerLimit 1
      ThreadLimit 256
      ThreadsPerChild 256
      MaxRequestWorkers 256
      """;

  /// Debian 12's mods-available/mpm_event.conf.
  private static final String DEBIANS =
      """
      StartServers 2
      MinSpareThreads 25
      MaxSpareThreads 75
      ThreadLimit 64
      ThreadsPerChild 25
      MaxRequestWorkers 150
      MaxConnectionsPerChild 0
      """;

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
        %s
        Listen 127.0.0.1:@PORT@
        %s
        """
            .formatted(ONE_PROCESS, site));
  }

  /// Lets it serve with as many workers as Debian's package does, in as many processes.
  public ApacheServer asDebianShips() {
    replacing(ONE_PROCESS, DEBIANS);
    return this;
  }

  @Override
  Program command(Path configurationFile) {
    return Program.of("/usr/sbin/apache2", "-D", "FOREGROUND", "-f", configurationFile.toString());
  }
}
