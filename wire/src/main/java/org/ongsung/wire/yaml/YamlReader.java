package org.ongsung.wire.yaml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads one YAML 1.2 document whose root is a mapping.
///
/// Keys are looked up by the reading function that the caller gives; whatever it did not look up is
/// an unknown key and so a problem, and so is a key that stands twice in a mapping. An empty
/// document is an empty mapping. More than one document in the source is a problem. Merge keys
/// (`<<`) are not YAML 1.2 and so are unknown keys.
public final class YamlReader {
  private final YamlLimits limits;
  private final Problems problems;

  private YamlReader(String source, YamlLimits limits) {
    this.limits = limits;
    this.problems = new Problems(source, limits.maxProblems());
  }

  /// What `reading` makes of the document in `utf8`.
  ///
  /// @param source the name that problems carry, such as the file's
  /// @param reading looks keys up and builds the result; an `IllegalArgumentException` that it
  ///   throws becomes a problem at the mapping that was being read, with the exception's message
  /// @throws YamlException with all problems, when there is any
  public static <T> T read(
      String source, byte[] utf8, YamlLimits limits, Function<YamlMapping, T> reading)
      throws YamlException {
    return new YamlReader(source, limits).read(utf8, reading);
  }

  /// The same for text that is in memory already.
  public static <T> T read(
      String source, String text, YamlLimits limits, Function<YamlMapping, T> reading)
      throws YamlException {
    return read(source, text.getBytes(StandardCharsets.UTF_8), limits, reading);
  }

  private <T> T read(byte[] utf8, Function<YamlMapping, T> reading) throws YamlException {
    Optional<T> result = Optional.empty();
    try {
      String text = decode(utf8);
      if (problems.none() && withinLimits(text)) {
        result = compose(text).flatMap(root -> YamlMapping.read(root, problems, reading));
      }
    } catch (Problems.TooMany e) {
      throw problems.toException();
    }
    if (!problems.none()) {
      throw problems.toException();
    }
    return result.orElseThrow(
        () -> new IllegalStateException("a reading function must not give null"));
  }

  private String decode(byte[] utf8) {
    if (utf8.length > limits.maxBytes()) {
      problems.add(1, 1, "expected at most " + limits.maxBytes() + " bytes, found " + utf8.length);
      return "";
    }
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int at = 0; at < bytes.position(); at++) {
        line += utf8[at] == '\n' ? 1 : 0;
      }
      problems.add(line, 1, "expected UTF-8 text, found bytes that are not");
      return "";
    }
  }

  /// Walks the events first: the parser keeps its own stack and so can meet any depth, the composer
  /// recurses.
  private boolean withinLimits(String text) {
    int depth = 0;
    int nodes = 0;
    try {
      for (Event event : new Parse(settings()).parseString(text)) {
        switch (event.getEventId()) {
          case MappingStart, SequenceStart -> {
            depth++;
            nodes++;
          }
          case MappingEnd, SequenceEnd -> depth--;
          case Scalar, Alias -> nodes++;
          default -> {}
        }
        if (depth > limits.maxDepth()) {
          problems.add(
              event.getStartMark(), "expected at most " + limits.maxDepth() + " levels of nesting");
        } else if (nodes > limits.maxNodes()) {
          problems.add(event.getStartMark(), "expected at most " + limits.maxNodes() + " values");
        }
        if (!problems.none()) {
          return false;
        }
      }
    } catch (YamlEngineException e) {
      addSyntaxProblem(e, text);
    }
    return problems.none();
  }

  private Optional<Node> compose(String text) {
    try {
      Node root =
          new Compose(settings())
              .composeString(text)
              .orElseGet(() -> new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK));
      return new AliasGuard().accepts(root) ? Optional.of(root) : Optional.empty();
    } catch (YamlEngineException e) {
      addSyntaxProblem(e, text);
      return Optional.empty();
    }
  }

  private LoadSettings settings() {
    return LoadSettings.builder()
        .setAllowDuplicateKeys(true) // told by YamlMapping, all of them and with both places
        .setAllowNonScalarKeys(true) // told by YamlMapping
        .setMaxAliasesForCollections(Integer.MAX_VALUE) // AliasGuard counts what they stand for
        .setCodePointLimit(Integer.MAX_VALUE) // the size in bytes was checked before
        .setUseMarks(true)
        .build();
  }

  private void addSyntaxProblem(YamlEngineException e, String text) {
    switch (e) {
      case MarkedYamlEngineException marked -> {
        @Nullable String context = marked.getContext();
        @Nullable String problem = marked.getProblem();
        String message =
            (context == null ? "" : context + ": ") + (problem == null ? "bad syntax" : problem);
        problems.add(
            marked.getProblemMark().or(marked::getContextMark), "this is not YAML: " + message);
      }
      case ReaderException unreadable -> {
        int end = Math.min(text.length(), Math.max(0, unreadable.getPosition()));
        int line = 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
        problems.add(
            line,
            1,
            "expected text, found the character U+%04X".formatted(unreadable.getCodePoint()));
      }
      default -> problems.add(1, 1, "this is not YAML: " + e.getMessage());
    }
  }

  /// Counts what the document becomes once its aliases are followed, and refuses a node that holds
  /// itself. An alias stands after its anchor, so its size is known when it is met: no deeper
  /// recursion than the nesting that was checked already.
  private final class AliasGuard {
    private final IdentityHashMap<Node, Integer> sizes = new IdentityHashMap<>();
    private final Set<Node> path = new HashSet<>();

    boolean accepts(Node root) {
      size(root);
      return problems.none();
    }

    private int size(Node node) {
      if (node instanceof ScalarNode || !problems.none()) {
        return 1;
      }
      @Nullable Integer known = sizes.get(node);
      if (known != null) {
        return known;
      }
      if (!path.add(node)) {
        problems.add(node, "expected no alias inside its own anchor");
        return 1;
      }
      long size = 1 + childrenSize(node);
      path.remove(node);
      if (size > limits.maxNodes()) {
        problems.add(
            node, "expected at most " + limits.maxNodes() + " values once aliases are followed");
        return 1;
      }
      sizes.put(node, (int) size);
      return (int) size;
    }

    private long childrenSize(Node node) {
      long size = 0;
      switch (node) {
        case MappingNode mapping -> {
          for (NodeTuple tuple : mapping.getValue()) {
            size += size(tuple.getKeyNode()) + size(tuple.getValueNode());
          }
        }
        case SequenceNode sequence -> {
          for (Node item : sequence.getValue()) {
            size += size(item);
          }
        }
        default -> {}
      }
      return size;
    }
  }
}
