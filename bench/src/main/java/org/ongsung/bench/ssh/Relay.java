package org.ongsung.bench.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads what the processes of a relay have cost, from `/proc` (proc(5)).
sealed interface Relay {
  /// Processor seconds so far.
  double cpuSeconds() throws IOException;

  /// No relay at all.
  record None() implements Relay {
    @Override
    public double cpuSeconds() {
      return 0;
    }
  }

  /// A process that does the work itself.
  record Single(long pid) implements Relay {
    @Override
    public double cpuSeconds() throws IOException {
      String[] stat = stat(pid);
      return (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) / TICKS_PER_SECOND;
    }
  }

  /// A server that forks for each connection and waits for its children; what they cost counts once
  /// they have ended.
  record Forking(long pid) implements Relay {
    @Override
    public double cpuSeconds() throws IOException {
      Workshop.sleep(300); // until the last child has been waited for
      String[] stat = stat(pid);
      long ticks = 0;
      for (int field = 11; field <= 14; field++) {
        ticks += Long.parseLong(stat[field]);
      }
      return ticks / TICKS_PER_SECOND;
    }
  }

  /// `USER_HZ`, 100 on every Linux that Debian ships.
  double TICKS_PER_SECOND = 100;

  /// The fields of `/proc/PID/stat` after the command's name: index 11 to 14 are utime, stime,
  /// cutime and cstime.
  private static String[] stat(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return line.substring(line.lastIndexOf(')') + 2).split(" ");
  }

  /// Resident memory of a process in KiB.
  static long residentKib(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS for process " + pid);
  }
}
