package org.ongsung.server.running;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.ongsung.audit.LedgerEntry;
import org.ongsung.console.page.LedgerWords;
import org.ongsung.console.text.Language;
import org.ongsung.console.text.Messages;
import org.ongsung.console.text.Shapes;
import org.ongsung.console.text.Wording;
import org.ongsung.model.AuditEvent;

/// Events of the ledger for whoever reads them in a mail: in their language, in the words that the
/// console has for them.
final class MailWords {
  private final Messages messages;
  private final Shapes shapes;
  private final LedgerWords words;

  /// @param zone of the moments
  MailWords(Language language, ZoneId zone) {
    this.messages = Messages.of(language);
    this.shapes = new Shapes(messages, zone);
    this.words = new LedgerWords(new Wording(messages), shapes);
  }

  /// What happened, and to what.
  String title(AuditEvent event) {
    return (code(event) + ": " + event.subject()).replaceFirst(": $", "");
  }

  private String code(AuditEvent event) {
    return words.wording().word("code", event.code().text());
  }

  /// Who, when, from where, and all else, each on a line.
  List<String> lines(AuditEvent event) {
    List<String> lines = new ArrayList<>();
    lines.add(line(messages.text("ledger.at"), shapes.momentAndZone(event.at())));
    lines.add(line(messages.text("ledger.actor"), event.actor()));
    if (!event.source().isEmpty()) {
      lines.add(line(messages.text("field.source"), event.source()));
    }
    event
        .details()
        .forEach((name, value) -> lines.add(line(words.name(name), words.value(name, value))));
    lines.add(line(messages.text("ledger.code"), event.code().text()));
    return lines;
  }

  private static String line(String name, String value) {
    return name + ": " + value;
  }

  /// The title where many are told together.
  String titleOf(int more) {
    return messages.text("mail.more", more);
  }

  /// One of many on a line.
  String line(LedgerEntry entry) {
    return shapes.momentAndZone(entry.event().at()) + " " + title(entry.event());
  }
}
