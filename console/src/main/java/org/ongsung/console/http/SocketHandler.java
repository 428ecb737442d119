package org.ongsung.console.http;

/// What stands at our end of a WebSocket (RFC 6455). Nothing here but [#opened] may block.
public interface SocketHandler {
  /// It is open. On a virtual thread of its own: when this returns the socket is closed.
  void opened(SocketLine line) throws java.io.IOException, InterruptedException;

  /// A binary message came; whoever takes the bytes owns them.
  ///
  /// @throws HttpProblem to close the socket, because it breaks a rule
  void binary(byte[] message);

  /// A text message came.
  ///
  /// @throws HttpProblem to close the socket, because it breaks a rule
  void text(String message);

  /// The other end is gone. Called once.
  void closed();
}
