package org.ongsung.testkit;

import java.nio.file.Path;

/// lighttpd (Debian's `lighttpd`).
public final class LighttpdServer extends FrontServer {
  /// @param configuration a whole lighttpd.conf
  public LighttpdServer(String configuration) {
    super(configuration);
  }

  /// A whole configuration around the directives of a site, all files in its folder.
  public static LighttpdServer around(String site) {
    return alone("server.modules += ( \"mod_fastcgi\", \"mod_proxy\" )\n" + site);
  }

  /// The same for a site that loads the modules that it needs.
  public static LighttpdServer alone(String site) {
    return new LighttpdServer(
        """
        server.port = @PORT@
        server.bind = "127.0.0.1"
        server.document-root = "@FOLDER@"
        server.errorlog = "@FOLDER@/error.log"
        server.upload-dirs = ( "@FOLDER@" )
        server.max-fds = 4096
        server.modules = ( "mod_redirect" )
        %s
        """
            .formatted(site));
  }

  @Override
  Program command(Path configurationFile) {
    return Program.of("/usr/sbin/lighttpd", "-D", "-f", configurationFile.toString());
  }
}
