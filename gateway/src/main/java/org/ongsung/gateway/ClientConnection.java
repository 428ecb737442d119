package org.ongsung.gateway;

import java.net.InetSocketAddress;

/// A person's connection as the listener saw it.
///
/// @param source the address that counts as theirs
/// @param front `ssh`, and later others
/// @param client what the client calls itself; at most 255 characters, untrusted
public record ClientConnection(InetSocketAddress source, String front, String client) {}
