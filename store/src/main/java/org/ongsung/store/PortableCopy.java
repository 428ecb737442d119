package org.ongsung.store;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/// The whole database as text that either kind of database reads back: a file of JSON lines for
/// each table, one object per row with the columns' names, and a manifest that says which versions
/// of the schema they are.
///
/// Numbers are JSON numbers, texts strings, and bytes `{"base64": "…"}`. The files are readable by
/// their owner alone: they hold password hashes and sealed secrets.
final class PortableCopy {
  /// The file that says what the others are; written last, so that a copy with one is whole.
  static final String MANIFEST = "manifest.json";

  private static final int BATCH_ROWS = 500;
  private static final int FETCH_ROWS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(PortableCopy.class);

  private final Database database;

  PortableCopy(Database database) {
    this.database = database;
  }

  /// Writes everything into `folder`, each schema as it was at one moment, the ledger last.
  void write(Path folder) {
    try {
      Map<String, Integer> versions = new LinkedHashMap<>();
      for (Schema schema : Schema.values()) {
        versions.put(schema.word(), database.version(schema));
        int _ = database.sql(schema).readAtLength(handle -> writeTables(schema, handle, folder));
      }
      writeManifest(folder, versions);
    } catch (UncheckedIOException | IOException e) {
      throw new DatabaseException("the copy cannot be written to " + folder, e);
    } catch (StoreFailure e) {
      throw new DatabaseException("the database could not be copied: " + e.shown(), e);
    }
  }

  private static int writeTables(Schema schema, Handle handle, Path folder) {
    try {
      for (String table : schema.tables()) {
        if (Schema.hasTable(handle.getConnection(), table)) {
          writeTable(handle.getConnection(), table, folder.resolve(table + ".jsonl"));
        }
      }
      return 0;
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeTable(Connection connection, String table, Path file)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        BufferedWriter out = create(file)) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery("select * from " + table + " order by 1")) {
        ResultSetMetaData columns = rows.getMetaData();
        while (rows.next()) {
          // A generator for each line: it puts nothing between one object and the next.
          try (JsonGenerator json =
              JsonText.JSON.createGenerator(ObjectWriteContext.empty(), new Unclosed(out))) {
            writeRow(json, rows, columns);
          }
          out.write('\n');
        }
      }
    }
    flushToDisk(file);
  }

  private static void writeRow(JsonGenerator json, ResultSet row, ResultSetMetaData columns)
      throws SQLException {
    json.writeStartObject();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      json.writeName(columns.getColumnName(i));
      switch (row.getObject(i)) {
        case null -> json.writeNull();
        case Number number -> json.writeNumber(number.longValue());
        case String text -> json.writeString(text);
        case byte[] bytes -> {
          json.writeStartObject();
          json.writeStringProperty("base64", Base64.getEncoder().encodeToString(bytes));
          json.writeEndObject();
        }
        case Object other ->
            throw new IllegalStateException(
                columns.getColumnName(i) + " is a " + other.getClass().getName());
      }
    }
    json.writeEndObject();
  }

  private static void writeManifest(Path folder, Map<String, Integer> versions) throws IOException {
    Path file = folder.resolve(MANIFEST);
    try (BufferedWriter out = create(file);
        JsonGenerator json = JsonText.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeNumberProperty("format", 1);
      versions.forEach(json::writeNumberProperty);
      json.writeEndObject();
    }
    flushToDisk(file);
  }

  private static BufferedWriter create(Path file) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.newBufferedWriter(file, StandardCharsets.UTF_8);
  }

  private static void flushToDisk(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /// Fills the empty database with what [#write] wrote, at the versions that the schemas had; a
  /// migration brings them on from there. When that fails the database is empty again.
  ///
  /// @throws SchemaTooNewException when a newer version wrote the copy
  void read(Path folder) {
    if (database.schemaState() != SchemaState.EMPTY) {
      throw new DatabaseException(
          "the database already holds something: restore into an empty one, not "
              + database.shown());
    }
    try {
      fill(folder, versions(folder));
    } catch (IOException | JacksonException e) {
      throw new DatabaseException("the copy cannot be read from " + folder, e);
    }
  }

  private static Map<Schema, Integer> versions(Path folder) throws IOException {
    Map<String, Object> manifest = readManifest(folder.resolve(MANIFEST));
    Map<Schema, Integer> versions = new EnumMap<>(Schema.class);
    for (Schema schema : Schema.values()) {
      int version = version(manifest, schema);
      if (version > schema.newest()) {
        throw new SchemaTooNewException(folder.toString(), version, schema.newest());
      }
      versions.put(schema, version);
    }
    return versions;
  }

  private void fill(Path folder, Map<Schema, Integer> versions) {
    try {
      for (Schema schema : Schema.values()) {
        database.migrate(schema, versions.getOrDefault(schema, schema.newest()));
        int _ = database.sql(schema).writeAtLength(handle -> readTables(schema, handle, folder));
      }
    } catch (UncheckedIOException | JacksonException e) {
      throw new DatabaseException("the copy cannot be read from " + folder + emptied(), e);
    } catch (StoreFailure e) {
      throw new DatabaseException("the database could not be filled: " + e.shown() + emptied(), e);
    } catch (DatabaseException e) {
      throw new DatabaseException(e.getMessage() + emptied(), e);
    }
  }

  /// Takes away what was filled so far, so that the same database can be tried again.
  ///
  /// @return what to add to the message: nothing, or that it could not
  private String emptied() {
    try {
      for (Schema schema : Schema.values()) {
        int _ =
            database
                .sql(schema)
                .writeAtLength(
                    handle -> {
                      schema.drop(handle, database.sql(schema).dialect());
                      return 0;
                    });
      }
      return "";
    } catch (StoreFailure e) {
      LOG.error("what was restored so far cannot be taken away again", e);
      return "; it is filled in part: drop it, make a new one and try again";
    }
  }

  private static int version(Map<String, Object> manifest, Schema schema) {
    if (manifest.get(schema.word()) instanceof Long version && version >= 1) {
      return Math.toIntExact(version);
    }
    throw new DatabaseException("the copy's manifest does not say its version of " + schema.word());
  }

  private static Map<String, Object> readManifest(Path file) throws IOException {
    Map<String, Object> manifest = readObject(Files.readString(file));
    if (!Long.valueOf(1).equals(manifest.get("format"))) {
      throw new DatabaseException("the copy is in a format that this version does not know");
    }
    return manifest;
  }

  private static int readTables(Schema schema, Handle handle, Path folder) {
    Connection connection = handle.getConnection();
    try {
      for (String table : schema.tables()) {
        Path file = folder.resolve(table + ".jsonl");
        if (Files.exists(file) && Schema.hasTable(connection, table)) {
          readTable(connection, table, file);
        }
      }
      if (schema == Schema.MAIN) {
        continueIdentity(connection);
      }
      return 0;
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readTable(Connection connection, String table, Path file)
      throws SQLException, IOException {
    if (table.equals("directory_version")) {
      try (Statement statement = connection.createStatement()) {
        int _ = statement.executeUpdate("delete from directory_version"); // the migration's row
      }
    }
    Set<String> known = columns(connection, table);
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = in.readLine();
      if (line == null) {
        return;
      }
      List<String> columns = List.copyOf(readObject(line).keySet());
      if (!known.containsAll(columns)) {
        throw new DatabaseException("the copy of " + table + " has columns that are not known");
      }
      try (PreparedStatement insert = connection.prepareStatement(insert(table, columns))) {
        for (int row = 1; line != null; line = in.readLine(), row++) {
          bind(insert, columns, readObject(line));
          insert.addBatch();
          if (row % BATCH_ROWS == 0) {
            int[] _ = insert.executeBatch();
          }
        }
        int[] _ = insert.executeBatch();
      }
    }
  }

  private static Set<String> columns(Connection connection, String table) throws SQLException {
    Set<String> columns = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery("select * from " + table + " where 1 = 0")) {
      for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
        columns.add(none.getMetaData().getColumnName(i).toLowerCase(Locale.ROOT));
      }
    }
    return columns;
  }

  private static String insert(String table, List<String> columns) {
    String marks = String.join(", ", Collections.nCopies(columns.size(), "?"));
    return "insert into " + table + " (" + String.join(", ", columns) + ") values (" + marks + ")";
  }

  private static void bind(PreparedStatement insert, List<String> columns, Map<String, Object> row)
      throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      switch (row.get(columns.get(i))) {
        case Long number -> insert.setLong(i + 1, number);
        case String text -> insert.setString(i + 1, text);
        case byte[] bytes -> insert.setBytes(i + 1, bytes);
        case null, default -> insert.setObject(i + 1, null);
      }
    }
  }

  /// Lets PostgreSQL count on from the highest id that was brought along; SQLite does by itself.
  private static void continueIdentity(Connection connection) throws SQLException {
    if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
      return;
    }
    continueIdentity(connection, "file_operations", "id");
    if (Schema.hasTable(connection, "transcript_lines")) {
      continueIdentity(connection, "transcript_lines", "sequence");
      continueIdentity(connection, "transcript_drops", "sequence");
    }
  }

  private static void continueIdentity(Connection connection, String table, String column)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean _ =
          statement.execute(
              "select setval(pg_get_serial_sequence('%1$s', '%2$s'), coalesce(max(%2$s), 0) + 1, false) from %1$s"
                  .formatted(table, column));
    }
  }

  /// Deletes a portable copy and its folder.
  static void delete(Path folder) {
    for (Schema schema : Schema.values()) {
      schema.tables().forEach(table -> deleteQuietly(folder.resolve(table + ".jsonl")));
    }
    deleteQuietly(folder.resolve(MANIFEST));
    deleteQuietly(folder);
  }

  /// Deletes a scratch file; one that stays is a temporary file like others.
  static void deleteQuietly(Path file) {
    try {
      boolean _ = Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("a temporary file could not be deleted: {}", file, e);
    }
  }

  /// Numbers as Long, texts as String, `{"base64"}` as bytes, null as [Absent].
  private static Map<String, Object> readObject(String line) {
    Map<String, Object> object = new LinkedHashMap<>();
    try (JsonParser json = JsonText.JSON.createParser(ObjectReadContext.empty(), line)) {
      JsonText.expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        object.put(name, readValue(json));
      }
    }
    return object;
  }

  private static Object readValue(JsonParser json) {
    return switch (json.nextToken()) {
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_STRING -> json.getString();
      case VALUE_NULL -> Absent.NULL;
      case START_OBJECT -> {
        JsonText.expect(json.nextToken(), JsonToken.PROPERTY_NAME);
        JsonText.expect(json.nextToken(), JsonToken.VALUE_STRING);
        byte[] bytes = Base64.getDecoder().decode(json.getString());
        JsonText.expect(json.nextToken(), JsonToken.END_OBJECT);
        yield bytes;
      }
      case JsonToken other ->
          throw new DatabaseException("the copy holds " + other + " where a value should be");
    };
  }

  /// Stands for null in a map.
  private enum Absent {
    NULL
  }

  /// Keeps the file open when a line's generator is closed.
  private static final class Unclosed extends java.io.FilterWriter {
    Unclosed(java.io.Writer out) {
      super(out);
    }

    @Override
    public void flush() {
      // The file flushes when it is full.
    }

    @Override
    public void close() {
      // Another line follows.
    }
  }
}
