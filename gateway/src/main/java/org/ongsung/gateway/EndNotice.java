package org.ongsung.gateway;

import org.jspecify.annotations.Nullable;
import org.ongsung.model.EndReason;
import org.ongsung.model.Name;
import org.ongsung.model.SessionState;

/// Why a session ends that neither the person nor the target ended.
///
/// @param by the administrator who ended it, or null
public record EndNotice(SessionState state, EndReason reason, @Nullable Name by) {}
