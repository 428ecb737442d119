package org.ongsung.gateway;

import java.time.InstantSource;
import org.ongsung.audit.Ledger;
import org.ongsung.directory.Directory;
import org.ongsung.policy.Authorizer;
import org.ongsung.recording.Recorders;
import org.ongsung.recording.SessionStore;

/// What a gateway works with.
///
/// @param node names this process among those that share a database
/// @param storage says whether new sessions may be recorded
public record GatewayParts(
    String node,
    Ledger ledger,
    SessionStore sessions,
    Recorders recorders,
    StorageWatch storage,
    Directory directory,
    Authorizer authorizer,
    InstantSource clock,
    GatewayLimits limits) {}
