package org.ongsung.fastcgi.cgi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/// Reads the header block of a CGI response (RFC 3875 section 6) from standard output as it
/// arrives: lines ended by LF or CR LF up to an empty one. `Status:` gives the status; without, it
/// is 302 where there is a `Location` and else 200.
public final class CgiHeaderReader {
  private static final int LOWEST_STATUS = 100;
  private static final int HIGHEST_STATUS = 999;

  private final int limit;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(80);
  private final HttpFields.Mutable fields = HttpFields.build();
  private int status;
  private int length;

  /// @param limit the most bytes of the block, line ends included
  public CgiHeaderReader(int limit) {
    this.limit = limit;
  }

  /// What has been read so far.
  public sealed interface Reading {}

  /// The empty line has not come yet.
  public record Unfinished() implements Reading {}

  /// The block has ended; what is left of the input is the body.
  ///
  /// @param fields every header but `Status`, in order
  public record Finished(int status, HttpFields fields) implements Reading {}

  /// This is no header block.
  public record Malformed(String reason) implements Reading {}

  /// Takes bytes from `output` up to the end of the block.
  public Reading read(ByteBuffer output) {
    while (output.hasRemaining()) {
      if (++length > limit) {
        return new Malformed("the response has more than " + limit + " bytes of headers");
      }
      byte next = output.get();
      if (next != '\n') {
        line.write(next);
        continue;
      }
      String text = line.toString(StandardCharsets.ISO_8859_1);
      line.reset();
      text = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      if (text.isEmpty()) {
        return finished();
      }
      Malformed problem = take(text);
      if (problem != null) {
        return problem;
      }
    }
    return new Unfinished();
  }

  private Reading finished() {
    if (status == 0) {
      status = fields.contains("Location") ? 302 : 200;
    }
    return new Finished(status, fields.asImmutable());
  }

  private @Nullable Malformed take(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || text.charAt(0) <= ' ') {
      return new Malformed("a line of the response's headers is no header");
    }
    String name = text.substring(0, colon).strip();
    String value = text.substring(colon + 1).strip();
    if (!name.equalsIgnoreCase("Status")) {
      fields.add(name, value);
      return null;
    }
    try {
      status = Integer.parseInt(value.length() > 3 ? value.substring(0, 3) : value);
    } catch (NumberFormatException e) {
      status = 0;
    }
    return status < LOWEST_STATUS || status > HIGHEST_STATUS
        ? new Malformed("the response's status is not a number of three digits")
        : null;
  }
}
