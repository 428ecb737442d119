package org.ongsung.server.upkeep;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a backup holds; the last entry of its archive, so that an archive that was cut has none.
///
/// @param version of the Ongsung that wrote it
/// @param sha256 lower-case hex of each file's content, by its name
record BackupManifest(String version, Instant createdAt, SortedMap<String, String> sha256) {
  /// Its name in the archive.
  static final String NAME = "ONGSUNG-BACKUP.json";

  private static final int FORMAT = 1;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  BackupManifest {
    sha256 = Collections.unmodifiableSortedMap(new TreeMap<>(sha256));
  }

  byte[] toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("version", version);
    json.put("createdAt", createdAt.toString());
    ObjectNode files = json.putObject("sha256");
    sha256.forEach(files::put);
    return JSON.writeValueAsBytes(json);
  }

  /// Reads it again; throws [IllegalArgumentException] when it is not one of this format.
  static BackupManifest parse(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      if (json.path("format").asInt(0) != FORMAT) {
        throw new IllegalArgumentException(
            "the backup has format " + json.path("format").asInt(0) + "; this version reads 1");
      }
      TreeMap<String, String> sums = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : json.path("sha256").properties()) {
        sums.put(entry.getKey(), entry.getValue().asString(""));
      }
      return new BackupManifest(
          json.path("version").asString(""),
          Instant.parse(json.path("createdAt").asString("")),
          sums);
    } catch (JacksonException | DateTimeParseException e) {
      throw new IllegalArgumentException("the backup's list of files is damaged", e);
    }
  }
}
