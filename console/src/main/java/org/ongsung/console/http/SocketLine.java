package org.ongsung.console.http;

import java.io.IOException;

/// The way to the other end of a WebSocket. Everything here blocks while that end takes no more.
public interface SocketLine {
  void binary(byte[] message) throws IOException, InterruptedException;

  void text(String message) throws IOException, InterruptedException;

  /// Asks whether the other end is there.
  ///
  /// @throws IOException when it has not answered for long
  void ping() throws IOException, InterruptedException;

  /// With which code the socket is closed once [SocketHandler#opened] returns; 1000 without this.
  ///
  /// @param code 4000 to 4999
  void endsWith(int code);
}
