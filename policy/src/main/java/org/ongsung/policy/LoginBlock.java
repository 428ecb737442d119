package org.ongsung.policy;

import java.time.Instant;

/// An address that may not log in for a while.
///
/// @param key names the block: an IPv4 address, or the first address of an IPv6 /64 network
/// @param address the same as a person reads it, such as `203.0.113.7` or `2001:db8:1:2::/64`
/// @param lastUser the name that was tried last, as sent, cut and made fit to be shown
/// @param failures how many failures led to it
/// @param turnedAway how many attempts it has turned away since
public record LoginBlock(
    String key, String address, String lastUser, int failures, long turnedAway, Instant until) {}
