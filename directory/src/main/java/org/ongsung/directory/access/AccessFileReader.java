package org.ongsung.directory.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.ongsung.directory.Problem;
import org.ongsung.wire.yaml.YamlException;
import org.ongsung.wire.yaml.YamlLimits;
import org.ongsung.wire.yaml.YamlProblem;
import org.ongsung.wire.yaml.YamlReader;

/// Reads an access file with all the key and password files that it names, so that the document
/// needs nothing else. Paths in it are relative to the folder it lies in.
public final class AccessFileReader {
  private AccessFileReader() {}

  /// Reads `file`.
  ///
  /// @throws AccessDocumentException naming every problem with its line and column
  public static AccessDocument read(Path file) throws AccessDocumentException {
    byte[] bytes;
    try (java.io.InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(YamlLimits.DEFAULT.maxBytes() + 1);
    } catch (NoSuchFileException e) {
      throw new AccessDocumentException(List.of(inFile(file + ": no such file")));
    } catch (IOException e) {
      throw new AccessDocumentException(
          List.of(inFile(file + ": it cannot be read: " + e.getMessage())));
    }
    Path parent = file.toAbsolutePath().getParent();
    return read(file.toString(), bytes, parent == null ? file : parent);
  }

  /// Reads a document that is in memory.
  ///
  /// @param source how problems name it
  /// @param base the folder that its relative paths start from
  public static AccessDocument read(String source, byte[] utf8, Path base)
      throws AccessDocumentException {
    AccessReading reading = new AccessReading(new SecretFiles(base));
    try {
      return YamlReader.read(
          source, utf8, YamlLimits.DEFAULT, root -> reading.document(new YamlFields(root)));
    } catch (YamlException e) {
      throw new AccessDocumentException(
          e.problems().stream().map(YamlProblem::toString).map(AccessFileReader::inFile).toList());
    }
  }

  private static Problem inFile(String text) {
    return Problem.of(Problem.Code.IN_FILE, text);
  }
}
