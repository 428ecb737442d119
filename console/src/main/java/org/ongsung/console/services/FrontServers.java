package org.ongsung.console.services;

import java.util.List;
import java.util.Optional;
import org.ongsung.model.Network;

/// Who may stand between browsers and the console, and is believed about them.
///
/// @param fastCgi where front servers reach the console by FastCGI
/// @param proxies front servers whose forwarded headers are believed on the HTTP listener
/// @param balancers load balancers, whose connections begin with a PROXY header
public record FrontServers(
    Optional<FastCgiListener> fastCgi, List<Network> proxies, List<Network> balancers) {
  /// Nobody.
  public static final FrontServers NONE = new FrontServers(Optional.empty(), List.of(), List.of());

  public FrontServers {
    proxies = List.copyOf(proxies);
    balancers = List.copyOf(balancers);
  }
}
