package org.ongsung.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ongsung.cli.words.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `ongsung target add|set`.
@Command
final class TargetSetCommand extends EntrySetCommand {
  @Option(names = "--title", paramLabel = "TEXT", description = "What people read beside the name.")
  private @Nullable String title;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = "How the target is spoken to: ssh or telnet. Default: ssh.")
  private @Nullable String protocol;

  @Option(
      names = "--address",
      paramLabel = "HOST[:PORT]",
      description = "Where the target listens, such as 10.0.0.7:22 or [2001:db8::7]:22.")
  private @Nullable String address;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label; several times. KEY= removes one.")
  private @Nullable Map<String, String> labels;

  @Option(
      names = "--host-key-file",
      paramLabel = "FILE",
      description = "The target's SSH host keys, one a line, pinned. As in /etc/ssh/*.pub there.")
  private @Nullable Path hostKeyFile;

  @Option(
      names = "--trust-on-first-use",
      description = "Learn the target's host key at the first connection instead.")
  private boolean trustOnFirstUse;

  @Option(
      names = "--account",
      paramLabel = "NAME",
      description = "The account that the options below speak of; added where it is not there.")
  private @Nullable String account;

  @Option(
      names = "--login",
      paramLabel = "TEXT",
      description = "The account's login on the target. Default: its name.")
  private @Nullable String login;

  @Option(
      names = "--private-key-file",
      paramLabel = "FILE",
      description = "The account's SSH private key without passphrase, mode 0600; read and sealed.")
  private @Nullable Path privateKeyFile;

  @Option(names = "--password", description = "Ask for the account's password.")
  private boolean askPassword;

  @Option(
      names = "--password-stdin",
      description = "Take the account's password from the first line of standard input.")
  private boolean passwordFromStdin;

  @Option(names = "--remove-account", paramLabel = "NAME", description = "Remove an account.")
  private @Nullable String removedAccount;

  TargetSetCommand() {
    super(EntryKind.TARGET);
  }

  @Override
  void change(ObjectNode entry) throws IOException {
    if (protocol != null || !entry.has("protocol")) {
      entry.put("protocol", protocol == null ? "ssh" : protocol);
    }
    putText(entry, "title", title);
    putText(entry, "address", address);
    putLabels(entry, labels);
    changeHostKeys(entry);
    if (removedAccount != null) {
      removeAccount(entry, removedAccount);
    }
    if (account != null) {
      changeAccount(accountIn(entry, account));
    } else if (login != null || privateKeyFile != null || askPassword || passwordFromStdin) {
      throw usage(Phrase.of("need-account"), Phrase.of("need-account.advice"));
    }
  }

  private void changeHostKeys(ObjectNode entry) throws IOException {
    if (!entry.path("protocol").asString("").equals("ssh")) {
      entry.remove("hostKeys"); // it has none; what else is wrong the gateway says
      return;
    }
    if (hostKeyFile != null) {
      ArrayNode keys = entry.putArray("hostKeys");
      Files.readString(surroundings().folder().resolve(hostKeyFile))
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(keys::add);
    } else if (trustOnFirstUse) {
      entry.put("hostKeys", "trust-on-first-use");
    } else if (!entry.has("hostKeys")) {
      throw usage(Phrase.of("need-host-key"), Phrase.of("need-host-key.advice"));
    }
  }

  private static void removeAccount(ObjectNode entry, String name) {
    if (entry.get("accounts") instanceof ArrayNode accounts) {
      for (int i = accounts.size() - 1; i >= 0; i--) {
        if (accounts.get(i).path("name").asString("").equals(name)) {
          accounts.remove(i);
          return;
        }
      }
    }
    throw usage(Phrase.of("no-account", name), Phrase.of("no-account.advice"));
  }

  private static ObjectNode accountIn(ObjectNode entry, String name) {
    ArrayNode accounts =
        entry.get("accounts") instanceof ArrayNode found ? found : entry.putArray("accounts");
    for (JsonNode candidate : accounts) {
      if (candidate.path("name").asString("").equals(name)
          && candidate instanceof ObjectNode object) {
        return object;
      }
    }
    return accounts.addObject().put("name", name);
  }

  private void changeAccount(ObjectNode account) throws IOException {
    SecretInput secrets = new SecretInput(surroundings());
    putText(account, "login", login);
    if (privateKeyFile != null) {
      account.putObject("privateKey").put("plain", secrets.file(privateKeyFile));
    }
    if (askPassword || passwordFromStdin) {
      String question = words("ask.account", account.path("name").asString(""));
      account.putObject("password").put("plain", secrets.existing(question, passwordFromStdin));
    }
  }
}
