package org.ongsung.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipartTest {
  private static final String TYPE = "multipart/form-data; boundary=xyz";

  private static String part(String head, String content) {
    return "--xyz\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
  }

  private static InputStream bytes(String body) {
    return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
  }

  /// Gives one byte at a time.
  private static InputStream dripping(String body) {
    return new FilterInputStream(bytes(body)) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return super.read(into, offset, Math.min(1, length));
      }
    };
  }

  @Test
  void partsComeHoweverTheBodyIsCut() throws IOException {
    String nearly = "a\r\n--xy\r\n--xyy\r\r\n-\n";
    String body =
        "preamble\r\n"
            + part("name=\"_csrf\"", "token")
            + part("name=\"file\"; filename=\"철수 %22.txt\"", nearly)
            + part("name=\"empty\"; filename=\"\"", "")
            + "--xyz--\r\n";
    for (InputStream in : new InputStream[] {bytes(body), dripping(body)}) {
      Multipart parts = Multipart.of(TYPE, in);
      Multipart.Part first = parts.next().orElseThrow();
      assertThat(first.name()).isEqualTo("_csrf");
      assertThat(first.fileName()).isNull();
      assertThat(first.content()).hasContent("token");
      Multipart.Part file = parts.next().orElseThrow();
      assertThat(file.fileName()).isEqualTo("철수 \".txt");
      assertThat(new String(file.content().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(nearly);
      Multipart.Part empty = parts.next().orElseThrow();
      assertThat(empty.content().readAllBytes()).isEmpty();
      assertThat(parts.next()).isEmpty();
      assertThat(parts.next()).isEmpty();
    }
  }

  @Test
  void whatIsNotReadOfAPartIsPassedOver() throws IOException {
    String body = part("name=\"a\"", "x".repeat(300_000)) + part("name=\"b\"", "y") + "--xyz--";
    Multipart parts = Multipart.of(TYPE, bytes(body));
    InputStream old = parts.next().orElseThrow().content();
    assertThat(parts.next().orElseThrow().content()).hasContent("y");
    assertThat(old.read()).isEqualTo(-1);
  }

  @Test
  void randomContentComesWhole() throws IOException {
    Random random = new Random(3);
    char[] letters = "\r\n-xyz".toCharArray();
    for (int run = 0; run < 500; run++) {
      StringBuilder content = new StringBuilder();
      for (int n = random.nextInt(200); n > 0; n--) {
        content.append(letters[random.nextInt(letters.length)]);
      }
      if (!content.toString().contains("--xyz")) {
        String body = part("name=\"a\"", content.toString()) + "--xyz--";
        Multipart parts = Multipart.of(TYPE, run % 2 == 0 ? bytes(body) : dripping(body));
        byte[] came = parts.next().orElseThrow().content().readAllBytes();
        assertThat(new String(came, StandardCharsets.UTF_8)).isEqualTo(content.toString());
        assertThat(parts.next()).isEmpty();
      }
    }
  }

  private static void walk(String body) throws IOException {
    Multipart parts = Multipart.of(TYPE, bytes(body));
    for (Optional<Multipart.Part> next = parts.next(); next.isPresent(); next = parts.next()) {
      next.get().content().readAllBytes();
    }
  }

  private static void isBad(String body) {
    assertThatThrownBy(() -> walk(body))
        .isInstanceOfSatisfying(
            HttpProblem.class, problem -> assertThat(problem.status()).isEqualTo(400));
  }

  @Test
  void aBodyThatBreaksOffIsSaidToHave() {
    String whole = part("name=\"a\"", "content") + "--xyz--";
    for (int length = 0; length < whole.length(); length++) {
      isBad(whole.substring(0, length));
    }
  }

  @Test
  void headsAndPartsAreBounded() throws IOException {
    int used = part("name=\"\"", "").indexOf("\r\n\r\n") - "--xyz".length();
    int room = Multipart.MAX_HEAD_BYTES - used;
    walk(part("name=\"" + "a".repeat(room) + "\"", "") + "--xyz--");
    isBad(part("name=\"" + "a".repeat(room + 1) + "\"", "") + "--xyz--");
    isBad(part("name=\"" + "a".repeat(room * 2) + "\"", "") + "--xyz--");
    walk(part("name=\"a\"", "").repeat(Multipart.MAX_PARTS) + "--xyz--");
    isBad(part("name=\"a\"", "").repeat(Multipart.MAX_PARTS + 1) + "--xyz--");
  }

  @Test
  void onlyAFormWithABoundaryIsOne() {
    assertThat(Multipart.fits(TYPE)).isTrue();
    assertThat(Multipart.fits("multipart/form-data; boundary=\"x y\"")).isTrue();
    for (String other :
        Arrays.asList(null, "text/plain", "multipart/form-data", "multipart/mixed; boundary=x")) {
      assertThat(Multipart.fits(other)).as(other).isFalse();
    }
  }
}
