package org.ongsung.cli.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A login at a gateway elsewhere, kept between commands in a file of mode 0600.
///
/// @param address of the gateway's console
/// @param token what the API takes as proof; printed only as a mark
/// @param expiresAt as the gateway said it, or empty
public record SavedLogin(URI address, String user, String token, String expiresAt) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// The login that `file` keeps, if it is there and sound.
  ///
  /// @throws UncheckedIOException when others could read the file, with what to do in the message
  public static Optional<SavedLogin> load(Path file) {
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IOException(
            file + " holds a login and others may read it: chmod 600 it, or log in again");
      }
      JsonNode json = JSON.readTree(Files.readString(file));
      return Optional.of(
          new SavedLogin(
              URI.create(json.path("address").asString("")),
              json.path("user").asString(""),
              json.path("token").asString(""),
              json.path("expiresAt").asString("")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UncheckedIOException(
          new IOException(file + " is not a saved login; remove it and log in again", e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Keeps this login in `file`, whole or not at all.
  public void save(Path file) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("address", address.toString());
    json.put("user", user);
    json.put("token", token);
    json.put("expiresAt", expiresAt);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("no folder to keep a login in: " + file);
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path fresh =
        Files.createTempFile(
            folder, "login", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.writeString(fresh, json.toString());
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String toString() {
    return "SavedLogin[" + user + " at " + address + "]";
  }
}
