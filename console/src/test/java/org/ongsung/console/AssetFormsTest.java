package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.ConsoleHouse;

/// The two forms of an asset, each with a tag of its own (RFC 9110 section 8.8.3).
class AssetFormsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static ConsoleHouse house;
  private static String style;
  private static String font;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.start();
    String page =
        CLIENT
            .send(HttpRequest.newBuilder(house.uri("/login")).build(), BodyHandlers.ofString())
            .body();
    style = found(page, "href=\"(/assets/[^\"]+\\.css)\"");
    String sheet = new String(get(style, "", "").body(), java.nio.charset.StandardCharsets.UTF_8);
    font =
        java.net.URI.create(style).resolve(found(sheet, "url\\(\"?([^\")]+\\.woff2)")).toString();
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static String found(String text, String pattern) {
    var matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  private static HttpResponse<byte[]> get(String path, String accept, String tag) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(house.uri(path));
    if (!accept.isEmpty()) {
      request.header("Accept-Encoding", accept);
    }
    if (!tag.isEmpty()) {
      request.header("If-None-Match", tag);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join(", ", answer.headers().allValues(name));
  }

  @Test
  void eachFormHasATagOfItsOwnAndSaysWhatItDependsOn() throws Exception {
    var plain = get(style, "", "");
    var gzipped = get(style, "gzip", "");
    assertThat(header(plain, "Content-Encoding")).isEmpty();
    assertThat(header(gzipped, "Content-Encoding")).isEqualTo("gzip");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzipped.body())).readAllBytes())
        .isEqualTo(plain.body());
    assertThat(header(plain, "ETag")).startsWith("\"").isNotEqualTo(header(gzipped, "ETag"));
    for (var answer : java.util.List.of(plain, gzipped)) {
      assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
      assertThat(header(answer, "Cache-Control")).contains("immutable");
    }
  }

  @Test
  void whoHasTheFormIsToldSoAndWhoHasTheOtherGetsIt() throws Exception {
    String plain = header(get(style, "", ""), "ETag");
    String gzipped = header(get(style, "gzip", ""), "ETag");
    assertThat(get(style, "", plain).statusCode()).isEqualTo(304);
    assertThat(get(style, "gzip", gzipped).statusCode()).isEqualTo(304);
    assertThat(get(style, "gzip", "W/" + gzipped + ", \"x\"").statusCode()).isEqualTo(304);
    assertThat(get(style, "", gzipped).statusCode()).isEqualTo(200);
    assertThat(get(style, "gzip", plain).statusCode()).isEqualTo(200);
    var unchanged = get(style, "gzip", gzipped);
    assertThat(header(unchanged, "ETag")).isEqualTo(gzipped);
    assertThat(header(unchanged, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(header(unchanged, "Cache-Control")).contains("immutable");
    assertThat(unchanged.body()).isEmpty();
  }

  @Test
  void whatIsCompressedAlreadyHasOneForm() throws Exception {
    var one = get(font, "", "");
    var other = get(font, "gzip", "");
    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(header(one, "ETag")).isEqualTo(header(other, "ETag"));
    assertThat(header(other, "Vary") + header(other, "Content-Encoding")).isEmpty();
  }
}
