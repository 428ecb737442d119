package org.ongsung.policy;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Capability;
import org.ongsung.model.Name;
import org.ongsung.model.Network;

/// One answer to "who can reach what": this user this account on this target, by this grant.
///
/// @param from the source networks it holds from; empty means any
/// @param until when it ends; null means never
public record ReachRow(
    Name user,
    Name target,
    Name account,
    Name grant,
    Set<Capability> may,
    List<Network> from,
    @Nullable OffsetDateTime until) {}
