package org.ongsung.fastcgi.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.cgi.CgiHeaderReader;
import org.ongsung.fastcgi.wire.EndRequest;
import org.ongsung.fastcgi.wire.NameValue;
import org.ongsung.fastcgi.wire.NameValues;
import org.ongsung.fastcgi.wire.Parsed;
import org.ongsung.fastcgi.wire.ProtocolStatus;
import org.ongsung.fastcgi.wire.RecordHeader;
import org.ongsung.fastcgi.wire.RecordType;
import org.ongsung.fastcgi.wire.Records;
import org.ongsung.fastcgi.wire.Role;

/// One request on one connection, from its first record to `FCGI_END_REQUEST`. The body goes out on
/// a thread of its own while the answer is read, as either side may wait for the other.
final class FastCgiExchange implements AutoCloseable {
  private static final int REQUEST_ID = 1;
  private static final Duration SENDER_MOMENT = Duration.ofMillis(200);
  private static final int BLOCK_BYTES = 32 << 10;

  private final FastCgiWire wire;
  private final FastCgiClient.Limits limits;
  private final Consumer<FastCgiWire> keeper;
  private final ByteArrayOutputStream standardError = new ByteArrayOutputStream();
  private final ByteArrayOutputStream endBody = new ByteArrayOutputStream();
  private ByteBuffer output = ByteBuffer.allocate(0);
  private @Nullable Thread sender;
  private volatile boolean bodySent;
  private volatile @Nullable IOException bodyFailure;
  private boolean ended;
  private boolean closed;

  FastCgiExchange(FastCgiWire wire, FastCgiClient.Limits limits, Consumer<FastCgiWire> keeper) {
    this.wire = wire;
    this.limits = limits;
    this.keeper = keeper;
  }

  FastCgiResponse begin(FastCgiRequest request) throws IOException {
    wire.watched();
    byte[] pairs = NameValues.encode(request.pairs());
    List<ByteBuffer> records =
        new java.util.ArrayList<>(
            List.of(
                Records.beginRequest(REQUEST_ID, Role.RESPONDER, limits.keptConnections() > 0)));
    records.addAll(Records.stream(RecordType.PARAMS, REQUEST_ID, ByteBuffer.wrap(pairs)));
    records.add(Records.endOfStream(RecordType.PARAMS, REQUEST_ID));
    InputStream body = request.body();
    if (body == null) {
      records.add(Records.endOfStream(RecordType.STDIN, REQUEST_ID));
      bodySent = true;
    }
    wire.write(records.toArray(new ByteBuffer[0]));
    if (body != null) {
      sender = Thread.ofVirtual().name("fastcgi-body").start(() -> sendBody(body));
    }
    CgiHeaderReader reader = new CgiHeaderReader(limits.headerBytes());
    while (true) {
      if (!output.hasRemaining() && !readOutput()) {
        throw new FastCgiException("the application sent no header" + said());
      }
      switch (reader.read(output)) {
        case CgiHeaderReader.Unfinished _ -> {
          // read on
        }
        case CgiHeaderReader.Malformed malformed ->
            throw new FastCgiException(malformed.reason() + said());
        case CgiHeaderReader.Finished finished -> {
          return new FastCgiResponse(finished.status(), finished.fields(), this);
        }
      }
    }
  }

  private void sendBody(InputStream body) {
    byte[] block = new byte[BLOCK_BYTES];
    try (body) {
      for (int length = body.read(block); length >= 0; length = body.read(block)) {
        ByteBuffer piece = ByteBuffer.wrap(block, 0, length);
        if (length > 0) {
          wire.write(
              Records.stream(RecordType.STDIN, REQUEST_ID, piece).toArray(new ByteBuffer[0]));
        }
      }
      wire.write(Records.endOfStream(RecordType.STDIN, REQUEST_ID));
      bodySent = true;
    } catch (IOException e) {
      bodyFailure = e; // an answer may come all the same; if not, this is the cause
    }
  }

  /// Reads what follows the header.
  int read(byte[] into, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("this response is closed");
    }
    if (length == 0) {
      return 0;
    }
    if (!output.hasRemaining() && !readOutput()) {
      return -1;
    }
    int read = Math.min(length, output.remaining());
    output.get(into, offset, read);
    return read;
  }

  /// Reads records up to the next piece of standard output.
  ///
  /// @return false at the end of the request
  private boolean readOutput() throws IOException {
    while (!ended) {
      Parsed.Fragment fragment = next();
      RecordHeader header = fragment.header();
      if (header.requestId() != REQUEST_ID || header.type() == null) {
        continue;
      }
      switch (header.type()) {
        case STDOUT -> {
          output = fragment.content();
          if (output.hasRemaining()) {
            return true;
          }
        }
        case STDERR -> remember(fragment.content());
        case END_REQUEST -> end(fragment);
        default -> {
          // no business of a client's
        }
      }
    }
    return false;
  }

  private Parsed.Fragment next() throws IOException {
    try {
      return wire.next();
    } catch (IOException e) {
      IOException cause = bodyFailure;
      if (cause != null) {
        e.addSuppressed(cause);
      }
      throw e;
    }
  }

  private void end(Parsed.Fragment fragment) throws IOException {
    byte[] piece = new byte[fragment.content().remaining()];
    fragment.content().get(piece);
    endBody.writeBytes(piece);
    if (!fragment.last()) {
      return;
    }
    ended = true;
    if (endBody.size() != EndRequest.BYTES) {
      throw new FastCgiException("FCGI_END_REQUEST has " + endBody.size() + " bytes");
    }
    EndRequest end = EndRequest.read(endBody.toByteArray());
    ProtocolStatus how = ProtocolStatus.of(end.protocolStatusCode());
    if (how != ProtocolStatus.REQUEST_COMPLETE) {
      throw new FastCgiException(
          "the application declined: " + (how == null ? end.protocolStatusCode() : how));
    }
  }

  private void remember(ByteBuffer piece) {
    while (piece.hasRemaining() && standardError.size() < limits.standardErrorBytes()) {
      standardError.write(piece.get());
    }
  }

  private String said() {
    String text = standardError().strip();
    return text.isEmpty() ? "" : "; it said: " + text;
  }

  String standardError() {
    return standardError.toString(StandardCharsets.UTF_8);
  }

  /// Gives the connection back when all was sent and read; otherwise aborts and closes it.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (ended) {
      awaitSender();
    }
    if (ended && bodySent && limits.keptConnections() > 0) {
      wire.unwatched();
      keeper.accept(wire);
      return;
    }
    if (!ended && bodySent) {
      try {
        wire.write(Records.abortRequest(REQUEST_ID));
      } catch (IOException e) {
        // it has hung up by itself
      }
    }
    wire.close();
    Thread sending = sender;
    if (sending != null) {
      sending.interrupt();
    }
  }

  /// The answer may be there a moment before the sender has noted that it is done.
  private void awaitSender() {
    Thread sending = sender;
    if (sending != null) {
      try {
        sending.join(SENDER_MOMENT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static Map<String, String> values(
      FastCgiWire wire, FastCgiClient.Limits limits, List<String> names) throws IOException {
    wire.watched();
    List<NameValue> asked = names.stream().map(name -> new NameValue(name, "")).toList();
    wire.write(
        Records.record(RecordType.GET_VALUES, RecordHeader.MANAGEMENT, NameValues.encode(asked)));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    while (true) {
      Parsed.Fragment fragment = wire.next();
      if (fragment.header().type() == RecordType.GET_VALUES_RESULT) {
        byte[] piece = new byte[fragment.content().remaining()];
        fragment.content().get(piece);
        answer.writeBytes(piece);
        if (fragment.last()) {
          return decoded(answer.toByteArray(), names.size());
        }
      }
    }
  }

  private static Map<String, String> decoded(byte[] answer, int most) throws IOException {
    if (!(NameValues.decode(ByteBuffer.wrap(answer), most) instanceof NameValues.Decoded decoded)) {
      throw new FastCgiException("FCGI_GET_VALUES_RESULT cannot be read");
    }
    Map<String, String> values = new LinkedHashMap<>();
    decoded.pairs().forEach(pair -> values.put(pair.name(), pair.value()));
    return values;
  }
}
