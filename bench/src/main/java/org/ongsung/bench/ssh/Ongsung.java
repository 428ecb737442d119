package org.ongsung.bench.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The gateway under measurement: started and filled as the guides say, in a folder of its own.
///
/// @param process the Java process itself, not its launcher
/// @param firstMillis from the first start of the launcher, on an empty folder, until the SSH port
///   answers: keys, schema and the first admin are made meanwhile
/// @param listeningMillis the same of a later start
record Ongsung(Process process, int port, long firstMillis, long listeningMillis) {
  static Ongsung start(Workshop workshop, Path root, int targetPort, Path hostKey, Path clientKey)
      throws IOException {
    int port = Workshop.freePort();
    Path config =
        workshop.write(
            "ongsung.yaml",
            """
            data: data
            listen:
              ssh: 127.0.0.1:%d
              http: 127.0.0.1:%d
            """
                .formatted(port, Workshop.freePort()));
    String launcher = root.resolve("ongsung").toString();
    workshop.run(
        List.of(launcher, "version")); // builds when needed, so that the clock does not count it
    ProcessBuilder serve = new ProcessBuilder(launcher, "serve", "--config", config.toString());
    long start = System.nanoTime();
    Process first = workshop.serve("ongsung-first", serve, port);
    long firstMillis = (System.nanoTime() - start) / 1_000_000;
    first.destroy();
    first.onExit().join();
    start = System.nanoTime();
    Process process = workshop.serve("ongsung", serve, port);
    long millis = (System.nanoTime() - start) / 1_000_000;
    Path access = workshop.write("access.yaml", access(targetPort, hostKey, clientKey, workshop));
    workshop.run(
        List.of(launcher, "apply", "--config", config.toString(), "-f", access.toString()));
    return new Ongsung(process, port, firstMillis, millis);
  }

  private static String access(int targetPort, Path hostKey, Path clientKey, Workshop workshop)
      throws IOException {
    Path upstreamKey = workshop.file("client");
    return """
        users:
          - name: alice
            roles: [user]
            publicKeys: ["%s"]
        targets:
          - name: web-1
            protocol: ssh
            address: 127.0.0.1:%d
            hostKeys: ["%s"]
            accounts:
              - name: worker
                login: %s
                privateKeyFile: %s
        grants:
          - name: everything
            who: {users: [alice]}
            where: {targets: [web-1]}
            as: [worker]
            may: [shell, exec, sftp]
        """
        .formatted(
            Files.readString(Path.of(clientKey + ".pub")).strip(),
            targetPort,
            Files.readString(Path.of(hostKey + ".pub")).strip(),
            System.getProperty("user.name"),
            upstreamKey);
  }
}
