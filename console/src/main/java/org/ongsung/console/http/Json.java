package org.ongsung.console.http;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON in and out of plain maps, lists, texts, numbers and truths; nothing else, so that no class
/// is ever named by a request.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(50)
                          .maxStringLength(20_000_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /// Reads one object.
  ///
  /// @throws HttpProblem 400 when it is not JSON, not an object, or nested deeper than 50
  static Map<String, Object> readObject(byte[] json) {
    try {
      Map<String, Object> object = MAPPER.readValue(json, new TypeReference<>() {});
      if (object == null) {
        throw HttpProblem.badRequest("send a JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw HttpProblem.badRequest("not a JSON object: " + e.getOriginalMessage());
    }
  }

  /// Reads any JSON of our own making, such as a line of a recording: maps, lists, texts, numbers,
  /// truths. What is no JSON is an empty text.
  public static Object parse(String json) {
    try {
      Object value = MAPPER.readValue(json, Object.class);
      return value == null ? "" : value;
    } catch (JacksonException e) {
      return "";
    }
  }

  /// Writes maps, lists, texts, numbers, truths and nulls; one line, no line break at the end.
  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /// The same as text.
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// A reply of status 200.
  public static Reply ok(Object value) {
    return Reply.json(200, write(value));
  }
}
