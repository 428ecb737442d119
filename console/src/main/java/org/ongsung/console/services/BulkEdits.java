package org.ongsung.console.services;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.directory.Directory;
import org.ongsung.directory.access.AccessApplication;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessResult;
import org.ongsung.directory.bulk.BulkFormat;
import org.ongsung.directory.bulk.BulkImport;
import org.ongsung.directory.bulk.CsvExport;
import org.ongsung.directory.bulk.Imported;

/// Users and targets in and out by the list: what is read is applied as an access document is, all
/// of it or nothing.
public final class BulkEdits {
  private final Directory directory;
  private final AccessApplication access;

  public BulkEdits(Directory directory, AccessApplication access) {
    this.directory = directory;
    this.access = access;
  }

  /// Reads a list and applies it, or only says what that would change.
  ///
  /// @throws HttpProblem 422 naming every problem with its line
  /// @throws org.ongsung.directory.DirectoryRuleException when a rule would be broken
  public AccessResult apply(Caller caller, BulkFormat format, String text, boolean dryRun) {
    Imported imported;
    try {
      imported = BulkImport.read(format, text, directory.snapshot());
    } catch (AccessDocumentException e) {
      throw HttpProblem.ruleBroken(e.problems());
    }
    AccessResult result =
        dryRun
            ? access.preview(DirectoryEdits.actor(caller), imported.document(), false)
            : access.apply(DirectoryEdits.actor(caller), imported.document(), false);
    List<String> notes = new ArrayList<>(imported.notes());
    notes.addAll(result.notes());
    return new AccessResult(
        result.differences(),
        notes.subList(0, Math.min(notes.size(), BulkImport.MAX_NOTES)),
        result.applied());
  }

  /// All users as CSV.
  public String users(Locale language) {
    return CsvExport.users(directory.snapshot(), language);
  }

  /// All targets as CSV.
  public String targets(Locale language) {
    return CsvExport.targets(directory.snapshot(), language);
  }
}
