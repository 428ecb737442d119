package org.ongsung.recording;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;

/// A process that records the milliseconds since its start and prints each, until it is killed.
final class RecordingTicker {
  private RecordingTicker() {}

  /// Runs it with the recordings' folder and the session's id.
  public static void main(String[] args) throws Exception {
    FileRecordingStore store = new FileRecordingStore(Path.of(args[0]));
    Recorders recorders = new Recorders(store, RecorderLimits.DEFAULT, Clock.systemUTC());
    SessionChannel channel =
        new SessionChannel(new SessionId(args[1]), 0, ChannelKind.SHELL, "", Instant.now(), null);
    ChannelRecorder recorder =
        recorders.open(channel, new TerminalShape("xterm", 80, 24), new Silent());
    long start = System.nanoTime();
    while (true) {
      long tick = (System.nanoTime() - start) / 1_000_000;
      byte[] line = ("tick " + tick + "\n").getBytes(StandardCharsets.UTF_8);
      recorder.fromTarget(line, 0, line.length);
      System.out.write(line);
      System.out.flush();
      Thread.sleep(10);
    }
  }

  private static final class Silent implements RecorderListener {
    @Override
    public void fileOperations(List<FileOperation> operations) {}

    @Override
    public void failed(SessionChannel channel, Exception cause) {}

    @Override
    public void closed(SessionChannel channel, SessionChannel.End end) {}
  }
}
