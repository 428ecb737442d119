package org.ongsung.recording;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.FileOperation;
import org.ongsung.model.SessionChannel;
import org.ongsung.model.SessionId;

/// Measures what recording costs: CPU for a GiB of each kind, of it on the caller's thread, and
/// memory of an idle terminal. Prints; passes or fails nothing.
final class RecorderCost {
  private static final int CHUNK_BYTES = 32 << 10;
  private static final int IDLE = 2_000;

  private RecorderCost() {}

  /// Runs it; takes about a minute.
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("recorder-cost");
    byte[] noise = new byte[CHUNK_BYTES];
    new java.util.Random(1).nextBytes(noise);
    byte[] log = text();
    measure(folder, "exec, noise", ChannelKind.EXEC, false, noise, 1L << 28);
    measure(folder, "exec, noise", ChannelKind.EXEC, false, noise, 1L << 31);
    measure(folder, "sftp", ChannelKind.SFTP, false, noise, 1L << 31);
    measure(folder, "terminal, text", ChannelKind.SHELL, true, log, 1L << 26);
    measure(folder, "terminal, text", ChannelKind.SHELL, true, log, 1L << 28);
    idle(folder);
  }

  private static byte[] text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < CHUNK_BYTES; i++) {
      text.append("Nov 22 17:00:0").append(i % 10).append(" host kernel: [ ");
      text.append(i * 7919L).append("] eth0: link 상태 up\r\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return java.util.Arrays.copyOf(bytes, CHUNK_BYTES);
  }

  private static Recorders recorders(Path folder) throws IOException {
    FileRecordingStore store = new FileRecordingStore(folder);
    return new Recorders(store, RecorderLimits.DEFAULT, Clock.systemUTC());
  }

  private static ChannelRecorder open(Recorders recorders, ChannelKind kind, boolean terminal) {
    SessionChannel channel =
        new SessionChannel(SessionId.create(Instant.now()), 0, kind, "x", Instant.now(), null);
    return recorders.open(
        channel, terminal ? new TerminalShape("xterm", 80, 24) : null, new Nobody());
  }

  private static void measure(
      Path folder, String what, ChannelKind kind, boolean terminal, byte[] chunk, long total)
      throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try (Recorders recorders = recorders(folder)) {
      ChannelRecorder recorder = open(recorders, kind, terminal);
      long cpu = system.getProcessCpuTime();
      long own = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long start = System.nanoTime();
      for (long done = 0; done < total; done += chunk.length) {
        if (!recorder.fromTarget(chunk, 0, chunk.length)) {
          java.util.concurrent.CountDownLatch room = new java.util.concurrent.CountDownLatch(1);
          recorder.onRoom(room::countDown);
          room.await();
        }
      }
      recorder.close(0, null).get();
      double gib = total / (double) (1 << 30);
      System.out.printf(
          Locale.ROOT,
          "%-16s %5.2f GiB: CPU %.2f s/GiB, of it the caller's %.2f; %.2f s/GiB on the clock%n",
          what,
          gib,
          (system.getProcessCpuTime() - cpu) / 1e9 / gib,
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - own) / 1e9 / gib,
          (System.nanoTime() - start) / 1e9 / gib);
    }
  }

  private static void idle(Path folder) throws Exception {
    try (Recorders recorders = recorders(folder)) {
      List<ChannelRecorder> open = new ArrayList<>(IDLE);
      long before = usedAfterCollection();
      for (int i = 0; i < IDLE; i++) {
        ChannelRecorder recorder = open(recorders, ChannelKind.SHELL, true);
        byte[] burst = text();
        recorder.fromTarget(burst, 0, burst.length);
        recorder.fromClient(new byte[] {'l', 's', '\r'}, 0, 3);
        open.add(recorder);
      }
      Thread.sleep(4_000);
      long after = usedAfterCollection();
      System.out.printf("an idle terminal after a burst: %d bytes%n", (after - before) / IDLE);
      for (ChannelRecorder recorder : open) {
        recorder.close(0, null).get();
      }
    }
  }

  private static long usedAfterCollection() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static final class Nobody implements RecorderListener {
    @Override
    public void fileOperations(List<FileOperation> operations) {}

    @Override
    public void failed(SessionChannel channel, Exception cause) {
      throw new IllegalStateException(cause);
    }

    @Override
    public void closed(SessionChannel channel, SessionChannel.End end) {}
  }
}
