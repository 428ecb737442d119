package org.ongsung.fastcgi.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ongsung.fastcgi.wire.EndRequest;
import org.ongsung.fastcgi.wire.NameValue;
import org.ongsung.fastcgi.wire.NameValues;
import org.ongsung.fastcgi.wire.Parsed;
import org.ongsung.fastcgi.wire.RecordHeader;
import org.ongsung.fastcgi.wire.RecordParser;
import org.ongsung.fastcgi.wire.RecordType;
import org.ongsung.fastcgi.wire.Records;
import org.ongsung.fastcgi.wire.Role;

/// A front server made by hand: sends whatever bytes a test wants, reads records.
final class RawFront implements AutoCloseable {
  private static final int READ_TIMEOUT_MILLIS = 30_000;

  /// A record as it came.
  static final class Got {
    private final RecordHeader header;
    private final byte[] content;

    Got(RecordHeader header, byte[] content) {
      this.header = header;
      this.content = content;
    }

    RecordHeader header() {
      return header;
    }

    RecordType type() {
      return header.type();
    }

    byte[] content() {
      return content;
    }
  }

  final Socket socket;
  private final RecordParser parser = new RecordParser();
  private ByteBuffer input = ByteBuffer.allocate(0);

  RawFront(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  static Map<String, String> parameters(String method, String uri) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("REQUEST_METHOD", method);
    parameters.put("REQUEST_URI", uri);
    parameters.put("SERVER_NAME", "example.org");
    parameters.put("SERVER_PORT", "80");
    parameters.put("REMOTE_ADDR", "192.0.2.7");
    parameters.put("REMOTE_PORT", "4711");
    return parameters;
  }

  static byte[] encoded(Map<String, String> parameters) {
    return NameValues.encode(
        parameters.entrySet().stream().map(e -> new NameValue(e.getKey(), e.getValue())).toList());
  }

  /// The records of a whole request.
  static byte[] request(int id, boolean keep, Map<String, String> parameters, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    add(out, Records.beginRequest(id, Role.RESPONDER, keep));
    Records.stream(RecordType.PARAMS, id, ByteBuffer.wrap(encoded(parameters)))
        .forEach(record -> add(out, record));
    add(out, Records.endOfStream(RecordType.PARAMS, id));
    Records.stream(RecordType.STDIN, id, ByteBuffer.wrap(body)).forEach(record -> add(out, record));
    add(out, Records.endOfStream(RecordType.STDIN, id));
    return out.toByteArray();
  }

  static byte[] get(int id, boolean keep, String uri) {
    return request(id, keep, parameters("GET", uri), new byte[0]);
  }

  private static void add(ByteArrayOutputStream out, ByteBuffer record) {
    byte[] bytes = new byte[record.remaining()];
    record.get(bytes);
    out.writeBytes(bytes);
  }

  RawFront send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  RawFront send(ByteBuffer record) throws IOException {
    byte[] bytes = new byte[record.remaining()];
    record.get(bytes);
    return send(bytes);
  }

  /// The next record; null at the end of the connection.
  Got next() throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (true) {
      switch (parser.next(input)) {
        case Parsed.Fragment fragment -> {
          byte[] piece = new byte[fragment.content().remaining()];
          fragment.content().get(piece);
          content.writeBytes(piece);
          if (fragment.last()) {
            return new Got(fragment.header(), content.toByteArray());
          }
        }
        case Parsed.Malformed malformed -> throw new IOException(malformed.reason());
        case Parsed.NeedInput _ -> {
          byte[] bytes = new byte[8192];
          int length = socket.getInputStream().read(bytes);
          if (length < 0) {
            return null;
          }
          input = ByteBuffer.wrap(bytes, 0, length);
        }
      }
    }
  }

  /// The records up to and with the end of a request.
  List<Got> untilEnd() throws IOException {
    List<Got> records = new ArrayList<>();
    while (true) {
      Got got = next();
      if (got == null) {
        throw new IOException("the connection ended after " + records);
      }
      records.add(got);
      if (got.type() == RecordType.END_REQUEST) {
        return records;
      }
    }
  }

  /// Standard output of one request.
  String output() throws IOException {
    return text(untilEnd());
  }

  static String text(List<Got> records) {
    StringBuilder text = new StringBuilder();
    for (Got got : records) {
      if (got.type() == RecordType.STDOUT) {
        text.append(new String(got.content(), StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }

  static EndRequest end(List<Got> records) {
    return EndRequest.read(records.getLast().content());
  }

  /// Whether the other side has closed, in good order or not.
  boolean isClosed() throws IOException {
    try {
      return next() == null;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
