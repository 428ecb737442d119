package org.ongsung.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The parts of a `multipart/form-data` body (RFC 7578), one after another as they come: nothing is
/// kept but what one buffer holds, however long a part is.
///
/// For one thread.
public final class Multipart {
  /// The most parts of one body, inclusive.
  public static final int MAX_PARTS = 1_000;

  /// The header fields of one part, in bytes, inclusive.
  public static final int MAX_HEAD_BYTES = 8_192;

  private static final int BUFFER_BYTES = 65_536;
  private static final Pattern BOUNDARY =
      Pattern.compile(";\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))");
  private static final Pattern NAME = Pattern.compile(";\\s*name=\"([^\"]*)\"");
  private static final Pattern FILE_NAME = Pattern.compile(";\\s*filename=\"([^\"]*)\"");

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private int parts;
  private boolean inside;

  /// One part.
  ///
  /// @param fileName as the browser wrote it, untrusted; null for a plain field
  /// @param content to be read before the next part is asked for
  public record Part(String name, @Nullable String fileName, InputStream content) {}

  private Multipart(InputStream in, String boundary) {
    this.in = in;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    // The first delimiter may stand at the very beginning: as if a line had ended before.
    buffer[0] = '\r';
    buffer[1] = '\n';
    end = 2;
    inside = true;
  }

  static boolean fits(@Nullable String contentType) {
    return contentType != null
        && contentType.startsWith("multipart/form-data")
        && BOUNDARY.matcher(contentType).find();
  }

  static Multipart of(String contentType, InputStream in) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      throw new HttpProblem(415, "unsupported-media-type", "send multipart/form-data");
    }
    String quoted = boundary.group(1);
    return new Multipart(in, quoted == null ? boundary.group(2) : quoted);
  }

  /// The next part; what is left of the one before is passed over. Empty at the end.
  ///
  /// @throws HttpProblem 400 when the body is not what it says it is
  public Optional<Part> next() throws IOException {
    while (inside) {
      skip();
    }
    at += delimiter.length;
    need(2);
    if (buffer[at] == '-' && buffer[at + 1] == '-') {
      at -= delimiter.length; // so that asking again finds the same
      return Optional.empty();
    }
    if (++parts > MAX_PARTS) {
      throw HttpProblem.badRequest("at most " + MAX_PARTS + " parts");
    }
    String head = head();
    Matcher name = NAME.matcher(head);
    Matcher file = FILE_NAME.matcher(head);
    inside = true;
    return Optional.of(
        new Part(
            name.find() ? plain(name.group(1)) : "",
            file.find() ? plain(file.group(1)) : null,
            new Content()));
  }

  /// Names as browsers write them (WHATWG HTML, "multipart form data").
  private static String plain(String written) {
    return written.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
  }

  private void skip() throws IOException {
    int ready = ready();
    at += Math.max(0, ready);
    inside = ready >= 0;
  }

  /// From the delimiter's end up to the empty line.
  private String head() throws IOException {
    int from = 0;
    while (true) {
      for (int i = at + from; i + 3 < end; i++) {
        if (buffer[i] == '\r'
            && buffer[i + 1] == '\n'
            && buffer[i + 2] == '\r'
            && buffer[i + 3] == '\n') {
          if (i - at > MAX_HEAD_BYTES) {
            throw longHead();
          }
          String head = new String(buffer, at, i - at, StandardCharsets.UTF_8);
          at = i + 4;
          return head;
        }
      }
      int have = end - at;
      if (have > MAX_HEAD_BYTES + 3) {
        throw longHead();
      }
      from = Math.max(0, have - 3);
      need(have + 1);
    }
  }

  private static HttpProblem longHead() {
    return HttpProblem.badRequest("a part's header fields are too long");
  }

  /// How many bytes at hand belong to the part for sure: 0 when more must come, -1 at its end.
  private int ready() throws IOException {
    while (true) {
      int found = find();
      if (found >= 0) {
        return found == at ? -1 : found - at;
      }
      int sure = end - at - delimiter.length + 1;
      if (sure > 0) {
        return sure;
      }
      need(end - at + 1);
    }
  }

  private int find() {
    for (int i = at; i + delimiter.length <= end; i++) {
      if (buffer[i] == '\r' && matches(i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean matches(int from) {
    for (int i = 0; i < delimiter.length; i++) {
      if (buffer[from + i] != delimiter[i]) {
        return false;
      }
    }
    return true;
  }

  /// Reads until so many bytes are at hand.
  private void need(int count) throws IOException {
    if (at + count > buffer.length) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      end -= at;
      at = 0;
    }
    while (end - at < count) {
      int read = more();
      if (read < 0) {
        throw new HttpProblem(400, "body-broken", "the request broke off before its end");
      }
      end += read;
    }
  }

  private int more() throws IOException {
    try {
      return in.read(buffer, end, buffer.length - end);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw Exchange.broken(e); // the sender left; whoever takes the parts did nothing wrong
    }
  }

  private final class Content extends InputStream {
    private final int number = parts;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (number != parts || !inside) {
        return -1;
      }
      int ready = ready();
      if (ready < 0) {
        inside = false;
        return -1;
      }
      int taken = Math.min(ready, length);
      System.arraycopy(buffer, at, into, offset, taken);
      at += taken;
      return taken;
    }
  }
}
