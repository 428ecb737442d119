package org.ongsung.directory.bulk;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.directory.access.AccessDocumentException;
import org.ongsung.directory.access.AccessExporter;
import org.ongsung.directory.access.AccessTree;
import org.ongsung.directory.access.TargetEntry;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;

/// Targets, one a line. The secrets of their accounts are no column; those that are there stay.
final class TargetLines extends CsvLines<TargetEntry> {
  static final Set<Column> COLUMNS =
      EnumSet.of(
          Column.NAME,
          Column.TITLE,
          Column.PROTOCOL,
          Column.ADDRESS,
          Column.PORT,
          Column.LABELS,
          Column.ACCOUNTS,
          Column.HOST_KEYS,
          Column.ENCODING,
          Column.LOGIN_PROMPTS,
          Column.PASSWORD_PROMPTS,
          Column.READY_PROMPTS,
          Column.REFUSED_PROMPTS);

  private final DirectorySnapshot now;

  TargetLines(DirectorySnapshot now, Findings findings) {
    super(COLUMNS, findings);
    this.now = now;
  }

  @Override
  Optional<Map<String, Object>> there(Name name) {
    return now.target(name).map(AccessExporter::export).map(AccessTree::write);
  }

  @Override
  void lay(Cells cells, Map<String, Object> tree) {
    cells.text(Column.TITLE, "title", tree);
    cells
        .said(Column.PROTOCOL)
        .ifPresent(text -> tree.put("protocol", text.toLowerCase(Locale.ROOT)));
    tree.putIfAbsent("protocol", Protocol.SSH.text());
    if (cells.said(Column.ADDRESS).isPresent() || cells.said(Column.PORT).isPresent()) {
      tree.put("address", address(cells, tree));
    }
    cells.said(Column.LABELS).ifPresent(text -> tree.put("labels", labels(text)));
    cells.said(Column.ACCOUNTS).ifPresent(text -> tree.put("accounts", accounts(text, tree)));
    cells
        .said(Column.HOST_KEYS)
        .ifPresent(
            text ->
                tree.put(
                    "hostKeys",
                    text.isEmpty() || text.equals(HostKeyPolicy.TRUST_ON_FIRST_USE.text())
                        ? HostKeyPolicy.TRUST_ON_FIRST_USE.text()
                        : UserLines.keys(text)));
    tree.putIfAbsent("hostKeys", HostKeyPolicy.TRUST_ON_FIRST_USE.text());
    cells.text(Column.ENCODING, "encoding", tree);
    tree.computeIfPresent("encoding", (_, text) -> text.toString().toLowerCase(Locale.ROOT));
    tree.put("prompts", prompts(cells, tree));
  }

  /// Those that are there with those that the line says: a cell of its own for each kind, one
  /// pattern a line, since a pattern may hold any character.
  private static Map<String, Object> prompts(Cells cells, Map<String, Object> tree) {
    Map<String, Object> prompts = new LinkedHashMap<>();
    if (tree.get("prompts") instanceof Map<?, ?> there) {
      there.forEach((kind, patterns) -> prompts.put(String.valueOf(kind), patterns));
    }
    cells.lines(Column.LOGIN_PROMPTS, "login", prompts);
    cells.lines(Column.PASSWORD_PROMPTS, "password", prompts);
    cells.lines(Column.READY_PROMPTS, "ready", prompts);
    cells.lines(Column.REFUSED_PROMPTS, "refused", prompts);
    return prompts;
  }

  /// The address with its port, which may stand in a column of its own.
  private static String address(Cells cells, Map<String, Object> tree) {
    String said = cells.said(Column.ADDRESS).orElse("");
    String port = cells.said(Column.PORT).orElse("");
    if (said.isEmpty()) {
      String there = String.valueOf(tree.getOrDefault("address", ""));
      said = there.replaceFirst(":[0-9]+$", "");
    }
    boolean bareSix = said.indexOf(':') != said.lastIndexOf(':') && !said.startsWith("[");
    String host = bareSix ? "[" + said + "]" : said;
    if (port.isEmpty()) {
      return host;
    }
    int number = port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
    if (number < 1 || number > 65_535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not \"" + port + "\"");
    }
    HostAndPort address;
    try {
      address = HostAndPort.parse(host, number);
    } catch (IllegalArgumentException e) {
      return host; // which the entry then complains of, as of any address
    }
    if (address.port() != number) {
      throw new IllegalArgumentException(
          "the address says port " + address.port() + ", and the column says " + number);
    }
    return address.toString();
  }

  static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String item : Cells.items(text)) {
      int equals = item.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "labels are like env=prod; team=web, not \"" + item + "\"");
      }
      labels.put(item.substring(0, equals).strip(), item.substring(equals + 1).strip());
    }
    return labels;
  }

  /// `name` or `name=login`; what is there under a name stays but for its login.
  private static List<Map<String, Object>> accounts(String text, Map<String, Object> tree) {
    List<Map<String, Object>> accounts = new ArrayList<>();
    for (String item : Cells.items(text)) {
      int equals = item.indexOf('=');
      String name = equals < 0 ? item : item.substring(0, equals).strip();
      Map<String, Object> account = new LinkedHashMap<>(HostTargets.account(tree, name));
      account.put("name", name);
      if (equals >= 0) {
        account.put("login", item.substring(equals + 1).strip());
      }
      accounts.add(account);
    }
    return accounts;
  }

  @Override
  TargetEntry entry(Name name, Map<String, Object> tree) throws AccessDocumentException {
    return AccessTree.readTarget(name, tree);
  }
}
