package org.ongsung.fastcgi;

/// How much a FastCGI peer may ask of this end. Every limit is inclusive.
///
/// @param connections open connections of one connector; past it, accepting waits. Also what
///   `FCGI_GET_VALUES` is told
/// @param parameters name-value pairs of one request; past it, 431
/// @param parameterBytes the whole `FCGI_PARAMS` stream of one request, which carries all its
///   headers; past it, 431, and past eight times as much the connection is closed
/// @param bodyBytes the body of one request; past it, 413
/// @param bodyBufferBytes how much of a body waits for its reader in memory before the connection
///   is no longer read (what one read brings may come on top)
/// @param unreadBodyBytes how much of a body nobody wants is read and dropped after the response,
///   so that the front server sees the response rather than a broken pipe; past it, the connection
///   is closed
/// @param responseHeaderBytes the header block of one response; past it, 500
/// @param waitingReplies answers to management records that the peer has not read yet; past it, the
///   connection is closed
public record FastCgiLimits(
    int connections,
    int parameters,
    int parameterBytes,
    long bodyBytes,
    int bodyBufferBytes,
    long unreadBodyBytes,
    int responseHeaderBytes,
    int waitingReplies) {

  /// No limit of its own for bodies: handlers know theirs.
  public static final long ANY_LENGTH = Long.MAX_VALUE;

  public FastCgiLimits {
    positive(connections, "connections");
    positive(parameters, "parameters");
    positive(parameterBytes, "parameterBytes");
    positive(bodyBufferBytes, "bodyBufferBytes");
    positive(responseHeaderBytes, "responseHeaderBytes");
    positive(waitingReplies, "waitingReplies");
    if (bodyBytes < 0 || unreadBodyBytes < 0) {
      throw new IllegalArgumentException("a number of bytes is never negative");
    }
    if (parameterBytes > Integer.MAX_VALUE / 16) {
      throw new IllegalArgumentException("parameterBytes is too large: " + parameterBytes);
    }
  }

  /// 1,024 connections; 1,000 parameters of 256 KiB together; bodies of any length, of which 64 KiB
  /// wait in memory and 64 MiB are dropped when nobody wants them; 64 KiB of response headers; 16
  /// waiting replies.
  public static FastCgiLimits standard() {
    return new FastCgiLimits(
        1_024, 1_000, 256 << 10, ANY_LENGTH, 64 << 10, 64L << 20, 64 << 10, 16);
  }

  public FastCgiLimits withConnections(int count) {
    return new FastCgiLimits(
        count,
        parameters,
        parameterBytes,
        bodyBytes,
        bodyBufferBytes,
        unreadBodyBytes,
        responseHeaderBytes,
        waitingReplies);
  }

  public FastCgiLimits withParameters(int count, int bytes) {
    return new FastCgiLimits(
        connections,
        count,
        bytes,
        bodyBytes,
        bodyBufferBytes,
        unreadBodyBytes,
        responseHeaderBytes,
        waitingReplies);
  }

  public FastCgiLimits withBodyBytes(long bytes) {
    return new FastCgiLimits(
        connections,
        parameters,
        parameterBytes,
        bytes,
        bodyBufferBytes,
        unreadBodyBytes,
        responseHeaderBytes,
        waitingReplies);
  }

  public FastCgiLimits withUnreadBodyBytes(long bytes) {
    return new FastCgiLimits(
        connections,
        parameters,
        parameterBytes,
        bodyBytes,
        bodyBufferBytes,
        bytes,
        responseHeaderBytes,
        waitingReplies);
  }

  public FastCgiLimits withResponseHeaderBytes(int bytes) {
    return new FastCgiLimits(
        connections,
        parameters,
        parameterBytes,
        bodyBytes,
        bodyBufferBytes,
        unreadBodyBytes,
        bytes,
        waitingReplies);
  }

  private static void positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, not " + value);
    }
  }
}
