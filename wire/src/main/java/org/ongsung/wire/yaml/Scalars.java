package org.ongsung.wire.yaml;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ongsung.wire.text.VisibleText;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// What single values may be written like.
final class Scalars {
  private static final int MAX_SHOWN_CHARS = 60;
  private static final int MAX_NUMBER_CHARS = 24;
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,19}");
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");
  private static final Pattern BYTES =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,3})?) ?(|B|[kK]B|[KMGT]iB|[MGT]B)");

  private Scalars() {}

  /// The value that `parse` makes of a scalar; anything else, or a parse that throws, is noted as a
  /// problem.
  static <T> Optional<T> parse(
      Node node, String what, Problems problems, Function<String, T> parse) {
    if (!(node instanceof ScalarNode scalar) || isNull(node)) {
      problems.add(node, "expected " + what + ", found " + kindOf(node));
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(parse.apply(scalar.getValue()));
    } catch (Unlike e) {
      problems.add(node, "expected " + what + ", found \"" + shown(scalar.getValue()) + "\"");
    } catch (IllegalArgumentException e) {
      problems.add(node, "expected " + what + ": " + e.getMessage());
    }
    return Optional.empty();
  }

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  static String kindOf(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      default -> isNull(node) ? "nothing" : "a single value";
    };
  }

  static String shown(String text) {
    return VisibleText.of(text, MAX_SHOWN_CHARS);
  }

  static String wholeNumber(long least, long most) {
    if (most == Long.MAX_VALUE) {
      return "a whole number of at least " + least;
    }
    return "a whole number from " + least + " to " + most;
  }

  static long integer(String text, long least, long most) {
    if (!INTEGER.matcher(text).matches()) {
      throw new Unlike();
    }
    try {
      long value = Long.parseLong(text);
      if (value < least || value > most) {
        throw new Unlike();
      }
      return value;
    } catch (NumberFormatException e) {
      throw new Unlike();
    }
  }

  static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Unlike();
    };
  }

  static Duration duration(String text) {
    Matcher match = DURATION.matcher(text);
    if (text.isEmpty() || text.length() > MAX_NUMBER_CHARS || !match.matches()) {
      throw new Unlike();
    }
    return Duration.ofDays(part(match, 1))
        .plusHours(part(match, 2))
        .plusMinutes(part(match, 3))
        .plusSeconds(part(match, 4))
        .plusMillis(part(match, 5));
  }

  private static long part(Matcher match, int group) {
    return match.group(group) == null ? 0 : Long.parseLong(match.group(group));
  }

  static long bytes(String text) {
    Matcher match = BYTES.matcher(text);
    if (!match.matches()) {
      throw new Unlike();
    }
    try {
      return new BigDecimal(match.group(1))
          .multiply(BigDecimal.valueOf(unit(match.group(2))))
          .longValueExact();
    } catch (ArithmeticException e) {
      throw new Unlike();
    }
  }

  private static long unit(String unit) {
    return switch (unit) {
      case "kB", "KB" -> 1_000L;
      case "MB" -> 1_000_000L;
      case "GB" -> 1_000_000_000L;
      case "TB" -> 1_000_000_000_000L;
      case "KiB" -> 1L << 10;
      case "MiB" -> 1L << 20;
      case "GiB" -> 1L << 30;
      case "TiB" -> 1L << 40;
      default -> 1L;
    };
  }

  static OffsetDateTime timestamp(String text) {
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeParseException e) {
      throw new Unlike();
    }
  }

  static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Scalars::name)
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  static <E extends Enum<E>> E constant(String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> name(constant).equals(text))
        .findFirst()
        .orElseThrow(Unlike::new);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The text is not like what was expected, and says nothing more; such a text is no secret and is
  /// shown.
  private static final class Unlike extends IllegalArgumentException {
    Unlike() {
      super("unlike");
    }
  }
}
