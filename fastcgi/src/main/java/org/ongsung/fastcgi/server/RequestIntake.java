package org.ongsung.fastcgi.server;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.cgi.CgiRequest;
import org.ongsung.fastcgi.cgi.CgiRequestReader;
import org.ongsung.fastcgi.cgi.Parameters;
import org.ongsung.fastcgi.wire.BeginRequest;
import org.ongsung.fastcgi.wire.Parsed;
import org.ongsung.fastcgi.wire.ProtocolStatus;
import org.ongsung.fastcgi.wire.RecordHeader;
import org.ongsung.fastcgi.wire.RecordParser;
import org.ongsung.fastcgi.wire.RecordType;
import org.ongsung.fastcgi.wire.Records;
import org.ongsung.fastcgi.wire.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the records of one connection mean: parameters are gathered and become a request, bodies go
/// to their request, management records are answered. Used by the thread that reads, one at a time.
///
/// Records of a request that is not active are skipped, as section 3.3 asks.
final class RequestIntake {
  private static final Logger LOG = LoggerFactory.getLogger(RequestIntake.class);

  /// The longest content of a begin-request or management record that is looked at.
  private static final int SMALL_CONTENT_BYTES = 4_096;

  /// What the connection is to do next.
  enum Step {
    NEED_INPUT,
    /// Rest until somebody has caught up.
    WAIT,
    /// Nothing good can come from this peer any more.
    CLOSE
  }

  /// A request whose parameters are arriving.
  private record Opening(int requestId, boolean keepConnection, Parameters parameters) {}

  private final FastCgiConnection connection;
  private final CgiRequestReader reader;
  private final RecordParser parser = new RecordParser();
  private final byte[] small = new byte[SMALL_CONTENT_BYTES];
  private int smallLength;
  private @Nullable Opening opening;
  private @Nullable Opening next;
  private long unwantedBytes;
  private boolean refused;

  RequestIntake(FastCgiConnection connection) {
    this.connection = connection;
    this.reader = new CgiRequestReader(connection.limits());
  }

  /// Whether a request has begun that waits for the one before it to be over.
  boolean hasNext() {
    return next != null;
  }

  /// Takes what `input` holds, as far as it goes.
  Step parse(ByteBuffer input) {
    while (true) {
      FastCgiStream current = connection.current();
      if (connection.mustWait(current)) {
        return Step.WAIT;
      }
      if (next != null) {
        opening = next;
        next = null;
      }
      boolean goOn =
          switch (parser.next(input)) {
            case Parsed.NeedInput _ -> false;
            case Parsed.Malformed malformed -> refuse(malformed.reason());
            case Parsed.Fragment fragment -> take(fragment, current);
          };
      if (!goOn) {
        return refused ? Step.CLOSE : Step.NEED_INPUT;
      }
    }
  }

  /// Says why this connection is given up.
  private boolean refuse(String reason) {
    LOG.warn("{}: closing: {}", connection.id(), reason);
    refused = true;
    return false;
  }

  /// @return false after [#refuse]
  private boolean take(Parsed.Fragment fragment, @Nullable FastCgiStream current) {
    RecordHeader header = fragment.header();
    RecordType type = header.type();
    if (header.requestId() == RecordHeader.MANAGEMENT) {
      return management(fragment);
    }
    if (type == null) {
      return true; // a record about a request that is no business of a responder
    }
    return switch (type) {
      case BEGIN_REQUEST -> begin(fragment, current);
      case PARAMS -> parameters(fragment);
      case STDIN -> body(fragment, current);
      case ABORT_REQUEST -> abort(fragment, current);
      case DATA -> true; // for filters only
      case END_REQUEST, STDOUT, STDERR, GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE ->
          refuse("a web server does not send " + type + " for a request");
    };
  }

  private boolean begin(Parsed.Fragment fragment, @Nullable FastCgiStream current) {
    if (fragment.header().contentLength() != BeginRequest.BYTES) {
      return refuse("FCGI_BEGIN_REQUEST with " + fragment.header().contentLength() + " bytes");
    }
    gather(fragment);
    if (!fragment.last()) {
      return true;
    }
    BeginRequest begin = BeginRequest.read(gathered());
    int id = fragment.header().requestId();
    if (connection.isLastRequest()) {
      return refuse("a request after the last one");
    }
    boolean busy = opening != null || (current != null && !current.isEndSent());
    if (busy) {
      boolean same = opening != null ? opening.requestId() == id : id == currentId(current);
      return same
          ? refuse("request " + id + " begins while it is active")
          : reply(Records.endRequest(id, 0, ProtocolStatus.CANT_MPX_CONN));
    }
    if (Role.of(begin.roleCode()) != Role.RESPONDER) {
      return reply(Records.endRequest(id, 0, ProtocolStatus.UNKNOWN_ROLE))
          && (begin.keepConnection() || closeAfterReplies());
    }
    unwantedBytes = 0;
    Opening opened = new Opening(id, begin.keepConnection(), new Parameters(connection.limits()));
    if (current == null) {
      opening = opened;
    } else {
      next = opened;
    }
    return true;
  }

  private static int currentId(@Nullable FastCgiStream current) {
    return current == null ? RecordHeader.MANAGEMENT : current.requestId();
  }

  private boolean closeAfterReplies() {
    connection.finishUnanswered();
    return true;
  }

  private boolean parameters(Parsed.Fragment fragment) {
    Opening opened = opening;
    if (opened == null || opened.requestId() != fragment.header().requestId()) {
      return true;
    }
    if (fragment.header().contentLength() == 0) {
      opening = null;
      start(opened);
      return true;
    }
    return opened.parameters().add(fragment.content())
        || refuse("far more than " + connection.limits().parameterBytes() + " bytes of parameters");
  }

  private void start(Opening opened) {
    switch (opened.parameters().read()) {
      case Parameters.Complete complete -> {
        switch (reader.read(complete.byName(), System.nanoTime())) {
          case CgiRequest.Accepted accepted -> accept(opened, accepted);
          case CgiRequest.Refused refused -> answer(opened, refused.status(), refused.reason());
        }
      }
      case Parameters.TooLarge tooLarge -> answer(opened, 431, tooLarge.reason());
      case Parameters.Malformed malformed -> answer(opened, 400, malformed.reason());
    }
  }

  private void accept(Opening opened, CgiRequest.Accepted accepted) {
    RequestMetaData metaData =
        new RequestMetaData(
            connection, opened.keepConnection(), accepted.secure(), accepted.client());
    FastCgiStream stream = stream(opened, metaData, accepted.request().getContentLength());
    Runnable handle = stream.channel().onRequest(accepted.request());
    stream.channel().getRequest().setAttribute(FastCgiParameters.ATTRIBUTE, accepted.parameters());
    connection.begin(stream);
    connection.handle(handle);
  }

  /// Answers with an error page of the server's error handler; no handler sees the request.
  private void answer(Opening opened, int status, String reason) {
    LOG.info("{}: answered {}: {}", connection.id(), status, reason);
    FastCgiStream stream =
        stream(opened, new RequestMetaData(connection, opened.keepConnection(), false, null), -1);
    stream
        .channel()
        .onRequest(
            new MetaData.Request(
                System.nanoTime(),
                "GET",
                HttpURI.from("http://localhost/bad-request"),
                HttpVersion.HTTP_1_1,
                HttpFields.EMPTY,
                -1));
    connection.begin(stream);
    connection.run(stream.channel().onFailure(new HttpException.RuntimeException(status, reason)));
  }

  private FastCgiStream stream(Opening opened, RequestMetaData metaData, long length) {
    HttpChannel channel = new HttpChannel.DefaultFactory().newHttpChannel(metaData);
    FastCgiStream stream =
        new FastCgiStream(
            connection,
            channel,
            opened.requestId(),
            opened.keepConnection(),
            new BodyQueue(
                length, connection.limits().bodyBytes(), connection.limits().bodyBufferBytes()));
    channel.setHttpStream(stream);
    channel.initialize();
    return stream;
  }

  private boolean body(Parsed.Fragment fragment, @Nullable FastCgiStream current) {
    int id = fragment.header().requestId();
    if (opening != null && opening.requestId() == id) {
      return refuse("FCGI_STDIN before the parameters have ended");
    }
    if (current == null || current.requestId() != id) {
      return drop(fragment);
    }
    if (current.isEndSent() && !drop(fragment)) {
      return false;
    }
    if (fragment.header().contentLength() == 0) {
      current.body().end();
    } else {
      current.body().add(fragment.content());
    }
    connection.run(current.channel().onContentAvailable());
    return true;
  }

  /// Counts what comes after the end of its request.
  private boolean drop(Parsed.Fragment fragment) {
    unwantedBytes += fragment.content().remaining();
    return unwantedBytes <= connection.limits().unreadBodyBytes()
        || refuse("more than " + connection.limits().unreadBodyBytes() + " bytes unwanted");
  }

  private boolean abort(Parsed.Fragment fragment, @Nullable FastCgiStream current) {
    int id = fragment.header().requestId();
    if (opening != null && opening.requestId() == id) {
      boolean keep = opening.keepConnection();
      opening = null;
      return reply(Records.endRequest(id, 1, ProtocolStatus.REQUEST_COMPLETE))
          && (keep || closeAfterReplies());
    }
    if (current != null && current.requestId() == id && fragment.last()) {
      EofException cause = new EofException("the front server aborted the request");
      connection.startHandling();
      current.abort(cause);
      connection.run(current.channel().onRemoteFailure(cause));
    }
    return true;
  }

  private boolean management(Parsed.Fragment fragment) {
    RecordType type = fragment.header().type();
    if (type == RecordType.GET_VALUES) {
      if (fragment.header().contentLength() > SMALL_CONTENT_BYTES) {
        return refuse("FCGI_GET_VALUES is too long");
      }
      gather(fragment);
      return !fragment.last()
          || reply(ManagementValues.answer(gathered(), connection.limits().connections()));
    }
    if (type != null && type != RecordType.UNKNOWN_TYPE && type != RecordType.GET_VALUES_RESULT) {
      return refuse(type + " for request 0");
    }
    return !fragment.last() || reply(Records.unknownType(fragment.header().typeCode()));
  }

  private boolean reply(ByteBuffer record) {
    return connection.outbox().reply(record)
        || refuse("more than " + connection.limits().waitingReplies() + " replies unread");
  }

  private void gather(Parsed.Fragment fragment) {
    int length = fragment.content().remaining();
    fragment.content().get(small, smallLength, length);
    smallLength += length;
  }

  private byte[] gathered() {
    byte[] content = Arrays.copyOf(small, smallLength);
    smallLength = 0;
    return content;
  }
}
