package org.ongsung.gateway.terminal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Account;
import org.ongsung.model.Shown;
import org.ongsung.model.Target;
import org.ongsung.policy.AccessRequest;
import org.ongsung.policy.ReachableTarget;

/// A list to choose from, drawn on a person's terminal: typing filters, the arrows move, Enter
/// chooses, Esc and Ctrl-C leave.
///
/// Pure: bytes typed go in, text for the terminal comes out. It needs nothing of the terminal but
/// the cursor addressing of ECMA-48 and the alternate screen that xterm has; it fits from 20×5 on.
public final class TargetMenu {
  /// A terminal's size in cells.
  public record Size(int columns, int rows) {}

  /// What came of typing.
  public sealed interface Outcome {
    /// Text for the terminal.
    String text();

    /// Goes on.
    record Show(String text) implements Outcome {}

    /// The person chose.
    ///
    /// @param rest what they typed after that
    record Chosen(String text, AccessRequest access, String rest) implements Outcome {}

    /// The person left.
    record Left(String text) implements Outcome {}
  }

  /// One line of the list.
  private record Entry(String name, String title, String labels, AccessRequest access) {
    boolean matches(String[] words) {
      String all = (name + " " + title + " " + labels).toLowerCase(Locale.ROOT);
      for (String word : words) {
        if (!all.contains(word)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final String ESC = "\u001b";
  private static final String ENTER_SCREEN = ESC + "[?1049h" + ESC + "[?25l";

  /// What gives the terminal back as it was.
  public static final String LEAVE_SCREEN = ESC + "[?25h" + ESC + "[?1049l";

  private static final int MAX_FILTER_CHARACTERS = 60;
  private static final int FRAME_ROWS = 5;

  private final String heading;
  private final List<Entry> entries;
  private final Locale locale;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.IGNORE)
          .onUnmappableCharacter(CodingErrorAction.IGNORE);
  private final ByteBuffer undecoded = ByteBuffer.allocate(8_192);
  private String filter = "";
  private List<Entry> matching;
  private int selected;

  private TargetMenu(String heading, List<Entry> entries, Locale locale) {
    this.heading = heading;
    this.entries = entries;
    this.matching = entries;
    this.locale = locale;
  }

  /// Where to? One line for each target; one that has several accounts asks for it afterwards.
  public static TargetMenu ofTargets(List<ReachableTarget> targets, Locale locale) {
    List<Entry> entries = new ArrayList<>();
    for (ReachableTarget reachable : targets) {
      Target target = reachable.target();
      String labels =
          target.labels().entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .sorted()
              .collect(Collectors.joining(" "));
      entries.add(
          new Entry(
              target.name().value(),
              target.title().value(),
              Shown.plain(labels, 200),
              new AccessRequest(target.name().value(), null)));
    }
    return new TargetMenu(TerminalWords.text(locale, "menu.targets"), entries, locale);
  }

  /// As whom? One line for each account.
  public static TargetMenu ofAccounts(Target target, List<Account> accounts, Locale locale) {
    List<Entry> entries = new ArrayList<>();
    for (Account account : accounts) {
      String name = account.name().value();
      String login = account.login().equals(name) ? "" : Shown.plain(account.login(), 100);
      entries.add(new Entry(name, login, "", new AccessRequest(target.name().value(), name)));
    }
    return new TargetMenu(
        TerminalWords.text(locale, "menu.accounts", target.name()), entries, locale);
  }

  /// The first picture.
  public String open(Size size) {
    return ENTER_SCREEN + draw(size);
  }

  /// The picture at another size.
  public String resized(Size size) {
    return draw(size);
  }

  /// Takes what was typed.
  public Outcome typed(byte[] bytes, Size size) {
    String text = decode(bytes);
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      if (codePoint == 0x1b) {
        int end = sequenceEnd(text, at);
        if (end == at + 1) {
          return new Outcome.Left(LEAVE_SCREEN);
        }
        move(text.substring(at, end), size);
        at = end;
        continue;
      }
      at += Character.charCount(codePoint);
      Outcome outcome = key(codePoint, text.substring(at));
      if (outcome != null) {
        return outcome;
      }
    }
    return new Outcome.Show(draw(size));
  }

  private @Nullable Outcome key(int codePoint, String rest) {
    switch (codePoint) {
      case '\r', '\n' -> {
        if (!matching.isEmpty()) {
          Entry chosen = matching.get(selected);
          String connecting =
              TerminalWords.text(locale, "menu.connecting", chosen.access().target()) + "\r\n";
          return new Outcome.Chosen(LEAVE_SCREEN + connecting, chosen.access(), rest);
        }
      }
      case 0x03, 0x04 -> {
        return new Outcome.Left(LEAVE_SCREEN);
      }
      case 0x7f, 0x08 ->
          filterBy(
              filter.isEmpty()
                  ? filter
                  : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1)));
      case 0x15 -> filterBy("");
      case 0x10 -> select(selected - 1);
      case 0x0e, '\t' -> select(selected + 1);
      default -> {
        if (codePoint >= ' '
            && !Character.isISOControl(codePoint)
            && filter.length() < MAX_FILTER_CHARACTERS) {
          filterBy(filter + Character.toString(codePoint));
        }
      }
    }
    return null;
  }

  private void move(String sequence, Size size) {
    int page = Math.max(1, size.rows() - FRAME_ROWS);
    switch (sequence.charAt(sequence.length() - 1)) {
      case 'A' -> select(selected - 1);
      case 'B' -> select(selected + 1);
      case 'H' -> select(0);
      case 'F' -> select(matching.size() - 1);
      case '~' -> {
        if (sequence.contains("5")) {
          select(selected - page);
        } else if (sequence.contains("6")) {
          select(selected + page);
        }
      }
      default -> {}
    }
  }

  /// The end of an escape sequence; one past its start when it is a lone Esc.
  private static int sequenceEnd(String text, int start) {
    int at = start + 1;
    if (at >= text.length() || (text.charAt(at) != '[' && text.charAt(at) != 'O')) {
      return at;
    }
    at++;
    while (at < text.length() && (text.charAt(at) < '@' || text.charAt(at) > '~')) {
      at++;
    }
    return Math.min(text.length(), at + 1);
  }

  private void select(int index) {
    selected = Math.clamp(index, 0, Math.max(0, matching.size() - 1));
  }

  private void filterBy(String text) {
    filter = text;
    String[] words = text.toLowerCase(Locale.ROOT).strip().split("\\s+");
    matching = entries.stream().filter(entry -> entry.matches(words)).toList();
    selected = 0;
  }

  private String decode(byte[] bytes) {
    undecoded.put(bytes, 0, Math.min(bytes.length, undecoded.remaining())).flip();
    CharBuffer decoded = CharBuffer.allocate(undecoded.remaining() + 1);
    decoder.decode(undecoded, decoded, false);
    undecoded.compact();
    return decoded.flip().toString();
  }

  private String draw(Size size) {
    int columns = Math.max(20, size.columns());
    int list = Math.max(1, size.rows() - FRAME_ROWS);
    int first = Math.clamp(selected - list + 1L, 0, Math.max(0, selected));
    StringBuilder out = new StringBuilder(columns * size.rows() + 64);
    out.append(ESC).append("[H");
    line(out, ESC + "[1m" + TerminalCells.fit(heading, columns - 1) + ESC + "[0m");
    String asked = TerminalWords.text(locale, "menu.filter") + " " + filter + "_";
    line(out, TerminalCells.fit(asked, columns - 1));
    line(out, "");
    int[] widths = widths(columns - 3);
    for (int row = first; row < first + list; row++) {
      if (row < matching.size()) {
        line(out, row(matching.get(row), widths, row == selected));
      } else if (row == 0) {
        line(out, "  " + TerminalCells.fit(TerminalWords.text(locale, "menu.none"), columns - 3));
      } else {
        line(out, "");
      }
    }
    String count = TerminalWords.text(locale, "menu.count", matching.size(), entries.size());
    line(out, TerminalCells.fit(count, columns - 1));
    out.append(TerminalCells.fit(TerminalWords.text(locale, "menu.help"), columns - 1))
        .append(ESC)
        .append("[K")
        .append(ESC)
        .append("[J");
    return out.toString();
  }

  private static void line(StringBuilder out, String text) {
    out.append(text).append(ESC).append("[K\r\n");
  }

  private static String row(Entry entry, int[] widths, boolean selected) {
    String text =
        TerminalCells.fit(entry.name(), widths[0])
            + " "
            + TerminalCells.fit(entry.title(), widths[1])
            + " "
            + TerminalCells.fit(entry.labels(), widths[2]);
    return selected ? ESC + "[7m> " + text + ESC + "[0m" : "  " + text;
  }

  /// The widths of name, title and labels: as wide as needed, names first.
  private int[] widths(int cells) {
    int name = 0;
    int title = 0;
    for (Entry entry : entries) {
      name = Math.max(name, TerminalCells.of(entry.name()));
      title = Math.max(title, TerminalCells.of(entry.title()));
    }
    name = Math.min(name, Math.max(10, cells / 2));
    title = Math.min(title, Math.max(0, (cells - name) * 2 / 3));
    return new int[] {name, title, Math.max(0, cells - name - title - 2)};
  }
}
