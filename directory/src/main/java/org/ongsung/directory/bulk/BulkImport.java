package org.ongsung.directory.bulk;

import java.util.List;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.access.AccessDocument;
import org.ongsung.directory.access.AccessDocumentException;

/// Reads a list of users or targets as an access document about them and nobody else. What the list
/// does not say about somebody who is there stays as it is; secrets never stand in a list.
public final class BulkImport {
  /// The longest list, in characters, inclusive.
  public static final int MAX_CHARACTERS = 8 << 20;

  /// The most entries of one list, inclusive.
  public static final int MAX_ENTRIES = 50_000;

  /// The most problems that are told at once, inclusive.
  static final int MAX_PROBLEMS = 100;

  /// The most notes, inclusive.
  public static final int MAX_NOTES = 100;

  private BulkImport() {}

  /// Reads `text`.
  ///
  /// @param now what is there
  /// @throws AccessDocumentException naming every problem with its line, 100 at most
  public static Imported read(BulkFormat format, String text, DirectorySnapshot now)
      throws AccessDocumentException {
    Findings findings = new Findings();
    if (text.length() > MAX_CHARACTERS) {
      findings.problem(1, "a list has at most " + MAX_CHARACTERS + " characters");
      findings.finish();
    }
    AccessDocument document =
        switch (format) {
          case USERS_CSV ->
              new AccessDocument(
                  new UserLines(now, findings).read(text), List.of(), List.of(), List.of());
          case TARGETS_CSV ->
              new AccessDocument(
                  List.of(), List.of(), new TargetLines(now, findings).read(text), List.of());
          case ANSIBLE_INI -> hosts(now, findings, InventoryIni.read(text, findings).hosts());
          case ANSIBLE_YAML -> hosts(now, findings, InventoryYaml.read(text, findings).hosts());
          case SSH_CONFIG -> hosts(now, findings, SshConfig.read(text, findings));
        };
    findings.finish();
    return new Imported(document, findings.notes());
  }

  private static AccessDocument hosts(
      DirectorySnapshot now, Findings findings, List<FoundHost> hosts) {
    return new AccessDocument(
        List.of(), List.of(), new HostTargets(now, findings).targets(hosts), List.of());
  }
}
