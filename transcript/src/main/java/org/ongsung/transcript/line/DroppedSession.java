package org.ongsung.transcript.line;

import org.ongsung.model.SessionId;

/// A session whose lines were dropped.
///
/// @param sequence its place among all that were dropped
public record DroppedSession(long sequence, SessionId session) {}
