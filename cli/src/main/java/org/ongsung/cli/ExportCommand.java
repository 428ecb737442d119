package org.ongsung.cli;

import java.util.Map;
import org.ongsung.cli.client.ApiClient;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.directory.access.AccessYaml;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `ongsung export`.
@Command(
    name = "export",
    description = {
      "Print users, groups, targets and grants as an access file, without secrets.",
      "Applying it again keeps the secrets and learned host keys that are there."
    })
final class ExportCommand extends GatewayCommand {
  @Override
  void run(ApiClient gateway) throws AccessDocumentException {
    JsonNode document = gateway.get("export", Map.of());
    if (json()) {
      printJson(document);
      return;
    }
    Object tree = JsonMapper.shared().convertValue(document, Object.class);
    surroundings().out().print(AccessYaml.write(AccessTree.read(tree)));
  }
}
