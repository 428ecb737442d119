package org.ongsung.console.services;

import java.net.SocketAddress;
import java.util.List;

/// Where front servers reach the console by FastCGI. What they say about a browser's address,
/// scheme and host is believed, so nobody else may connect.
///
/// @param address a TCP address, or that of a Unix-domain socket, whose file gets mode 0660
/// @param peers IP addresses and networks of the front servers that may connect by TCP
public record FastCgiListener(SocketAddress address, List<String> peers) {
  public FastCgiListener {
    peers = List.copyOf(peers);
  }
}
