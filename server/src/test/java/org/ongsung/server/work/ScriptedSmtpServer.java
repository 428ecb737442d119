package org.ongsung.server.work;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A mail server on loopback that answers as its script says (RFC 5321), and keeps what it hears.
final class ScriptedSmtpServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Map<String, String> answers;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  /// @param answers by the first word of a command, instead of the usual one
  ScriptedSmtpServer(Map<String, String> answers) throws IOException {
    this.answers = answers;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return socket.getLocalPort();
  }

  /// Every line of the clients, commands and messages.
  List<String> heard() {
    return heard;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        talk(client);
      } catch (IOException e) {
        // the client is gone, or the test is over
      }
    }
  }

  private void talk(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    OutputStream out = client.getOutputStream();
    say(out, "220 scripted");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      heard.add(line);
      String word = line.split(" ", 2)[0].toUpperCase(java.util.Locale.ROOT);
      String answer = answers.getOrDefault(word, usual(word));
      say(out, answer);
      if (answer.startsWith("354")) {
        for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
          heard.add(line);
        }
        say(out, answers.getOrDefault(".", "250 taken"));
      }
    }
  }

  private static String usual(String word) {
    return switch (word) {
      case "EHLO" -> "250-scripted\r\n250 8BITMIME";
      case "DATA" -> "354 go on";
      case "QUIT" -> "221 bye";
      default -> "250 ok";
    };
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
