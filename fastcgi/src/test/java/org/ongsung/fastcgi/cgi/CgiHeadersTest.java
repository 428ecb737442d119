package org.ongsung.fastcgi.cgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.Test;
import org.ongsung.fastcgi.cgi.CgiHeaderReader.Finished;
import org.ongsung.fastcgi.cgi.CgiHeaderReader.Malformed;
import org.ongsung.fastcgi.cgi.CgiHeaderReader.Reading;
import org.ongsung.fastcgi.cgi.CgiHeaderReader.Unfinished;

/// Header blocks of responses, written and read.
class CgiHeadersTest {
  @Test
  void aBlockHasAStatusAndALinePerHeader() {
    assertThat(
            written(
                200,
                HttpFields.build()
                    .add("Content-Type", "text/plain")
                    .add("X-A", "1")
                    .add("X-A", "2")))
        .isEqualTo("Status: 200 OK\r\nContent-Type: text/plain\r\nX-A: 1\r\nX-A: 2\r\n\r\n");
    assertThat(written(599, HttpFields.build())).isEqualTo("Status: 599 Unknown\r\n\r\n");
  }

  @Test
  void noValueMakesALine() {
    assertThat(written(200, HttpFields.build().add("X", "a\r\nEvil: 1\0\u007f\tb")))
        .isEqualTo("Status: 200 OK\r\nX: a  Evil: 1  \tb\r\n\r\n");
    assertThat(written(200, HttpFields.build().add("X", "가é")))
        .isEqualTo("Status: 200 OK\r\nX: ?é\r\n\r\n");
  }

  @Test
  void whatIsTheWebServersBusinessIsLeftOut() {
    assertThat(
            written(
                200,
                HttpFields.build()
                    .add("Connection", "close")
                    .add("Transfer-Encoding", "chunked")
                    .add("Status", "500")
                    .add("Bad Name", "x")
                    .add("Keep-Alive", "5")))
        .isEqualTo("Status: 200 OK\r\n\r\n");
    assertThat(written(204, HttpFields.build().add("Content-Length", "0")))
        .isEqualTo("Status: 204 No Content\r\n\r\n");
  }

  @Test
  void theLimitOfABlockIsInclusive() {
    HttpFields.Mutable fields = HttpFields.build().add("X", "1234567890");
    int length = "Status: 200 OK\r\nX: 1234567890\r\n\r\n".length();
    assertThat(CgiResponseHeader.write(response(200, fields), length)).hasSize(length);
    assertThat(CgiResponseHeader.write(response(200, fields), length - 1)).isNull();
  }

  @Test
  void aBlockIsReadAtAnyPace() {
    String block = "Status: 404 Not Found\r\nX-A: 1\nX-B:  2 \r\n\r\nbody";
    for (int piece = 1; piece <= block.length(); piece++) {
      CgiHeaderReader reader = new CgiHeaderReader(1_000);
      Reading reading = new Unfinished();
      ByteBuffer input = ByteBuffer.allocate(0);
      int at = 0;
      while (reading instanceof Unfinished) {
        int end = Math.min(at + piece, block.length());
        input = ByteBuffer.wrap(block.substring(at, end).getBytes(ISO_8859_1));
        at = end;
        reading = reader.read(input);
      }
      Finished finished = (Finished) reading;
      assertThat(finished.status()).isEqualTo(404);
      assertThat(finished.fields().get("X-A")).isEqualTo("1");
      assertThat(finished.fields().get("X-B")).isEqualTo("2");
      assertThat(block.substring(at - input.remaining())).isEqualTo("body");
    }
  }

  @Test
  void withoutStatusItIs200OrARedirect() {
    assertThat(read("X: 1\n\n", 100))
        .isEqualTo(new Finished(200, HttpFields.build().add("X", "1").asImmutable()));
    assertThat(((Finished) read("Location: /x\n\n", 100)).status()).isEqualTo(302);
  }

  @Test
  void whatIsNoHeaderIsMalformed() {
    assertThat(read("no header\n", 100)).isInstanceOf(Malformed.class);
    assertThat(read(": x\n", 100)).isInstanceOf(Malformed.class);
    assertThat(read("Status: abc\n", 100)).isInstanceOf(Malformed.class);
    assertThat(read("Status: 99\n", 100)).isInstanceOf(Malformed.class);
    assertThat(read(" folded: x\n", 100)).isInstanceOf(Malformed.class);
  }

  @Test
  void theLimitOfReadingIsInclusive() {
    assertThat(read("X: 123\n\n", 8)).isInstanceOf(Finished.class);
    assertThat(read("X: 1234\n\n", 8)).isInstanceOf(Malformed.class);
  }

  private static Reading read(String block, int limit) {
    return new CgiHeaderReader(limit).read(ByteBuffer.wrap(block.getBytes(ISO_8859_1)));
  }

  private static String written(int status, HttpFields fields) {
    return new String(CgiResponseHeader.write(response(status, fields), 10_000), ISO_8859_1);
  }

  private static MetaData.Response response(int status, HttpFields fields) {
    return new MetaData.Response(status, null, HttpVersion.HTTP_1_1, fields);
  }
}
