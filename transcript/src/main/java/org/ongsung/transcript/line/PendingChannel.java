package org.ongsung.transcript.line;

import org.ongsung.model.SessionChannel;

/// A channel whose transcript is not finished.
///
/// @param nextNumber the number of the first line that is not in the database
/// @param position how far its source was read, as [TranscriptStore#append] was told
public record PendingChannel(SessionChannel channel, long nextNumber, long position) {}
