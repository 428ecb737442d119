package org.ongsung.wire.yaml;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A mapping of a YAML document, read by asking for its keys.
///
/// A look-up that fails notes a problem and gives a harmless stand-in (an empty text, zero, the
/// least value), so that reading goes on and finds the next problem; what a reading function builds
/// from stand-ins is thrown away. A value that is null in YAML (`key:` with nothing after it, `~`)
/// counts as absent. Any plain scalar is text: `name: 2024` has the text `2024`.
///
/// Valid only while the reading function runs, on its thread.
public final class YamlMapping {
  private final MappingNode node;
  private final Problems problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Set<String> asked = new TreeSet<>();

  private YamlMapping(MappingNode node, Problems problems) {
    this.node = node;
    this.problems = problems;
    node.getValue().forEach(this::take);
  }

  /// Runs `reading` over the node and gives its result unless any problem came up under it.
  static <T> Optional<T> read(Node node, Problems problems, Function<YamlMapping, T> reading) {
    if (!(node instanceof MappingNode mappingNode)) {
      problems.add(node, "expected a mapping (key: value), found " + Scalars.kindOf(node));
      return Optional.empty();
    }
    int before = problems.count();
    YamlMapping mapping = new YamlMapping(mappingNode, problems);
    @Nullable T result = null;
    try {
      result = reading.apply(mapping);
    } catch (IllegalArgumentException e) {
      // With problems noted before, it may only be the stand-ins that were refused.
      if (problems.count() == before) {
        problems.add(node, String.valueOf(e.getMessage()));
      }
    }
    mapping.refuseUnknownKeys();
    return problems.count() == before ? Optional.ofNullable(result) : Optional.empty();
  }

  /// Whether the key is there with a value other than null.
  public boolean has(String key) {
    return find(key) != null;
  }

  /// All keys, in the document's order; asking for them makes every key known.
  public List<String> keys() {
    asked.addAll(values.keySet());
    return List.copyOf(values.keySet());
  }

  /// The line of this mapping's first key, counted from 1.
  public int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  /// The line of a key, counted from 1, or of this mapping where there is none.
  public int line(String key) {
    return keys.getOrDefault(key, node).getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  /// Notes a problem at the key's value, or at this mapping where the key is absent.
  public void problem(String key, String message) {
    problems.add(values.getOrDefault(key, node), message);
  }

  /// Notes a problem at this mapping.
  public void problem(String message) {
    problems.add(node, message);
  }

  /// A text that must be there; it may be empty only if written so (`""`).
  public String string(String key) {
    return required(key, "text", "", Function.identity());
  }

  /// A text, or `fallback` if it is absent.
  public String string(String key, String fallback) {
    return optionalString(key).orElse(fallback);
  }

  /// A text if it is there.
  public Optional<String> optionalString(String key) {
    return optional(key, "text", Function.identity());
  }

  /// A value that must be there, made from its text.
  ///
  /// @param what names what is expected: "an address like 10.0.0.1:22"
  /// @param standIn what to go on with after a problem
  /// @param parse an `IllegalArgumentException` that it throws is a problem; its message is shown,
  ///   so it must not hold a secret
  public <T> T required(String key, String what, T standIn, Function<String, T> parse) {
    if (find(key) == null) {
      problems.add(node, "expected a key \"" + key + "\" with " + what);
      return standIn;
    }
    return optional(key, what, parse).orElse(standIn);
  }

  /// A value made from its text, if it is there; see [#required].
  public <T> Optional<T> optional(String key, String what, Function<String, T> parse) {
    @Nullable Node value = find(key);
    return value == null ? Optional.empty() : Scalars.parse(value, what, problems, parse);
  }

  /// A whole number between `least` and `most`, both inclusive.
  public long integer(String key, long least, long most) {
    String what = Scalars.wholeNumber(least, most);
    return required(key, what, least, text -> Scalars.integer(text, least, most));
  }

  /// A whole number between `least` and `most`, both inclusive, if it is there.
  public Optional<Long> optionalInteger(String key, long least, long most) {
    String what = Scalars.wholeNumber(least, most);
    return optional(key, what, text -> Scalars.integer(text, least, most));
  }

  /// `true` or `false`, or `fallback` if it is absent.
  public boolean bool(String key, boolean fallback) {
    return optional(key, "true or false", Scalars::bool).orElse(fallback);
  }

  /// One of an enum's constants, written in lower case with `-` for `_`, if it is there.
  public <E extends Enum<E>> Optional<E> optionalOneOf(String key, Class<E> type) {
    return optional(key, Scalars.names(type), text -> Scalars.constant(text, type));
  }

  /// A duration such as `500ms`, `45s`, `30m`, `8h`, `7d` or `1h30m`, if it is there.
  public Optional<Duration> optionalDuration(String key) {
    return optional(key, "a duration like 30m, 8h or 1h30m", Scalars::duration);
  }

  /// A duration, or `fallback` if it is absent; see [#optionalDuration].
  public Duration duration(String key, Duration fallback) {
    return optionalDuration(key).orElse(fallback);
  }

  /// A size in bytes such as `65536`, `64KiB`, `10GiB` or `1.5 GB`, if it is there.
  public Optional<Long> optionalBytes(String key) {
    return optional(key, "a size like 64KiB or 10GiB", Scalars::bytes);
  }

  /// A size in bytes, or `fallback` if it is absent; see [#optionalBytes].
  public long bytes(String key, long fallback) {
    return optionalBytes(key).orElse(fallback);
  }

  /// A moment with its offset such as `2030-01-01T00:00:00+09:00`, if it is there.
  public Optional<OffsetDateTime> optionalTimestamp(String key) {
    return optional(
        key, "a time with an offset like 2030-01-01T00:00:00+09:00", Scalars::timestamp);
  }

  /// A sequence of texts; empty if it is absent.
  public List<String> strings(String key) {
    return list(key, "text", Function.identity());
  }

  /// A sequence of values made from their texts; empty if it is absent. See [#required] for the
  /// arguments.
  public <T> List<T> list(String key, String what, Function<String, T> parse) {
    List<T> items = new ArrayList<>();
    for (Node item : items(key)) {
      Scalars.parse(item, what, problems, parse).ifPresent(items::add);
    }
    return List.copyOf(items);
  }

  /// One text or a sequence of texts, for keys that take either; empty if it is absent.
  public List<String> stringOrStrings(String key) {
    return isText(key) ? optionalString(key).stream().toList() : strings(key);
  }

  /// A mapping of texts to texts, in the document's order; empty if it is absent.
  public Map<String, String> stringMap(String key) {
    return optionalMapping(
            key,
            mapping -> {
              Map<String, String> texts = new LinkedHashMap<>();
              for (String name : mapping.keys()) {
                texts.put(name, mapping.string(name, ""));
              }
              return texts;
            })
        .orElseGet(Map::of);
  }

  /// A nested mapping, if it is there and without problems.
  public <T> Optional<T> optionalMapping(String key, Function<YamlMapping, T> reading) {
    @Nullable Node value = find(key);
    return value == null ? Optional.empty() : read(value, problems, reading);
  }

  /// A nested mapping that is read like an empty one if it is absent; `standIn` is what to go on
  /// with after a problem.
  public <T> T mapping(String key, T standIn, Function<YamlMapping, T> reading) {
    @Nullable Node value = find(key);
    Node nested =
        value != null
            ? value
            : new MappingNode(
                node.getTag(),
                true,
                List.of(),
                node.getFlowStyle(),
                node.getStartMark(),
                node.getEndMark());
    return read(nested, problems, reading).orElse(standIn);
  }

  /// A sequence of mappings, those without problems; empty if it is absent.
  public <T> List<T> mappings(String key, Function<YamlMapping, T> reading) {
    List<T> items = new ArrayList<>();
    for (Node item : items(key)) {
      read(item, problems, reading).ifPresent(items::add);
    }
    return List.copyOf(items);
  }

  /// Whether the value is a single text (or number, or truth value).
  public boolean isText(String key) {
    return find(key) instanceof ScalarNode;
  }

  /// Whether the value is a mapping.
  public boolean isMapping(String key) {
    return find(key) instanceof MappingNode;
  }

  /// Whether the value is a sequence.
  public boolean isSequence(String key) {
    return find(key) instanceof SequenceNode;
  }

  private List<Node> items(String key) {
    @Nullable Node value = find(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    problems.add(
        value, "expected a list ([a, b], or lines with \"- \"), found " + Scalars.kindOf(value));
    return List.of();
  }

  private @Nullable Node find(String key) {
    asked.add(key);
    @Nullable Node value = values.get(key);
    return value == null || Scalars.isNull(value) ? null : value;
  }

  private void take(NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problems.add(tuple.getKeyNode(), "expected a key that is plain text");
      return;
    }
    @Nullable Node first = keys.putIfAbsent(key.getValue(), key);
    if (first == null) {
      values.put(key.getValue(), tuple.getValueNode());
    } else {
      int line = first.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
      problems.add(
          key,
          "expected the key \""
              + Scalars.shown(key.getValue())
              + "\" once; it stands on line "
              + line
              + " already");
    }
  }

  private void refuseUnknownKeys() {
    keys.forEach(
        (name, key) -> {
          if (!asked.contains(name)) {
            String known =
                asked.isEmpty()
                    ? "expected no keys here"
                    : "expected one of " + asked.stream().collect(Collectors.joining(", "));
            problems.add(key, "unknown key \"" + Scalars.shown(name) + "\"; " + known);
          }
        });
  }
}
