package org.ongsung.bench.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// OpenSSH servers of the run: the target itself, and a bastion whose forced command is `ssh
/// target`.
final class OpenSsh {
  private final Workshop workshop;

  OpenSsh(Workshop workshop) {
    this.workshop = workshop;
  }

  /// An sshd on `port` that lets the holder of `clientKey` in as whoever runs this.
  ///
  /// @param more further lines for sshd_config
  Process start(String name, int port, Path clientKey, String more) throws IOException {
    Path hostKey = workshop.key(name + "-host", "ed25519");
    Path authorized =
        workshop.write(name + "-authorized", Files.readString(Path.of(clientKey + ".pub")));
    Path config =
        workshop.write(
            name + ".conf",
            """
            Port %d
            ListenAddress 127.0.0.1
            HostKey %s
            AuthorizedKeysFile %s
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin yes
            PasswordAuthentication no
            MaxStartups 1000:30:2000
            MaxSessions 1000
            LogLevel ERROR
            Subsystem sftp /usr/lib/openssh/sftp-server
            %s
            """
                .formatted(port, hostKey, authorized, more));
    Files.createDirectories(Path.of("/run/sshd"));
    return workshop.serve(
        name, new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString()), port);
  }

  /// The line that makes an sshd a bastion: it terminates the client's connection and opens one of
  /// its own.
  String bastionTo(int targetPort, Path key) {
    return "ForceCommand ssh -T -q -F /dev/null -o BatchMode=yes -o UserKnownHostsFile=/dev/null"
        + " -o StrictHostKeyChecking=no -c aes128-gcm@openssh.com -i %s -p %d %s@127.0.0.1 \"$SSH_ORIGINAL_COMMAND\""
            .formatted(key, targetPort, System.getProperty("user.name"));
  }
}
