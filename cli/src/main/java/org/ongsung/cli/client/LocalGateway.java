package org.ongsung.cli.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Where the gateway of this machine is, from its configuration.
@FunctionalInterface
public interface LocalGateway {
  /// What the configuration says.
  ///
  /// @param config the file that was named, or empty for the usual places
  Place locate(Optional<Path> config);

  /// A gateway on this machine.
  ///
  /// @param address the console's, such as `http://127.0.0.1:8022`
  /// @param tokenFile there while the gateway runs, and readable for the owner of `data` alone
  record Place(URI address, Path tokenFile) {}
}
