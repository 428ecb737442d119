package org.ongsung.practice.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Commands that read, change and write text.
final class TextCommands {
  private static final int BUFFER_BYTES = 32 << 10;
  private static final char[] ALL_COUNTS = {'l', 'w', 'm', 'c'};
  private static final int MAX_TAIL_LINES = 100_000;

  private TextCommands() {}

  static void addTo(Map<String, Command> all) {
    all.put("cat", TextCommands::cat);
    all.put("less", TextCommands::cat);
    all.put("more", TextCommands::cat);
    all.put("echo", TextCommands::echo);
    all.put("printf", TextCommands::printf);
    all.put("head", TextCommands::head);
    all.put("tail", TextCommands::tail);
    all.put("wc", TextCommands::wc);
    all.put("sort", TextCommands::sort);
    all.put("uniq", TextCommands::uniq);
    all.put("tee", TextCommands::tee);
    all.put("seq", TextCommands::seq);
    all.put("yes", TextCommands::yes);
    all.put("sha256sum", call -> digest(call, "SHA-256"));
    all.put("md5sum", call -> digest(call, "MD5"));
  }

  private static int cat(Invocation call) throws IOException {
    return call.inputs(call.arguments(), (operand, in) -> copy(call, in, call.out()));
  }

  private static void copy(Invocation call, InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      call.job().check();
      out.write(buffer, 0, length);
    }
  }

  private static int echo(Invocation call) throws IOException {
    int at = 0;
    boolean newline = true;
    boolean escapes = false;
    List<String> arguments = call.arguments();
    while (at < arguments.size() && arguments.get(at).matches("-[neE]+")) {
      String option = arguments.get(at++);
      newline &= option.indexOf('n') < 0;
      escapes |= option.indexOf('e') >= 0;
    }
    String text = String.join(" ", arguments.subList(at, arguments.size()));
    call.print((escapes ? unescape(text) : text) + (newline ? "\n" : ""));
    return 0;
  }

  private static int printf(Invocation call) throws IOException {
    if (call.arguments().isEmpty()) {
      return call.fail("usage: printf FORMAT [TEXT]…");
    }
    ArrayDeque<String> rest =
        new ArrayDeque<>(call.arguments().subList(1, call.arguments().size()));
    String format = unescape(call.arguments().getFirst());
    do {
      StringBuilder text = new StringBuilder();
      for (int at = 0; at < format.length(); at++) {
        boolean field = format.charAt(at) == '%' && at + 1 < format.length();
        char kind = field ? format.charAt(at + 1) : ' ';
        if (field && (kind == 's' || kind == 'd')) {
          text.append(rest.isEmpty() ? "" : rest.removeFirst());
          at++;
        } else {
          text.append(format.charAt(at));
          at += field && kind == '%' ? 1 : 0;
        }
      }
      call.print(text.toString());
    } while (!rest.isEmpty() && format.matches("(?s).*%[sd].*"));
    return 0;
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != '\\' || at + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      switch (text.charAt(++at)) {
        case 'n' -> plain.append('\n');
        case 't' -> plain.append('\t');
        case 'r' -> plain.append('\r');
        case 'a' -> plain.append('\u0007');
        case 'e' -> plain.append('\u001b');
        case '\\' -> plain.append('\\');
        case '0' -> {
          int end = at + 1;
          while (end < text.length() && end < at + 4 && Character.digit(text.charAt(end), 8) >= 0) {
            end++;
          }
          plain.append(
              (char) (end == at + 1 ? 0 : Integer.parseInt(text.substring(at + 1, end), 8)));
          at = end - 1;
        }
        default -> plain.append('\\').append(text.charAt(at));
      }
    }
    return plain.toString();
  }

  /// `-n 5`, `-n5`, `-5`, `-c 100` before the operands.
  private record Count(boolean bytes, long count, List<String> operands) {
    static @Nullable Count of(Invocation call) throws IOException {
      boolean bytes = false;
      String number = "10";
      List<String> rest = call.arguments();
      if (!rest.isEmpty()
          && rest.getFirst().matches("-[nc]?[0-9+]*")
          && rest.getFirst().length() > 1) {
        String option = rest.getFirst();
        bytes = option.startsWith("-c");
        boolean letter = bytes || option.startsWith("-n");
        number = option.substring(letter ? 2 : 1);
        rest = rest.subList(1, rest.size());
        if (number.isEmpty() && !rest.isEmpty()) {
          number = rest.getFirst();
          rest = rest.subList(1, rest.size());
        }
      }
      if (!number.matches("[0-9]{1,15}")) {
        call.fail("invalid number: '" + number + "'");
        return null;
      }
      return new Count(bytes, Long.parseLong(number), rest);
    }
  }

  private static int head(Invocation call) throws IOException {
    Count count = Count.of(call);
    if (count == null) {
      return 1;
    }
    return call.inputs(
        count.operands(),
        (operand, in) -> {
          if (count.bytes()) {
            copyAtMost(call, in, count.count());
            return;
          }
          long[] left = {count.count()};
          call.lines(
              in,
              line -> {
                if (left[0]-- > 0) {
                  call.println(line);
                }
                return left[0] > 0;
              });
        });
  }

  private static void copyAtMost(Invocation call, InputStream in, long count) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = count;
    while (left > 0) {
      call.job().check();
      int length = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (length < 0) {
        return;
      }
      call.out().write(buffer, 0, length);
      left -= length;
    }
  }

  private static int tail(Invocation call) throws IOException {
    Count count = Count.of(call);
    if (count == null) {
      return 1;
    }
    if (count.bytes() || count.count() > MAX_TAIL_LINES) {
      return call.fail("known is -n up to " + MAX_TAIL_LINES);
    }
    return call.inputs(
        count.operands(),
        (operand, in) -> {
          ArrayDeque<String> last = new ArrayDeque<>();
          long[] held = {0};
          call.lines(
              in,
              line -> {
                last.addLast(line);
                held[0] += line.length();
                while (last.size() > count.count()) {
                  held[0] -= last.removeFirst().length();
                }
                return bounded(call, held[0]);
              });
          for (String line : last) {
            call.println(line);
          }
        });
  }

  private static boolean bounded(Invocation call, long held) throws IOException {
    if (held > call.shell().limits().maxBufferBytes()) {
      throw new IOException("the input is too large for the practice shell");
    }
    return true;
  }

  /// What `wc` counts.
  private static final class Counts {
    long lines;
    long words;
    long bytes;
    long characters;
    private boolean inWord;

    void add(byte[] buffer, int length) {
      bytes += length;
      for (int at = 0; at < length; at++) {
        byte octet = buffer[at];
        lines += octet == '\n' ? 1 : 0;
        characters += (octet & 0xC0) != 0x80 ? 1 : 0;
        boolean blank = octet == ' ' || (octet >= '\t' && octet <= '\r');
        words += !blank && !inWord ? 1 : 0;
        inWord = !blank;
      }
    }

    void add(Counts other) {
      lines += other.lines;
      words += other.words;
      bytes += other.bytes;
      characters += other.characters;
    }

    String show(String flags) {
      String wanted = flags.isEmpty() ? "lwc" : flags;
      List<String> columns = new ArrayList<>();
      for (char flag : ALL_COUNTS) {
        if (wanted.indexOf(flag) >= 0) {
          columns.add(
              Long.toString(
                  switch (flag) {
                    case 'l' -> lines;
                    case 'w' -> words;
                    case 'm' -> characters;
                    default -> bytes;
                  }));
        }
      }
      return String.join(" ", columns);
    }
  }

  private static int wc(Invocation call) throws IOException {
    var options = call.options("lwcm");
    if (options == null) {
      return 1;
    }
    Counts total = new Counts();
    int status =
        call.inputs(
            options.operands(),
            (operand, in) -> {
              Counts counts = new Counts();
              byte[] buffer = new byte[BUFFER_BYTES];
              for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                call.job().check();
                counts.add(buffer, length);
              }
              total.add(counts);
              String name = operand.equals("-") ? "" : " " + operand;
              call.println(counts.show(options.flags()) + name);
            });
    if (options.operands().size() > 1) {
      call.println(total.show(options.flags()) + " total");
    }
    return status;
  }

  private static int sort(Invocation call) throws IOException {
    var options = call.options("rnu");
    if (options == null) {
      return 1;
    }
    List<String> lines = new ArrayList<>();
    long[] held = {0};
    int status =
        call.inputs(
            options.operands(),
            (operand, in) ->
                call.lines(
                    in,
                    line -> {
                      lines.add(line);
                      held[0] += line.length() + 40L;
                      return bounded(call, held[0]);
                    }));
    Comparator<String> order = Comparator.naturalOrder();
    if (options.has('n')) {
      order = Comparator.comparingLong(TextCommands::leadingNumber).thenComparing(order);
    }
    lines.sort(options.has('r') ? Collections.reverseOrder(order) : order);
    String last = null;
    for (String line : lines) {
      if (!options.has('u') || !line.equals(last)) {
        call.println(line);
      }
      last = line;
    }
    return status;
  }

  private static long leadingNumber(String line) {
    String digits = line.strip().replaceFirst("(?s)^(-?[0-9]{1,18}).*$", "$1");
    return digits.matches("-?[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }

  private static int uniq(Invocation call) throws IOException {
    var options = call.options("c");
    if (options == null) {
      return 1;
    }
    List<String> current = new ArrayList<>();
    long[] count = {0};
    int status =
        call.inputs(
            options.operands(),
            (operand, in) ->
                call.lines(
                    in,
                    line -> {
                      if (current.isEmpty() || !current.getFirst().equals(line)) {
                        showUnique(call, options, current, count[0]);
                        current.clear();
                        current.add(line);
                        count[0] = 0;
                      }
                      count[0]++;
                      return true;
                    }));
    showUnique(call, options, current, count[0]);
    return status;
  }

  private static void showUnique(
      Invocation call, Invocation.Options options, List<String> line, long count)
      throws IOException {
    if (!line.isEmpty()) {
      call.println((options.has('c') ? "%7d ".formatted(count) : "") + line.getFirst());
    }
  }

  private static int tee(Invocation call) throws IOException {
    var options = call.options("a");
    if (options == null) {
      return 1;
    }
    List<OutputStream> files = new ArrayList<>();
    int status = 0;
    try {
      for (String operand : new TreeSet<>(options.operands())) {
        try {
          files.add(call.shell().create(call.path(operand), options.has('a')));
        } catch (IOException e) {
          status = call.fail(operand, e);
        }
      }
      byte[] buffer = new byte[BUFFER_BYTES];
      InputStream in = call.streams().in();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        call.job().check();
        for (OutputStream file : files) {
          file.write(buffer, 0, length);
        }
        call.out().write(buffer, 0, length);
      }
    } finally {
      for (OutputStream file : files) {
        file.close();
      }
    }
    return status;
  }

  private static int seq(Invocation call) throws IOException {
    if (call.arguments().isEmpty()
        || call.arguments().size() > 2
        || !call.arguments().stream().allMatch(number -> number.matches("-?[0-9]{1,15}"))) {
      return call.fail("usage: seq [FIRST] LAST");
    }
    long first = call.arguments().size() == 2 ? Long.parseLong(call.arguments().getFirst()) : 1;
    long last = Long.parseLong(call.arguments().getLast());
    ByteArrayOutputStream block = new ByteArrayOutputStream(BUFFER_BYTES);
    for (long number = first; number <= last; number++) {
      block.writeBytes((number + "\n").getBytes(StandardCharsets.US_ASCII));
      if (block.size() > BUFFER_BYTES / 2 || number == last) {
        block.writeTo(call.out());
        block.reset();
      }
    }
    return 0;
  }

  private static int yes(Invocation call) throws IOException {
    String word = call.arguments().isEmpty() ? "y" : String.join(" ", call.arguments());
    byte[] line = (word + "\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream block = new ByteArrayOutputStream(BUFFER_BYTES);
    while (block.size() < BUFFER_BYTES / 2) {
      block.writeBytes(line);
    }
    // Ends by Ctrl-C, a closed pipe or the limit on output, each of which the stream throws.
    while (true) {
      block.writeTo(call.out());
    }
  }

  private static int digest(Invocation call, String algorithm) throws IOException {
    return call.inputs(
        call.arguments(),
        (operand, in) -> {
          MessageDigest digest = newDigest(algorithm);
          byte[] buffer = new byte[BUFFER_BYTES];
          for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            call.job().check();
            digest.update(buffer, 0, length);
          }
          call.println(HexFormat.of().formatHex(digest.digest()) + "  " + operand);
        });
  }

  private static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
