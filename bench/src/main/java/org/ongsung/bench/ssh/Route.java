package org.ongsung.bench.ssh;

import java.util.ArrayList;
import java.util.List;

/// One way to the target: what to call it, how OpenSSH's client takes it, and whose processor time
/// it costs.
///
/// @param options client options that stand before the destination
/// @param relay the processes between client and target
record Route(String name, List<String> options, String destination, Relay relay) {
  /// `ssh` and what to run there.
  List<String> ssh(List<String> extra, String... command) {
    return line("ssh", extra, command);
  }

  /// `sftp` with a batch from `batch`.
  List<String> sftp(List<String> extra, String batch) {
    List<String> line = new ArrayList<>(List.of("sftp", "-q", "-b", batch));
    line.addAll(extra);
    line.addAll(options);
    line.add(destination);
    return line;
  }

  private List<String> line(String program, List<String> extra, String... command) {
    List<String> line = new ArrayList<>(List.of(program));
    line.addAll(extra);
    line.addAll(options);
    line.add(destination);
    line.addAll(List.of(command));
    return line;
  }
}
