package org.ongsung.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.directory.access.AccessYaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `ongsung export`.
@Command(
    name = "export",
    description = {
      "Print users, groups, targets and grants as an access file, without secrets.",
      "Applying it again keeps the secrets and learned host keys that are there.",
      "With --format users-csv or targets-csv: those alone, as spreadsheets open them."
    })
final class ExportCommand extends GatewayCommand {
  /// What is printed.
  enum Form {
    ACCESS_FILE("access-file"),
    USERS_CSV("users-csv"),
    TARGETS_CSV("targets-csv");

    private final String text;

    Form(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text; // picocli reads and names it so
    }
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "access-file (the default), users-csv or targets-csv.")
  private Form format = Form.ACCESS_FILE;

  @Override
  void run(ApiClient gateway) throws AccessDocumentException, IOException {
    switch (format) {
      case ACCESS_FILE -> accessFile(gateway);
      case USERS_CSV -> csv(gateway, "users");
      case TARGETS_CSV -> csv(gateway, "targets");
    }
  }

  private void accessFile(ApiClient gateway) throws AccessDocumentException {
    JsonNode document = gateway.get("export", Map.of());
    if (json()) {
      printJson(document);
      return;
    }
    Object tree = JsonMapper.shared().convertValue(document, Object.class);
    surroundings().out().print(AccessYaml.write(AccessTree.read(tree)));
  }

  /// The file as it is: nothing in it is for a terminal to act on, since names and titles have no
  /// control characters.
  private void csv(ApiClient gateway, String entries) throws IOException {
    String language = surroundings().language().getLanguage();
    try (InputStream in =
        gateway.stream("GET", "export/" + entries + ".csv", Map.of("language", language))) {
      long _ = in.transferTo(surroundings().out());
    }
  }
}
