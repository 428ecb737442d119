package org.ongsung.fastcgi.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.cgi.CgiResponseHeader;
import org.ongsung.fastcgi.wire.ProtocolStatus;
import org.ongsung.fastcgi.wire.RecordHeader;
import org.ongsung.fastcgi.wire.RecordType;
import org.ongsung.fastcgi.wire.Records;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request and its response, between the connection and Jetty's channel.
final class FastCgiStream implements HttpStream {
  private static final Logger LOG = LoggerFactory.getLogger(FastCgiStream.class);

  /// Up to this length header and content are put together, for one write of one piece.
  private static final int SMALL_CONTENT_BYTES = 16 << 10;

  private final FastCgiConnection connection;
  private final HttpChannel channel;
  private final int requestId;
  private final boolean keepConnection;
  private final BodyQueue body;
  private final AtomicBoolean completed = new AtomicBoolean();
  private volatile boolean committed;
  private volatile boolean endSent;
  private volatile @Nullable Throwable gone;
  private volatile boolean aborted;

  FastCgiStream(
      FastCgiConnection connection,
      HttpChannel channel,
      int requestId,
      boolean keepConnection,
      BodyQueue body) {
    this.connection = connection;
    this.channel = channel;
    this.requestId = requestId;
    this.keepConnection = keepConnection;
    this.body = body;
  }

  int requestId() {
    return requestId;
  }

  boolean keepConnection() {
    return keepConnection;
  }

  HttpChannel channel() {
    return channel;
  }

  BodyQueue body() {
    return body;
  }

  /// Whether the front server may believe that this request is over.
  boolean isEndSent() {
    return endSent;
  }

  /// Sends the end of an aborted request. From then on the next one may begin.
  void sendAbortedEnd() {
    endSent = true;
    connection
        .outbox()
        .send(Callback.NOOP, Records.endRequest(requestId, 1, ProtocolStatus.REQUEST_COMPLETE));
  }

  boolean isAborted() {
    return aborted;
  }

  /// The front server wants no response any more.
  void abort(Throwable cause) {
    aborted = true;
    peerGone(cause);
  }

  /// Nobody is there for the response any more.
  void peerGone(Throwable cause) {
    gone = cause;
    body.fail(cause);
  }

  @Override
  public String getId() {
    return Integer.toString(requestId);
  }

  @Override
  public Content.@Nullable Chunk read() {
    while (true) {
      Content.Chunk chunk = body.poll();
      if (chunk != null) {
        return chunk;
      }
      if (!connection.resumeReading()) {
        return null;
      }
    }
  }

  @Override
  public void demand() {
    if (body.isReadable()) {
      Runnable task = channel.onContentAvailable();
      if (task != null) {
        task.run();
      }
    } else {
      connection.resumeReadingLater();
    }
  }

  @Override
  public void prepareResponse(HttpFields.Mutable headers) {
    // What does not belong into a CGI response is left out when it is written.
  }

  @Override
  public void send(
      MetaData.Request request,
      MetaData.@Nullable Response response,
      boolean last,
      @Nullable ByteBuffer content,
      Callback callback) {
    if (response != null && HttpStatus.isInterim(response.getStatus())) {
      callback.succeeded(); // CGI has no interim responses; the front server makes its own
      return;
    }
    Throwable cause = gone;
    if (cause != null) {
      callback.failed(new EofException(cause));
      return;
    }
    byte[] header = null;
    if (response != null) {
      committed = true;
      header = CgiResponseHeader.write(response, connection.limits().responseHeaderBytes());
      if (header == null) {
        refuseHeader(callback);
        return;
      }
    }
    ByteBuffer payload = content == null ? BufferUtil.EMPTY_BUFFER : content;
    if (HttpMethod.HEAD.is(request.getMethod()) || (response != null && hasNoBody(response))) {
      payload.position(payload.limit());
    }
    write(header == null ? new byte[0] : header, payload, last, callback);
  }

  private static boolean hasNoBody(MetaData.Response response) {
    return response.getStatus() == HttpStatus.NO_CONTENT_204
        || response.getStatus() == HttpStatus.NOT_MODIFIED_304;
  }

  private void write(byte[] header, ByteBuffer payload, boolean last, Callback callback) {
    endSent = last;
    int length = header.length + payload.remaining();
    if (length == 0 && !last) {
      callback.succeeded();
    } else if (payload.remaining() <= SMALL_CONTENT_BYTES
        && length <= RecordHeader.MAX_CONTENT_BYTES) {
      ByteBuffer all = ByteBuffer.allocate(RecordHeader.BYTES + length + Records.endBytes());
      if (length > 0) {
        Records.putHeader(all, RecordType.STDOUT, requestId, length);
        all.put(header).put(payload);
      }
      if (last) {
        Records.putEnd(all, requestId, 0);
      }
      connection.outbox().send(callback, all.flip());
    } else {
      List<ByteBuffer> all = Records.stream(RecordType.STDOUT, requestId, ByteBuffer.wrap(header));
      all.addAll(Records.stream(RecordType.STDOUT, requestId, payload));
      if (last) {
        ByteBuffer end = ByteBuffer.allocate(Records.endBytes());
        Records.putEnd(end, requestId, 0);
        all.add(end.flip());
      }
      connection.outbox().send(callback, all.toArray(new ByteBuffer[0]));
    }
  }

  /// A header block past the limit is answered with an error that says so, and ends the exchange.
  private void refuseHeader(Callback callback) {
    String reason =
        "the response has more than "
            + connection.limits().responseHeaderBytes()
            + " bytes of headers";
    LOG.warn("{}: {}", connection.id(), reason);
    byte[] answer =
        """
        Status: 500 Internal Server Error\r
        Content-Type: text/plain\r
        \r
        This page cannot be sent: its headers are too long.
        """
            .getBytes(StandardCharsets.US_ASCII);
    HttpException.RuntimeException failure = new HttpException.RuntimeException(500, reason);
    write(
        answer,
        BufferUtil.EMPTY_BUFFER,
        true,
        Callback.from(() -> callback.failed(failure), callback::failed));
  }

  @Override
  public Runnable cancelSend(Throwable cause, Callback appCallback) {
    return () -> {
      connection.outbox().cancel(cause);
      appCallback.failed(cause);
    };
  }

  @Override
  public long getIdleTimeout() {
    return connection.getEndPoint().getIdleTimeout();
  }

  @Override
  public void setIdleTimeout(long idleTimeoutMs) {
    connection.getEndPoint().setIdleTimeout(idleTimeoutMs);
  }

  @Override
  public boolean isCommitted() {
    return committed;
  }

  /// What nobody reads is dropped by the connection, which knows where the body ends.
  @Override
  public @Nullable Throwable consumeAvailable() {
    body.drop();
    connection.resumeReadingLater();
    return null;
  }

  @Override
  public void succeeded() {
    if (completed.compareAndSet(false, true)) {
      connection.completed(this, null);
    }
  }

  @Override
  public void failed(Throwable cause) {
    if (completed.compareAndSet(false, true)) {
      connection.completed(this, cause);
    }
  }
}
