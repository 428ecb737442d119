package org.ongsung.transcript;

import java.time.Duration;
import java.util.List;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.transcript.line.Direction;
import org.ongsung.transcript.line.NumberedOperation;
import org.ongsung.transcript.line.TranscriptStore;

/// A channel of file transfer: a line for each operation.
final class OperationsChannel implements ChannelSource {
  private final SessionChannel channel;
  private final TranscriptStore store;
  private final ChannelLines written;
  private final int batch;
  private long position;

  OperationsChannel(
      SessionChannel channel,
      TranscriptStore store,
      ChannelLines written,
      int batch,
      long position) {
    this.channel = channel;
    this.store = store;
    this.written = written;
    this.batch = batch;
    this.position = position;
  }

  @Override
  public boolean advance(boolean ended) {
    List<NumberedOperation> some =
        store.fileOperations(channel.session(), channel.number(), position, batch);
    for (NumberedOperation each : some) {
      FileOperation operation = each.operation();
      long micros =
          Math.max(0, Duration.between(channel.openedAt(), operation.at()).toNanos() / 1_000);
      written.lines().add(Direction.INPUT, micros, "", text(operation));
      position = each.id();
    }
    boolean more = some.size() == batch;
    if (ended && !more) {
      written.finish(position);
    } else {
      written.writeAll(position);
    }
    return more;
  }

  private static String text(FileOperation operation) {
    StringBuilder text = new StringBuilder(operation.kind()).append(' ').append(operation.path());
    if (!operation.otherPath().isEmpty()) {
      text.append(" → ").append(operation.otherPath());
    }
    if (!operation.result().isEmpty()) {
      text.append(" · ").append(operation.result());
    }
    return text.toString();
  }

  @Override
  public boolean isDone() {
    return written.isDone();
  }
}
