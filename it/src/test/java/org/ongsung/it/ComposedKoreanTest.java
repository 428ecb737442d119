package org.ongsung.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.testkit.Deadlines;
import org.ongsung.testkit.OpenSshServer;
import org.ongsung.testkit.ScriptedSwitch;
import tools.jackson.databind.JsonNode;

/// Korean that is composed jamo by jamo in the browser's terminal, as an input method does, and
/// what arrives on targets and in their records: each syllable once, and nothing of the way to it.
class ComposedKoreanTest {
  private static final String PASSWORD = "correct horse battery";
  private static final Charset CP949 = Charset.forName("x-windows-949");
  private static final Charset EUC_KR = Charset.forName("EUC-KR");

  private static OpenSshServer sshd;
  private static ScriptedSwitch windows;
  private static ScriptedSwitch unix;
  private static Installation gate;
  private static Playwright playwright;
  private static Browser chromium;
  private static Page page;

  @BeforeAll
  static void startEverything() {
    sshd = OpenSshServer.builder().start();
    windows = ScriptedSwitch.start(wire -> answer(wire, CP949));
    unix = ScriptedSwitch.start(wire -> answer(wire, EUC_KR));
    gate = Installation.start();
    gate.apply(
        """
        users:
          - name: alice
            roles: [user]
            password: {plain: "%s"}
        targets:
        %s
          - name: windows
            protocol: telnet
            address: %s
            encoding: cp949
            accounts: [{name: worker}]
          - name: unix
            protocol: telnet
            address: %s
            encoding: euc-kr
            accounts: [{name: worker}]
        grants:
          - name: alice-everywhere
            who: {users: [alice]}
            where: {targets: [web-1, windows, unix]}
            as: [worker]
            may: [shell]
        """
            .formatted(
                PASSWORD,
                Installation.target("web-1", sshd).stripTrailing(),
                windows.address(),
                unix.address()));
    gate.awaitSearch();
    openABrowser();
  }

  private static void openABrowser() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setArgs(List.of("--no-sandbox")));
    page = chromium.newPage();
    page.setDefaultTimeout((double) Deadlines.SERVICE.toMillis());
    page.navigate(console() + "/login");
    page.fill("#name", "alice");
    page.fill("#password", PASSWORD);
    page.press("#password", "Enter");
    page.waitForURL(console() + "/");
  }

  /// A machine that echoes what is typed and says what it read, in its own encoding.
  private static void answer(ScriptedSwitch.Wire wire, Charset encoding) throws IOException {
    wire.say("> ");
    for (String line = wire.line(encoding);
        line != null && !line.equals("bye");
        line = wire.line(encoding)) {
      wire.send((line + "\r\n읽음: " + line + "\r\n> ").getBytes(encoding));
    }
  }

  @AfterAll
  static void stopEverything() {
    chromium.close();
    playwright.close();
    gate.close();
    unix.close();
    windows.close();
    sshd.close();
  }

  private static String console() {
    return "http://127.0.0.1:" + gate.httpPort();
  }

  private static void see(String text) {
    page.waitForCondition(() -> screen().contains(text));
  }

  private static String screen() {
    return page.locator("#terminal-screen .xterm-rows").innerText().replace('\u00a0', ' ');
  }

  /// Syllables, each as it grows; the last of a row is what is meant.
  private static void compose(List<List<String>> syllables) {
    CDPSession method = page.context().newCDPSession(page);
    for (List<String> grows : syllables) {
      for (String composing : grows) {
        JsonObject composition = new JsonObject();
        composition.addProperty("text", composing);
        composition.addProperty("selectionStart", composing.length());
        composition.addProperty("selectionEnd", composing.length());
        method.send("Input.imeSetComposition", composition);
      }
      JsonObject text = new JsonObject();
      text.addProperty("text", grows.getLast());
      method.send("Input.insertText", text);
    }
    method.detach();
  }

  private static List<JsonNode> typed(String target, String text) {
    List<JsonNode> lines = new ArrayList<>();
    gate.json("search", text, "--target", target, "--direction", "input")
        .path("lines")
        .forEach(lines::add);
    return lines;
  }

  @Test
  void aShellOverSshReadsTheSyllables() {
    page.navigate(console() + "/terminal/web-1/worker");
    page.waitForSelector("#terminal[data-state=live]");
    // Quoted in two parts, so that only a prompt, and not the echo of this line, has its words.
    page.keyboard().type("PS1='we''b$ '\n");
    see("web$");
    page.keyboard().type("printf %s ");
    compose(List.of(List.of("ㅎ", "하", "한"), List.of("ㄱ", "그", "글")));
    page.keyboard().type("/$((6*7)) | od -An -tx1\n");
    see("ed 95 9c ea b8 80 2f 34 32");
    page.keyboard().type("exit\n");
    page.waitForSelector("#terminal[data-state=over]");
    Deadlines.await("the command is found", () -> !typed("web-1", "한글").isEmpty());
    assertThat(typed("web-1", "printf"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line.path("text").asString(""))
                    .isEqualTo("printf %s 한글/$((6*7)) | od -An -tx1"));
  }

  @Test
  void machinesOfOtherEncodingsReadThemInTheirs() {
    // 펲 is in code page 949 alone.
    composeBefore("windows", windows, List.of(List.of("ㅍ", "페", "펲"), List.of("ㅅ", "시")), CP949);
    composeBefore("unix", unix, List.of(List.of("ㄱ", "구", "굳"), List.of("ㅇ", "이")), EUC_KR);
  }

  private static void composeBefore(
      String target, ScriptedSwitch machine, List<List<String>> syllables, Charset encoding) {
    String word = String.join("", syllables.stream().map(List::getLast).toList());
    page.navigate(console() + "/terminal/" + target + "/worker");
    see(">");
    compose(syllables);
    page.keyboard().press("Enter");
    see("읽음: " + word);
    page.keyboard().type("bye");
    page.keyboard().press("Enter");
    page.waitForSelector("#terminal[data-state=over]");
    // Kept byte by byte; the line before ends with what was agreed on at the start.
    String bytes = new String(word.getBytes(encoding), StandardCharsets.ISO_8859_1);
    assertThat(machine.received()).contains(bytes + "\r").doesNotContain(bytes + bytes);
    Deadlines.await("the line is found", () -> !typed(target, word).isEmpty());
    assertThat(typed(target, word))
        .singleElement()
        .satisfies(line -> assertThat(line.path("text").asString("")).isEqualTo(word));
    String id = gate.awaitEnd("target=" + target).path("id").asString("");
    assertThat(gate.ongsung("replay", id, "--no-timing")).contains("읽음: " + word);
  }
}
