package org.ongsung.policy;

import java.net.InetAddress;

/// Who somebody claims to be, from where, by which way in.
///
/// @param claimedName as sent: not yet a name, may be anything
/// @param source the address as the listener believes it
/// @param front `ssh`, `console` or `api`
public record LoginAttempt(String claimedName, InetAddress source, String front) {}
