package org.ongsung.transcript.line;

import org.ongsung.model.ChannelKind;
import org.ongsung.model.Name;
import org.ongsung.model.SessionId;

/// A line with what searches ask for beside its text.
///
/// @param sequence its place among all lines of the database: later ones have larger numbers, and
///   none appears below one that was seen
public record SearchableLine(
    long sequence,
    SessionId session,
    int channel,
    ChannelKind kind,
    Name user,
    Name target,
    TranscriptLine line) {}
