package org.ongsung.console.services;

import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.Optional;
import org.ongsung.console.http.BasePath;

/// How one console is set up.
///
/// @param listen where it listens; port 0 takes a free one
/// @param tls where it listens with TLS of its own
/// @param base under which path browsers see it
/// @param fronts who may stand before it
/// @param sshHost what people type after `@` to reach the SSH listener
/// @param sshPort the port they give
/// @param brand names this gateway in titles; may be empty
/// @param alwaysSecure whether browsers come by TLS, ended by a front server, so that cookies ask
///   for it
/// @param serverZone in which times stand where a browser has not said its own
/// @param version shown in the API
public record ConsoleSettings(
    InetSocketAddress listen,
    Optional<TlsListener> tls,
    BasePath base,
    FrontServers fronts,
    String sshHost,
    int sshPort,
    String brand,
    boolean alwaysSecure,
    ZoneId serverZone,
    String version) {}
