package org.ongsung.store;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Lists and maps of texts as JSON in one column. Maps are sorted by key, so that equal ones read
/// equal.
final class JsonText {
  static final JsonFactory JSON = new JsonFactory();

  private JsonText() {}

  static String list(Collection<String> texts) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartArray();
      texts.forEach(text -> json.writeString(StoredText.clean(text)));
      json.writeEndArray();
    }
    return out.toString();
  }

  static String map(Map<String, String> texts) {
    if (texts.isEmpty()) {
      return "{}"; // as most events have no details
    }
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      for (Map.Entry<String, String> entry : new TreeMap<>(texts).entrySet()) {
        json.writeStringProperty(
            StoredText.clean(entry.getKey()), StoredText.clean(entry.getValue()));
      }
      json.writeEndObject();
    }
    return out.toString();
  }

  static List<String> list(String text) {
    List<String> texts = new ArrayList<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      expect(json.nextToken(), JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.VALUE_STRING) {
        texts.add(json.getString());
      }
      expect(json.currentToken(), JsonToken.END_ARRAY);
    }
    return texts;
  }

  static Map<String, String> map(String text) {
    Map<String, String> texts = new TreeMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        expect(json.nextToken(), JsonToken.VALUE_STRING);
        texts.put(key, json.getString());
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
    }
    return texts;
  }

  static void expect(JsonToken found, JsonToken expected) {
    if (found != expected) {
      throw new StoreFailure(
          StoreFailure.Kind.BROKEN,
          new IllegalStateException("the database holds " + found + " where " + expected + " was"));
    }
  }
}
