package org.ongsung.protocols.telnet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.ongsung.model.LoginPrompts;
import org.ongsung.wire.text.Recoding;

/// What a target has shown while it is logged in to, and what that means.
///
/// Looks at plain text: escape sequences (ECMA-48) and other control characters do not count, and a
/// line is looked at as far as [#MAX_LINE_CHARACTERS] from its end. For one thread.
final class LoginScreen {
  /// What the last line asks for.
  enum Asks {
    NAME,
    PASSWORD,
    /// A key, before anything else.
    KEY,
    NOTHING
  }

  /// What became of the secret.
  enum Verdict {
    LET_IN,
    REFUSED,
    /// What comes next will tell.
    OPEN
  }

  /// How long a prompt must stand to be one: the start of `Last login: Monday` looks like it.
  private static final Duration STANDS = Duration.ofMillis(250);

  private static final int MAX_LINE_CHARACTERS = 256;
  private static final List<String> NAME =
      List.of("*login:", "*login as:", "*user name:", "*username:", "*user:", "*userid:", "*name:");
  private static final List<String> PASSWORD =
      List.of("*password:", "*passwd:", "*passcode:", "*password for *:", "*암호:", "*비밀번호:");
  private static final List<String> KEY =
      List.of("*press*enter*", "*press*return*", "*press any key*", "*hit*enter*", "*hit*return*");
  private static final List<String> REFUSED =
      List.of(
          "*login incorrect*",
          "*incorrect password*",
          "*authentication fail*",
          "*login fail*",
          "*login invalid*",
          "*invalid login*",
          "*invalid password*",
          "*bad password*",
          "*access denied*",
          "*permission denied*");

  private final LoginPrompts prompts;
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();
  private final StringBuilder sinceAnswer = new StringBuilder();
  private final Recoding recoding;
  private int secretFrom = Integer.MAX_VALUE;

  /// @param encoding what the target writes
  LoginScreen(LoginPrompts prompts, Charset encoding) {
    this.prompts = prompts;
    this.recoding = new Recoding(encoding, StandardCharsets.UTF_8);
  }

  /// The target showed this.
  void shown(byte[] bytes) {
    all.writeBytes(bytes);
    byte[] text = recoding.recode(bytes, 0, bytes.length);
    sinceAnswer.append(new String(text, StandardCharsets.UTF_8));
    int keep = MAX_LINE_CHARACTERS * 32;
    if (sinceAnswer.length() > keep) {
      sinceAnswer.delete(0, sinceAnswer.length() - keep);
    }
  }

  /// We answered: what was shown before counts no more.
  void answered() {
    sinceAnswer.setLength(0);
  }

  /// We answer with the secret: from here on it may be echoed.
  void answeredWithSecret() {
    answered();
    secretFrom = all.size();
  }

  int bytes() {
    return all.size();
  }

  /// All that was shown, with `secret` hidden wherever it stands after it was the answer: some
  /// targets echo it. Before, it can only be there by chance, as when it is the name, and a mark
  /// would tell what it is.
  byte[] withoutSecret(byte[] secret) {
    String text = all.toString(StandardCharsets.ISO_8859_1);
    if (secret.length == 0 || secretFrom >= text.length()) {
      return all.toByteArray();
    }
    String hidden = new String(secret, StandardCharsets.ISO_8859_1);
    return (text.substring(0, secretFrom) + text.substring(secretFrom).replace(hidden, "********"))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  Asks asks() {
    String line = lastLine();
    if (line.isBlank()) {
      // Who asks for a key often ends the line, as no answer is to stand behind it.
      return PromptPattern.anyFits(KEY, lastWords()) ? Asks.KEY : Asks.NOTHING;
    }
    if (PromptPattern.anyFits(either(prompts.password(), PASSWORD), line)) {
      return Asks.PASSWORD;
    }
    if (PromptPattern.anyFits(either(prompts.login(), NAME), line)) {
      return Asks.NAME;
    }
    return PromptPattern.anyFits(KEY, line) ? Asks.KEY : Asks.NOTHING;
  }

  /// What became of the secret that was the last answer, as far as this shows it.
  ///
  /// A target that asks again has refused, and so has one that says so and then nothing else; but
  /// one that says so and goes on to its prompt has let in: it was the message of the day. What the
  /// administrator named as a refusal is one whatever follows.
  ///
  /// @param quiet how long nothing has come
  /// @param settle after how long nothing more will
  /// @param secret which may be echoed, as text
  Verdict verdict(Duration quiet, Duration settle, String secret) {
    if (!prompts.refused().isEmpty() && refused()) {
      return Verdict.REFUSED;
    }
    Asks asks = asks();
    if (asks == Asks.NAME || asks == Asks.PASSWORD) {
      return quiet.compareTo(STANDS) < 0 ? Verdict.OPEN : Verdict.REFUSED;
    }
    if (!hasShownMoreThan(secret)) {
      return Verdict.OPEN;
    }
    if (ready()) {
      return Verdict.LET_IN;
    }
    if (readyIsNamed() || quiet.compareTo(settle) < 0) {
      return Verdict.OPEN;
    }
    return refused() ? Verdict.REFUSED : Verdict.LET_IN;
  }

  /// Whether a line since the last answer says that the login has failed. Words of the day's
  /// message may say so too: see [#verdict].
  boolean refused() {
    return plain().lines().map(LoginScreen::end).anyMatch(this::isRefusal);
  }

  private boolean isRefusal(String line) {
    return PromptPattern.anyFits(either(prompts.refused(), REFUSED), line);
  }

  /// Whether the last line says that the login is done.
  boolean ready() {
    String line = lastLine();
    if (!prompts.ready().isEmpty()) {
      return PromptPattern.anyFits(prompts.ready(), line);
    }
    String prompt = line.stripTrailing();
    return prompt.length() > 1
        && ">#$%".indexOf(prompt.charAt(prompt.length() - 1)) >= 0
        && !isRefusal(line);
  }

  /// Whether only what the administrator named says so.
  boolean readyIsNamed() {
    return !prompts.ready().isEmpty();
  }

  /// Whether anything readable came since the last answer, apart from the echo of `answer`, which
  /// may have come in part.
  boolean hasShownMoreThan(String answer) {
    String text = plain();
    return !text.isBlank()
        && !answer.startsWith(text.stripTrailing())
        && !text.strip().equals(answer);
  }

  private static List<String> either(List<String> named, List<String> usual) {
    return named.isEmpty() ? usual : named;
  }

  private String lastLine() {
    String text = plain();
    int start = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    return end(text.substring(start));
  }

  /// The last line that says something.
  private String lastWords() {
    return end(plain().lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line));
  }

  private static String end(String line) {
    return line.length() <= MAX_LINE_CHARACTERS
        ? line
        : line.substring(line.length() - MAX_LINE_CHARACTERS);
  }

  private String plain() {
    StringBuilder text = new StringBuilder(sinceAnswer.length());
    for (int at = 0; at < sinceAnswer.length(); at++) {
      char c = sinceAnswer.charAt(at);
      if (c == 0x1b) {
        at = sequenceEnd(at);
      } else if (c == '\n' || c == '\r' || (c >= ' ' && c != 0x7f)) {
        text.append(c);
      }
    }
    return text.toString();
  }

  /// The last character of the escape sequence that begins there.
  private int sequenceEnd(int start) {
    int at = start + 1;
    if (at >= sinceAnswer.length() || sinceAnswer.charAt(at) != '[') {
      return at;
    }
    at++;
    while (at < sinceAnswer.length()
        && (sinceAnswer.charAt(at) < '@' || sinceAnswer.charAt(at) > '~')) {
      at++;
    }
    return at;
  }
}
