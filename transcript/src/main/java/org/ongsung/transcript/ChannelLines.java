package org.ongsung.transcript;

import java.util.List;
import org.ongsung.model.SessionChannel;
import org.ongsung.transcript.line.TranscriptLine;
import org.ongsung.transcript.line.TranscriptStore;
import org.ongsung.transcript.render.Lines;

/// Writes the lines of one channel to the database in batches. One thread at a time.
final class ChannelLines {
  private final SessionChannel channel;
  private final TranscriptStore store;
  private final int batch;
  private final Lines lines;
  private boolean done;

  ChannelLines(SessionChannel channel, TranscriptStore store, int batch, Lines lines) {
    this.channel = channel;
    this.store = store;
    this.batch = batch;
    this.lines = lines;
  }

  Lines lines() {
    return lines;
  }

  boolean isDone() {
    return done;
  }

  /// Writes full batches.
  void writeFull(long position) {
    while (!done && lines.waiting() >= batch) {
      append(lines.taken(batch), position, false);
    }
  }

  /// Writes everything.
  void writeAll(long position) {
    writeFull(position);
    if (!done && lines.waiting() > 0) {
      append(lines.taken(batch), position, false);
    }
  }

  /// Writes everything, and that there is no more.
  void finish(long position) {
    writeFull(position);
    if (!done) {
      append(lines.taken(batch), position, true);
      done = true;
    }
  }

  private void append(List<TranscriptLine> some, long position, boolean last) {
    done = !store.append(channel.session(), channel.number(), some, position, last);
  }
}
