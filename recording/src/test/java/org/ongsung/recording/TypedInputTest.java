package org.ongsung.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Dialogues between a person (`in`) and a target (`out`), and what of the input is kept.
class TypedInputTest {
  private static final long SECOND = 1_000_000_000;
  private static final String MARK = TypedInput.MARK;

  private final List<String> kept = new ArrayList<>();
  private final TypedInput input = new TypedInput(1_000, 2 * SECOND, kept::add);
  private long now = 5 * SECOND;

  private TypedInputTest in(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    now += SECOND / 100;
    input.typed(now, bytes, 0, bytes.length);
    return this;
  }

  private TypedInputTest out(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    now += SECOND / 100;
    input.shown(now, bytes, 0, bytes.length);
    return this;
  }

  private TypedInputTest pause(int seconds) {
    now += seconds * SECOND;
    input.tick(now);
    return this;
  }

  /// Types key by key, each echoed.
  private TypedInputTest echoed(String text) {
    text.codePoints().mapToObj(Character::toString).forEach(c -> in(c).out(c));
    return this;
  }

  /// Types key by key, and nothing comes back.
  private TypedInputTest silent(String text) {
    text.codePoints().mapToObj(Character::toString).forEach(this::in);
    return this;
  }

  private String kept() {
    input.finish();
    return String.join("", kept);
  }

  @Test
  void whatATerminalEchoesIsKept() {
    assertThat(out("$ ").echoed("ls -la").in("\r").out("\r\n").kept()).isEqualTo("ls -la\r");
    assertThat(input.everHidden()).isFalse();
  }

  @Test
  void aPasswordAtASilentPromptBecomesAMark() {
    out("$ ").echoed("sudo ls").in("\r").out("\r\n[sudo] password for alice: ");
    silent("hunter2").in("\r").out("\r\n").out("a.txt  hunter2.txt\r\n$ ").pause(3);
    echoed("exit").in("\r").out("\r\nlogout\r\n");
    assertThat(kept()).isEqualTo("sudo ls\r" + MARK + "\rexit\r");
    assertThat(input.everHidden()).isTrue();
  }

  @Test
  void aCommandTypedSoonAfterAPasswordIsKept() {
    out("[sudo] password for alice: ").silent("hunter2").in("\r").out("\r\n$ ");
    now += SECOND / 2;
    echoed("ls").in("\r").out("\r\n");
    assertThat(kept()).isEqualTo(MARK + "\rls\r");
  }

  @Test
  void theShellsReadWithoutEchoHidesItsLine() {
    echoed("read -s X").in("\r").out("\r\n").silent("s3cret").in("\r").out("$ ").pause(3);
    assertThat(kept()).isEqualTo("read -s X\r" + MARK + "\r");
  }

  @Test
  void aPastedPasswordIsHidden() {
    out("Password: ").in("correct horse\r").out("\r\nLast login: today\r\n$ ").pause(3);
    assertThat(kept()).isEqualTo(MARK + "\r");
  }

  @Test
  void aPasswordShownAsStarsIsHidden() {
    out("Password: ");
    for (char c : "hunter2".toCharArray()) {
      in(String.valueOf(c)).out("*");
    }
    assertThat(in("\r").out("\r\n$ ").pause(3).kept()).isEqualTo(MARK + "\r");
  }

  @Test
  void aCorrectedPasswordIsHiddenAsAWhole() {
    out("Password: ").silent("hunter").in("\u007f").in("\u007f").silent("er2").in("\r");
    assertThat(out("\r\n").pause(3).kept()).isEqualTo(MARK + "\r");
  }

  @Test
  void aPasswordAbandonedWithControlCIsHidden() {
    out("Password: ").silent("hunt").in("\u0003").out("^C\r\n$ ").pause(3).echoed("id").in("\r");
    assertThat(kept()).isEqualTo(MARK + "\u0003id\r");
  }

  @Test
  void chatterOnATerminalDoesNotEchoAPassword() {
    out("Password: ");
    for (char c : "compass".toCharArray()) {
      in(String.valueOf(c));
      out("make[2]: Entering directory\r\ncc -o " + c + "\r\n" + c + "\r\n");
    }
    in("\r").out("\r\n");
    for (int i = 0; i < 2_000; i++) {
      out((char) ('a' + i % 26) + "ll done, next is number " + i + "\r\n");
    }
    assertThat(pause(3).kept()).isEqualTo(MARK + "\r");
  }

  @Test
  void aClockInAStatusLineDoesNotEchoAPin() {
    out("PIN: ").in("1").out("\u001b7\u001b[24;70H12:31\u001b8").in("2").in("3").in("4").in("\r");
    assertThat(out("\r\n").pause(3).kept()).isEqualTo(MARK + "\r");
  }

  @Test
  void typingAheadOfASlowLineIsKept() {
    out("$ ").in("l").in("s").in(" ").out("l").in("-").out("s ").out("-").in("a").out("a").in("\r");
    assertThat(out("\r\n").kept()).isEqualTo("ls -a\r");
  }

  @Test
  void koreanIsKeptAlsoWhenItsBytesAreCut() {
    out("$ ");
    byte[] text = "한글".getBytes(StandardCharsets.UTF_8);
    input.typed(now, text, 0, 4);
    input.typed(now, text, 4, 2);
    input.shown(now, text, 0, 2);
    input.shown(now, text, 2, 4);
    assertThat(in("\r").kept()).isEqualTo("한글\r");
  }

  @Test
  void backspaceAndRetypingIsKeptAsTyped() {
    out("$ ").echoed("lx").in("\u007f").out("\b \b").echoed("s").in("\r").out("\r\n");
    assertThat(kept()).isEqualTo("lx\u007fs\r");
  }

  @Test
  void backspaceAndTheNextKeyInOneEchoAreKept() {
    out("$").echoed("lx").in("\u007f").in("s").out("\b \bs").in("\r").out("\r\n");
    assertThat(kept()).isEqualTo("lx\u007fs\r");
  }

  @Test
  void insertingInTheMiddleOfALineIsKept() {
    out("$ ").echoed("eco hi").in("\u001b[D").out("\b").in("\u001b[D").out("\b");
    in("h").out("ho hi\b\b\b\b").in("\r").out("\r\n");
    assertThat(kept()).isEqualTo("eco hi\u001b[D\u001b[Dh\r");
  }

  @Test
  void aShellThatRedrawsItsLineInColourIsKept() {
    out("host% ").in("l").out("\u001b[31ml\u001b[39m").in("s").out("\b\u001b[32ml\u001b[32ms");
    in(" ").out("\u001b[39m \u001b[90m-la\u001b[39m\u001b[3D").in("\r").out("\r\n");
    assertThat(kept()).isEqualTo("ls \r");
  }

  @Test
  void aShellThatRedrawsItsPromptIsKept() {
    out("host% ").echoed("l").in("s").out("\r\u001b[0m\u001b[27mhost% ls\u001b[K").in("\r");
    assertThat(out("\r\n").kept()).isEqualTo("ls\r");
  }

  @Test
  void completionByTabIsKeptAsTyped() {
    out("$ ").echoed("cd /ho").in("\t").out("me/").echoed("a").in("\t").out("lice/").in("\r");
    assertThat(out("\r\n").kept()).isEqualTo("cd /ho\ta\t\r");
  }

  @Test
  void completionThatListsChoicesIsKept() {
    out("$ ").echoed("ls h").in("\t").out("\u0007").in("\t");
    out("\r\nhome/ host/\r\n$ ls h").echoed("om").in("\r");
    assertThat(out("\r\n").kept()).isEqualTo("ls h\t\tom\r");
  }

  @Test
  void aBracketedPasteIsKeptWhenItIsShown() {
    out("$ ").in("\u001b[200~echo one two\u001b[201~").out("\u001b[7mecho one two\u001b[27m");
    assertThat(in("\r").out("\r\n").kept()).isEqualTo("\u001b[200~echo one two\u001b[201~\r");
  }

  @Test
  void pastedLinesAreKeptWhereEachIsShown() {
    out("$ ").in("ls\rpwd\rwhoami\r").out("ls\r\nfile1\r\nfile2\r\n$ pwd\r\n/root\r\n$ ");
    out("whoami\r\nroot\r\n$ ");
    assertThat(kept()).isEqualTo("ls\rpwd\rwhoami\r");
  }

  @Test
  void commandsOfAFullScreenEditorAreHiddenAndItsEchoedLinesKept() {
    out("\u001b[?1049h\u001b[H~\r\n~\r\n").in("j").out("\u001b[2;1H").pause(3).in("\u001b");
    in("i").out("\u001b[24;1H-- INSERT --\u001b[2;1H").pause(3).in("\r").out("\r\n");
    in("h").out("h\u001b[24;60H1,2\u001b[2;2H").in("i").out("i\u001b[24;60H1,3\u001b[2;3H");
    assertThat(in("\u001b").kept()).isEqualTo(MARK + "\u001b" + MARK + "\rhi\u001b");
  }

  @Test
  void keysThatPrintNothingAreKeptAtOnce() {
    in("\u001b[A").in("\u001b[B").in("\u001bOP").in("\t").in("\r");
    assertThat(kept).containsExactly("\u001b[A", "\u001b[B", "\u001bOP", "\t", "\r");
  }

  @Test
  void anAltKeyIsKeptAndHidesNothingElse() {
    out("$ ").echoed("one two").in("\u001bb").out("\b\b\b").in("x").out("xtwo\b\b\b").in("\r");
    assertThat(out("\r\n").kept()).isEqualTo("one two\u001bbx\r");
  }

  @Test
  void afterAPauseWithoutEchoTheLineLeavesMemoryAndStaysHidden() {
    out("Password: ").silent("hun").pause(3);
    assertThat(input.waits()).isFalse();
    out("").echoed("ter2").in("\r").out("\r\n");
    assertThat(kept()).isEqualTo(MARK + "\r");
  }

  @Test
  void atMostTheAllowedCharactersAreHeld() {
    in("x".repeat(1_000));
    assertThat(kept).isEmpty();
    in("y");
    assertThat(kept).containsExactly(MARK);
  }

  @Test
  void bytesThatAreNotUtf8AreReplacedAndCounted() {
    byte[] latin1 = {(byte) 0xe9, 'a'};
    input.typed(now, latin1, 0, 2);
    input.shown(now, latin1, 0, 2);
    assertThat(in("\r").kept()).isEqualTo("\ufffda\r");
    assertThat(input.replacements()).isEqualTo(1);
  }

  @Test
  void whatIsNotShownWhenTheSessionEndsIsHidden() {
    assertThat(out("Password: ").silent("hunter2").kept()).isEqualTo(MARK);
  }
}
