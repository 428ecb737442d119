package org.ongsung.bench.nested;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection that sends a request and reads its answer. Looks at no more of an answer than
/// where it ends, and keeps nothing of one that comes in a single piece.
final class Client {
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final String LENGTH = "content-length:";

  private final SocketChannel channel;
  private String text = "";

  /// What is still to come of a body, once its length is known.
  private long left;

  private boolean chunked;
  private int status;
  private long begun;
  private boolean done = true;

  Client(SocketChannel channel) {
    this.channel = channel;
  }

  /// Waits from now on for the answer to a request that is about to be sent.
  void begin() {
    text = "";
    left = 0;
    chunked = false;
    status = 0;
    done = false;
    begun = System.nanoTime();
  }

  /// Sends `request`, which must fit into the socket's buffer; a connection that is gone is done.
  void send(ByteBuffer request) {
    try {
      channel.write(request);
    } catch (IOException e) {
      broken();
    }
  }

  /// Whether nothing is awaited.
  boolean isDone() {
    return done;
  }

  /// The answer's status; 0 for none.
  int status() {
    return status;
  }

  /// When it began to wait, as [System#nanoTime].
  long begun() {
    return begun;
  }

  /// Reads what has come.
  ///
  /// @param buffer to read into, of any content
  /// @return whether that was the end of the answer, or of the connection
  boolean read(ByteBuffer buffer) {
    try {
      int count = channel.read(buffer.clear());
      if (count < 0) {
        broken();
      } else if (count > 0) {
        take(buffer.flip());
      }
    } catch (IOException e) {
      broken();
    }
    return done;
  }

  private void take(ByteBuffer piece) {
    if (left > 0 && !chunked) {
      left -= piece.remaining();
    } else {
      text += StandardCharsets.ISO_8859_1.decode(piece);
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return;
      }
      head(text.substring(0, end).toLowerCase(Locale.ROOT));
      left -= text.length() - end - 4;
    }
    done = chunked ? text.endsWith("0\r\n\r\n") : left <= 0;
  }

  private void head(String lines) {
    status = Integer.parseInt(lines, STATUS_AT, STATUS_AT + 3, 10);
    chunked = lines.contains("\ntransfer-encoding: chunked");
    left = 0;
    int at = lines.indexOf(LENGTH);
    if (at >= 0) {
      int end = lines.indexOf('\r', at);
      left =
          Long.parseLong(
              lines.substring(at + LENGTH.length(), end < 0 ? lines.length() : end).strip());
    }
  }

  /// The connection is gone, and an answer of which a part is missing is none.
  void broken() {
    if (!done) {
      status = 0;
    }
    close();
    done = true;
  }

  /// Closes the connection.
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // whatever it was, it is over
    }
  }
}
