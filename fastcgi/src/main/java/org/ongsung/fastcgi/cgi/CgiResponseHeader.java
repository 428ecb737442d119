package org.ongsung.fastcgi.cgi;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.jspecify.annotations.Nullable;

/// Writes the header block of a CGI response (RFC 3875 section 6): `Status: 200 OK`, then a line
/// per header, each ended by CR LF, then an empty line.
///
/// CR, LF and other control characters in a value become spaces, so that no value can make a line;
/// characters past ISO 8859-1 become `?`, as Jetty writes them over HTTP. Headers of the
/// connection, and `Status`, are the web server's business and are left out; so is a header whose
/// name is none.
public final class CgiResponseHeader {
  private static final Set<HttpHeader> DROPPED =
      EnumSet.of(
          HttpHeader.CONNECTION,
          HttpHeader.KEEP_ALIVE,
          HttpHeader.PROXY_CONNECTION,
          HttpHeader.TRANSFER_ENCODING,
          HttpHeader.TRAILER,
          HttpHeader.UPGRADE,
          HttpHeader.C_STATUS);

  private final int limit;
  private byte[] bytes = new byte[512];
  private int length;

  private CgiResponseHeader(int limit) {
    this.limit = limit;
  }

  /// The block, or null when it would be longer than `limit` bytes.
  public static byte @Nullable [] write(MetaData.Response response, int limit) {
    CgiResponseHeader header = new CgiResponseHeader(limit);
    header.ascii("Status: ").ascii(Integer.toString(response.getStatus())).put(' ');
    String reason = response.getReason();
    HttpStatus.Code code = HttpStatus.getCode(response.getStatus());
    header.value(reason != null ? reason : code == null ? "Unknown" : code.getMessage()).line();
    boolean noContent = response.getStatus() == HttpStatus.NO_CONTENT_204;
    for (HttpField field : response.getHttpFields()) {
      HttpHeader known = field.getHeader();
      if (known != null ? !DROPPED.contains(known) : isName(field.getName())) {
        if (noContent && known == HttpHeader.CONTENT_LENGTH) {
          continue;
        }
        header.ascii(field.getName()).ascii(": ");
        String value = field.getValue();
        header.value(value == null ? "" : value).line();
      }
    }
    header.line();
    return header.length > limit ? null : Arrays.copyOf(header.bytes, header.length);
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || "()<>@,;:\\\"/[]?={}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !name.isEmpty() && !name.equalsIgnoreCase("Status");
  }

  private CgiResponseHeader ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
    return this;
  }

  private CgiResponseHeader value(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      put((c < ' ' && c != '\t') || c == 0x7f ? ' ' : c > 0xff ? '?' : c);
    }
    return this;
  }

  private void line() {
    put('\r');
    put('\n');
  }

  /// Counts past the limit, and keeps nothing there.
  private void put(char c) {
    if (length > limit) {
      return;
    }
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) c;
  }
}
