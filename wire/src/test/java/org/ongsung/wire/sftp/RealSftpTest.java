package org.ongsung.wire.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenSSH's own sftp and sftp-server, with an observer between them.
class RealSftpTest {
  private static final Path SERVER = Path.of("/usr/lib/openssh/sftp-server");
  private static final Path SOCAT = Path.of("/usr/bin/socat");

  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();

  private interface Look {
    void at(byte[] bytes, int offset, int length) throws SftpProtocolException;
  }

  private void pump(InputStream in, OutputStream out, Look look) {
    byte[] buffer = new byte[8192];
    try (out) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        synchronized (told) {
          look.at(buffer, 0, length);
        }
        out.write(buffer, 0, length);
        out.flush();
      }
    } catch (IOException e) {
      // the other end has gone, as it does at the end
    } catch (SftpProtocolException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatSftpDoesIsTold() throws Exception {
    assumeTrue(Files.isExecutable(SERVER) && Files.isExecutable(SOCAT));
    Path big = folder.resolve("big");
    Files.write(big, new byte[3_000_000]);
    Path batch = folder.resolve("batch");
    Files.writeString(
        batch,
        """
        cd %1$s
        mkdir 폴더
        put big 폴더/up
        get 폴더/up down
        chmod 640 폴더/up
        rename 폴더/up 폴더/b
        ln -s b 폴더/s
        ln 폴더/b 폴더/h
        ls 폴더
        -rm 폴더/none
        rm 폴더/s
        rm 폴더/h
        rm 폴더/b
        rmdir 폴더
        """
            .formatted(folder));
    run(batch);

    String at = folder + "/폴더";
    assertThat(told)
        .containsSubsequence(
            "MakeDirectory[path=" + at + "] 0",
            "Open[path=" + at + "/up, flags=26] 0",
            "Close[path=" + at + "/up, bytesRead=0, bytesWritten=3000000] 0",
            "Open[path=" + at + "/up, flags=1] 0",
            "Close[path=" + at + "/up, bytesRead=3000000, bytesWritten=0] 0",
            "Rename[from=" + at + "/up, to=" + at + "/b, posix=true] 0",
            "SymbolicLink[target=b, link=" + at + "/s] 0",
            "HardLink[existing=" + at + "/b, link=" + at + "/h] 0",
            "OpenDirectory[path=" + at + "/] 0",
            "CloseDirectory[path=" + at + "/, entries=5] 0",
            "Remove[path=" + at + "/none] 2",
            "Remove[path=" + at + "/s] 0",
            "RemoveDirectory[path=" + at + "] 0");
    assertThat(told)
        .anyMatch(
            each -> each.startsWith("SetAttributes[path=" + at + "/up") && each.endsWith(" 0"));
    assertThat(folder.resolve("down")).hasSameBinaryContentAs(big);
  }

  private void run(Path batch) throws Exception {
    SftpObserver observer =
        new SftpObserver(
            SftpLimits.DEFAULT, (operation, result) -> told.add(operation + " " + result.code()));
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process client =
          new ProcessBuilder(
                  "sftp",
                  "-b",
                  batch.toString(),
                  "-D",
                  SOCAT + " - TCP:127.0.0.1:" + listener.getLocalPort())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      Process server = new ProcessBuilder(SERVER.toString()).directory(folder.toFile()).start();
      try (Socket socket = listener.accept()) {
        Thread down =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        pump(
                            server.getInputStream(),
                            socket.getOutputStream(),
                            observer::fromServer);
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    });
        pump(socket.getInputStream(), server.getOutputStream(), observer::fromClient);
        down.join();
        observer.end();
        assertThat(client.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
      } finally {
        client.destroyForcibly();
        server.destroyForcibly();
      }
    }
  }
}
