package org.ongsung.wire.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
  private record User(String name, List<String> groups) {
    User {
      if (!name.matches("[a-z]+")) {
        throw new IllegalArgumentException("a name has small letters only");
      }
    }
  }

  private enum Mode {
    ON,
    TRUST_ON_FIRST_USE
  }

  private static Object read(String text, Function<YamlMapping, ?> reading) throws YamlException {
    return YamlReader.read("a.yaml", text, YamlLimits.DEFAULT, reading);
  }

  private static List<String> problems(String text, Function<YamlMapping, ?> reading) {
    return problems(text, YamlLimits.DEFAULT, reading);
  }

  private static List<String> problems(
      String text, YamlLimits limits, Function<YamlMapping, ?> reading) {
    YamlException e =
        catchThrowableOfType(
            YamlException.class, () -> YamlReader.read("a.yaml", text, limits, reading));
    assertThat(e).as("problems are expected in %s", text).isNotNull();
    return e.problems().stream().map(YamlProblem::toString).toList();
  }

  @Test
  void aMappingGivesItsValuesWithTheirTypes() throws Exception {
    String text =
        """
        name: web-1
        title: 웹 서버
        year: 2024
        port: 22
        secure: true
        mode: trust-on-first-use
        idle: 1h30m
        size: 10GiB
        until: 2030-01-01T00:00:00+09:00
        groups: [ops, 개발]
        labels: {env: prod, "on": yes}
        nothing:
        nested: {a: b}
        users:
          - name: alice
            groups: [ops]
          - {name: bob}
        """;

    Object read =
        read(
            text,
            root -> {
              assertThat(root.string("name")).isEqualTo("web-1");
              assertThat(root.optionalString("title")).contains("웹 서버");
              assertThat(root.string("year")).isEqualTo("2024");
              assertThat(root.integer("port", 1, 65535)).isEqualTo(22);
              assertThat(root.bool("secure", false)).isTrue();
              assertThat(root.bool("absent", true)).isTrue();
              assertThat(root.optionalOneOf("mode", Mode.class)).contains(Mode.TRUST_ON_FIRST_USE);
              assertThat(root.duration("idle", Duration.ZERO)).isEqualTo(Duration.ofMinutes(90));
              assertThat(root.bytes("size", 0)).isEqualTo(10L << 30);
              assertThat(root.optionalTimestamp("until"))
                  .contains(OffsetDateTime.parse("2030-01-01T00:00:00+09:00"));
              assertThat(root.stringOrStrings("groups")).containsExactly("ops", "개발");
              assertThat(root.stringOrStrings("name")).containsExactly("web-1");
              assertThat(root.stringMap("labels")).isEqualTo(Map.of("env", "prod", "on", "yes"));
              assertThat(root.optionalString("nothing")).isEmpty();
              assertThat(root.has("nothing")).isFalse();
              assertThat(root.optionalMapping("nested", n -> n.string("a"))).contains("b");
              assertThat(root.mapping("none", "", n -> n.string("a", "absent")))
                  .isEqualTo("absent");
              return root.mappings("users", u -> new User(u.string("name"), u.strings("groups")));
            });

    assertThat(read)
        .isEqualTo(List.of(new User("alice", List.of("ops")), new User("bob", List.of())));
  }

  @Test
  void severalProblemsAreToldAtOnceInTheOrderOfTheDocument() {
    String text =
        """
        users:
          - name: Alice
            shoe: 43
          - groups: ops
          - justText
        idle: soon
        idle: 30m
        port: 70000
        """;

    assertThat(
            problems(
                text,
                root -> {
                  root.optionalDuration("idle");
                  root.integer("port", 1, 65535);
                  return root.mappings(
                      "users", u -> new User(u.string("name"), u.strings("groups")));
                }))
        .containsExactly(
            "a.yaml:2:5: a name has small letters only",
            "a.yaml:3:5: unknown key \"shoe\"; expected one of groups, name",
            "a.yaml:4:5: expected a key \"name\" with text",
            "a.yaml:4:13: expected a list ([a, b], or lines with \"- \"), found a single value",
            "a.yaml:5:5: expected a mapping (key: value), found a single value",
            "a.yaml:6:7: expected a duration like 30m, 8h or 1h30m, found \"soon\"",
            "a.yaml:7:1: expected the key \"idle\" once; it stands on line 6 already",
            "a.yaml:8:7: expected a whole number from 1 to 65535, found \"70000\"");
  }

  @Test
  void anUnknownKeyNamesThoseThatAreKnown() {
    assertThat(problems("a: 1\nlisen: x\n", root -> root.string("a") + root.string("listen", "")))
        .containsExactly("a.yaml:2:1: unknown key \"lisen\"; expected one of a, listen");
    assertThat(problems("x: 1", root -> ""))
        .containsExactly("a.yaml:1:1: unknown key \"x\"; expected no keys here");
  }

  @Test
  void aProblemNeverShowsATextThatMayBeASecret() {
    assertThat(
            problems(
                "password: [hunter2, x]\nhash: hunter2\nother: {hunter2: hunter2}\n",
                root ->
                    root.string("password")
                        + root.strings("hash")
                        + root.required(
                            "other",
                            "a hash",
                            "",
                            text -> {
                              throw new IllegalArgumentException("no");
                            })))
        .allSatisfy(problem -> assertThat(problem).doesNotContain("hunter2"));
  }

  @Test
  void syntaxErrorsNameTheirLine() {
    assertThat(problems("a: b\nc: [d\n", root -> root.keys()))
        .singleElement()
        .asString()
        .startsWith("a.yaml:3:1: this is not YAML: ");
    assertThat(problems("a: b\n\tc: d\n", root -> root.keys()))
        .singleElement()
        .asString()
        .startsWith("a.yaml:2:1: this is not YAML: ");
    assertThat(problems("a: \u0001\n", root -> root.keys()))
        .containsExactly("a.yaml:1:1: expected text, found the character U+0001");
    assertThat(problems("a: b\n---\nc: d\n", root -> root.keys())).hasSize(1);
    assertThat(problems("- a\n", root -> root.keys()))
        .containsExactly("a.yaml:1:1: expected a mapping (key: value), found a list");
    assertThat(problems("[a, b]: c\n", root -> root.keys()))
        .containsExactly("a.yaml:1:1: expected a key that is plain text");
  }

  @Test
  void bytesThatAreNotUtf8NameTheirLine() {
    byte[] bytes = "a: b\nc: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(
            () -> YamlReader.read("a.yaml", bytes, YamlLimits.DEFAULT, YamlMapping::keys))
        .isInstanceOf(YamlException.class)
        .hasMessage("a.yaml:2:1: expected UTF-8 text, found bytes that are not");
  }

  @Test
  void anEmptyDocumentIsAnEmptyMapping() throws Exception {
    assertThat(read("", YamlMapping::keys)).isEqualTo(List.of());
    assertThat(read("# nothing yet\n", YamlMapping::keys)).isEqualTo(List.of());
    assertThat(read("", root -> root.optionalString("a"))).isEqualTo(Optional.empty());
  }

  @Test
  void aliasesAreFollowed() throws Exception {
    assertThat(
            read(
                "a: &x [1, 2]\nb: *x\n",
                root ->
                    root.strings("a").equals(root.strings("b")) && !root.strings("b").isEmpty()))
        .isEqualTo(true);
  }

  @Test
  void anAliasBombIsRefusedBeforeItIsRead() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
    }

    assertThat(problems(text.toString(), YamlMapping::keys))
        .singleElement()
        .asString()
        .contains("expected at most 1000000 values once aliases are followed");
    assertThat(problems("a: &a [*a]\n", YamlMapping::keys)).hasSize(1);
  }

  @Test
  void depthSizeAndCountAreBounded() throws Exception {
    YamlLimits limits = new YamlLimits(100, 4, 10, 3);
    assertThat(YamlReader.read("a", "a: [[[1]]]", limits, YamlMapping::keys)).hasSize(1);
    assertThat(problems("a: [[[[1]]]]", limits, YamlMapping::keys))
        .containsExactly("a.yaml:1:7: expected at most 4 levels of nesting");
    assertThat(YamlReader.read("a", "a: [1,2,3,4,5,6,7]", limits, YamlMapping::keys)).hasSize(1);
    assertThat(problems("a: [1,2,3,4,5,6,7,8]", limits, YamlMapping::keys)).hasSize(1);
    assertThat(YamlReader.read("a", "a: " + "b".repeat(97), limits, YamlMapping::keys)).hasSize(1);
    assertThat(problems("a: " + "b".repeat(98), limits, YamlMapping::keys))
        .containsExactly("a.yaml:1:1: expected at most 100 bytes, found 101");
    assertThat(problems("a: 1\nb: 1\nc: 1\nd: 1\n", limits, root -> "")).hasSize(3);
    assertThat(problems("[".repeat(1_000_000), YamlMapping::keys))
        .containsExactly("a.yaml:1:33: expected at most 32 levels of nesting");
  }

  @Test
  void durationsAndSizesTakeTheirUnits() throws Exception {
    Map<String, Duration> durations =
        Map.of(
            "500ms", Duration.ofMillis(500),
            "45s", Duration.ofSeconds(45),
            "30m", Duration.ofMinutes(30),
            "8h", Duration.ofHours(8),
            "7d", Duration.ofDays(7),
            "1d2h3m4s5ms", Duration.ofMillis(93784005));
    for (Map.Entry<String, Duration> each : durations.entrySet()) {
      assertThat(read("d: " + each.getKey(), root -> root.optionalDuration("d")))
          .isEqualTo(Optional.of(each.getValue()));
    }
    for (String wrong : List.of("\"\"", "5", "m", "-5m", "5 m", "1m1h", "9999999h", "1e3s")) {
      assertThat(problems("d: " + wrong, root -> root.optionalDuration("d"))).hasSize(1);
    }
    Map<String, Long> sizes =
        Map.of(
            "0",
            0L,
            "65536",
            65536L,
            "64KiB",
            65536L,
            "1.5 GB",
            1_500_000_000L,
            "2kB",
            2000L,
            "1TiB",
            1L << 40);
    for (Map.Entry<String, Long> each : sizes.entrySet()) {
      assertThat(read("s: " + each.getKey(), root -> root.optionalBytes("s")))
          .isEqualTo(Optional.of(each.getValue()));
    }
    for (String wrong : List.of("\"\"", "-1", "1.0005kB", "10 gib", "99999999999999999TiB", "x")) {
      assertThat(problems("s: " + wrong, root -> root.optionalBytes("s"))).hasSize(1);
    }
  }

  @Test
  void wrongWordsAreProblemsWithTheRightOnes() {
    assertThat(problems("m: of", root -> root.optionalOneOf("m", Mode.class)))
        .containsExactly("a.yaml:1:4: expected one of on, trust-on-first-use, found \"of\"");
    assertThat(problems("b: yes", root -> root.bool("b", false)))
        .containsExactly("a.yaml:1:4: expected true or false, found \"yes\"");
    assertThat(problems("t: 2030-01-01", root -> root.optionalTimestamp("t")))
        .containsExactly(
            "a.yaml:1:4: expected a time with an offset like 2030-01-01T00:00:00+09:00, found"
                + " \"2030-01-01\"");
    assertThat(
            problems(
                "n: 99999999999999999999", root -> root.optionalInteger("n", 0, Long.MAX_VALUE)))
        .singleElement()
        .asString()
        .contains("a whole number of at least 0");
  }

  @Test
  void anyInputEndsInAValueOrInProblems() {
    byte[] good =
        "users:\n  - {name: alice, groups: [ops, &a x, *a]}\nd: \"8h\" # é\nk: |\n  t\n"
            .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(20261122);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int change = random.nextInt(4); change > 0 && bytes.length > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        YamlReader.read(
            "a.yaml",
            bytes,
            YamlLimits.DEFAULT,
            root ->
                root.mappings("users", u -> new User(u.string("name"), u.strings("groups")))
                    + root.string("k", ""));
      } catch (YamlException e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
  }
}
