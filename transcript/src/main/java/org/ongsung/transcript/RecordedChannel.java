package org.ongsung.transcript;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.SessionChannel;
import org.ongsung.recording.RecordingTail;
import org.ongsung.transcript.render.CommandTranscript;
import org.ongsung.transcript.render.TerminalTranscript;
import org.ongsung.transcript.render.Transcript;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A channel with a recording. It is read from its start, also after a restart: the lines that are
/// in the database already are made again and left out, which is exact because the same recording
/// gives the same lines.
final class RecordedChannel implements ChannelSource {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedChannel.class);
  private static final byte[] COMMAND = "{\"ongsung\"".getBytes(StandardCharsets.US_ASCII);

  private final SessionChannel channel;
  private final RecordingTail tail;
  private final ChannelLines written;
  private final TranscriberLimits limits;
  private final InstantSource clock;
  private final byte[] buffer;
  private @Nullable Transcript transcript;
  private boolean broken;

  RecordedChannel(
      SessionChannel channel,
      RecordingTail tail,
      ChannelLines written,
      TranscriberLimits limits,
      InstantSource clock,
      byte[] buffer) {
    this.channel = channel;
    this.tail = tail;
    this.written = written;
    this.limits = limits;
    this.clock = clock;
    this.buffer = buffer;
  }

  @Override
  public boolean advance(boolean ended) {
    boolean more = !broken;
    for (int piece = 0; piece < limits.pieces() && more && !isDone(); piece++) {
      more = readPiece(ended);
    }
    if (more) {
      return true;
    }
    Transcript known = transcript;
    if (ended) {
      if (known != null) {
        known.finish();
      }
      written.finish(0);
    } else {
      if (known != null) {
        Duration open = Duration.between(channel.openedAt(), clock.instant());
        known.quiet(open.minus(limits.lateness()).toNanos() / 1_000);
      }
      written.writeAll(0);
    }
    return false;
  }

  private boolean readPiece(boolean ended) {
    try {
      return tail.read(buffer, this::take);
    } catch (NoSuchFileException e) {
      if (ended) {
        LOG.warn(
            "the recording {}/{} is not there; it gets no transcript",
            channel.session(),
            channel.number());
      }
      return false;
    } catch (IOException e) {
      LOG.warn(
          "the transcript of {}/{} ends early: its recording cannot be read on: {}",
          channel.session(),
          channel.number(),
          e.toString());
      broken = true;
      return false;
    }
  }

  private void take(byte[] bytes, int offset, int length) throws IOException {
    Transcript known = transcript;
    if (known == null) {
      known =
          beginsCommand(bytes, offset, length)
              ? new CommandTranscript(written.lines(), channel)
              : new TerminalTranscript(written.lines(), limits.render());
      transcript = known;
    }
    known.take(bytes, offset, length);
    written.writeFull(0);
  }

  private static boolean beginsCommand(byte[] bytes, int offset, int length) {
    return length >= COMMAND.length
        && java.util.Arrays.equals(
            bytes, offset, offset + COMMAND.length, COMMAND, 0, COMMAND.length);
  }

  @Override
  public boolean isDone() {
    return written.isDone();
  }
}
