package org.ongsung.fastcgi.cgi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.fastcgi.FastCgiLimits;
import org.ongsung.fastcgi.wire.NameValue;
import org.ongsung.fastcgi.wire.NameValues;

/// The `FCGI_PARAMS` stream of one request while it arrives. The pairs may be cut anywhere by
/// records; so its bytes are put together first and read at its end. Past the limit its bytes are
/// counted and dropped, so that the request can be answered with an error.
public final class Parameters {
  /// How many times the limit may be sent before the connection is not worth keeping.
  private static final int HOPELESS = 8;

  private final FastCgiLimits limits;
  private byte[] bytes = new byte[1024];
  private int length;

  public Parameters(FastCgiLimits limits) {
    this.limits = limits;
  }

  /// All pairs, or why there are none.
  public sealed interface Reading {}

  /// All pairs by name.
  ///
  /// @param byName of two equal names, the last one's value: what an administrator adds after a
  ///   shipped set is meant
  public record Complete(Map<String, String> byName) implements Reading {}

  /// There is more than the limits allow.
  public record TooLarge(String reason) implements Reading {}

  /// The pairs cannot be read.
  public record Malformed(String reason) implements Reading {}

  /// Takes a piece of the stream.
  ///
  /// @return false when so much has come that reading on is a waste
  public boolean add(ByteBuffer piece) {
    int more = piece.remaining();
    if (length > limits.parameterBytes() || more > limits.parameterBytes() - length) {
      bytes = new byte[0];
      length =
          (int)
              Math.min(
                  Integer.MAX_VALUE / 2, Math.max(length, limits.parameterBytes()) + (long) more);
      return length <= HOPELESS * (long) limits.parameterBytes();
    }
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
    piece.get(bytes, length, more);
    length += more;
    return true;
  }

  /// Reads the pairs when the stream has ended.
  public Reading read() {
    if (length > limits.parameterBytes()) {
      return new TooLarge("more than " + limits.parameterBytes() + " bytes of parameters");
    }
    return switch (NameValues.decode(ByteBuffer.wrap(bytes, 0, length), limits.parameters())) {
      case NameValues.Decoded decoded -> new Complete(lastOfEach(decoded));
      case NameValues.TooMany _ -> new TooLarge("more than " + limits.parameters() + " parameters");
      case NameValues.CutShort _ -> new Malformed("the parameters end within a pair");
    };
  }

  private static Map<String, String> lastOfEach(NameValues.Decoded decoded) {
    Map<String, String> byName = LinkedHashMap.newLinkedHashMap(decoded.pairs().size());
    for (NameValue pair : decoded.pairs()) {
      byName.put(pair.name(), pair.value());
    }
    return byName;
  }

  /// The value, or null when there is none or it is empty: servers send empty ones for what is not
  /// there.
  static @Nullable String present(Map<String, String> parameters, String name) {
    String value = parameters.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
