package org.ongsung.protocols.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ongsung.model.LoginPrompts;

class LoginScreenTest {
  private static LoginScreen shown(LoginPrompts prompts, String text) {
    LoginScreen screen = new LoginScreen(prompts, StandardCharsets.UTF_8);
    screen.shown(text.getBytes(StandardCharsets.UTF_8));
    return screen;
  }

  @ParameterizedTest
  @CsvSource({
    "'\r\nlab login: ',NAME",
    "'User Access Verification\r\n\r\nUsername: ',NAME",
    "'\u001b[2J\u001b[1;1HLogin:\u001b[0m ',NAME",
    "'Password: ',PASSWORD",
    "'Enter Password:',PASSWORD",
    "'비밀번호: ',PASSWORD",
    "'Press ENTER to get started',KEY",
    "'\r\n* press ENTER to begin *\r\n',KEY",
    "'Welcome\r\n',NOTHING",
    "'Last login: Mon',NOTHING"
  })
  void theUsualPromptsAreSeen(String text, LoginScreen.Asks asks) {
    assertThat(shown(LoginPrompts.USUAL, text).asks()).isEqualTo(asks);
  }

  @Test
  void promptsAreReadInTheTargetsEncodingThoughTheyComeByteByByte() {
    Charset eucKr = Charset.forName("EUC-KR");
    LoginPrompts korean =
        new LoginPrompts(List.of("사용자 이름>"), List.of(), List.of("*서버=>"), List.of());
    LoginScreen screen = new LoginScreen(korean, eucKr);
    for (byte one : "사용자 이름> ".getBytes(eucKr)) {
      screen.shown(new byte[] {one});
    }
    assertThat(screen.asks()).isEqualTo(LoginScreen.Asks.NAME);
    screen.answered();
    screen.shown("\r\n비밀번호: ".getBytes(eucKr));
    assertThat(screen.asks()).isEqualTo(LoginScreen.Asks.PASSWORD);
    screen.answered();
    screen.shown("\r\n서버=> ".getBytes(eucKr));
    assertThat(screen.ready()).isTrue();
  }

  @Test
  void namedPromptsStandForTheUsualOnes() {
    LoginPrompts odd =
        new LoginPrompts(
            List.of("Kennung>"), List.of("*Losung?"), List.of("*=>"), List.of("*Nein*"));
    assertThat(shown(odd, "KENNUNG> ").asks()).isEqualTo(LoginScreen.Asks.NAME);
    assertThat(shown(odd, "Ihre Losung?").asks()).isEqualTo(LoginScreen.Asks.PASSWORD);
    assertThat(shown(odd, "login: ").asks()).isEqualTo(LoginScreen.Asks.NOTHING);
    assertThat(shown(odd, "x => ").ready()).isTrue();
    assertThat(shown(odd, "x# ").ready()).isFalse();
    assertThat(shown(odd, "Nein, falsch\r\n\r\n").refused()).isTrue();
  }

  @Test
  void aRefusalIsSeenInAnyLineSinceTheAnswer() {
    LoginScreen screen = shown(LoginPrompts.USUAL, "\r\nLogin incorrect\r\nlab login: ");
    assertThat(screen.refused()).isTrue();
    screen.answered();
    assertThat(screen.refused()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // What was shown; for how long nothing more; what became of the password.
    "'\r\nPermission denied is what guests see.\r\n',0,OPEN",
    "'\r\nPermission denied is what guests see.\r\nlab$ ',0,LET_IN",
    "'\r\nPermission denied is what guests see.\r\n',1000,REFUSED",
    "'\r\nLogin incorrect #',1000,REFUSED",
    "'\r\nLogin incorrect\r\n\r\nlab login: ',0,OPEN",
    "'\r\nLogin incorrect\r\n\r\nlab login: ',250,REFUSED",
    "'\r\nLast login: ',249,OPEN",
    "'\r\nLast login: Monday\r\n',999,OPEN",
    "'\r\nLast login: Monday\r\n',1000,LET_IN",
    "'\r\n',1000,OPEN",
    "'s3cret\r\n',1000,OPEN"
  })
  void wordsOfRefusalCountIfNothingButAnotherPromptFollows(
      String text, int quietMillis, LoginScreen.Verdict verdict) {
    assertThat(verdict(LoginPrompts.USUAL, text, quietMillis)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "'\r\nNein, falsch\r\n',0,REFUSED",
    "'\r\nNein, falsch\r\nx=> ',0,REFUSED",
    "'\r\nPermission denied\r\n',1000,OPEN",
    "'\r\nPermission denied\r\nx=> ',0,LET_IN"
  })
  void whatIsNamedWinsOverTheUsualWords(String text, int quietMillis, LoginScreen.Verdict verdict) {
    LoginPrompts odd = new LoginPrompts(List.of(), List.of(), List.of("*=>"), List.of("*Nein*"));
    assertThat(verdict(odd, text, quietMillis)).isEqualTo(verdict);
  }

  private static LoginScreen.Verdict verdict(LoginPrompts prompts, String text, int quietMillis) {
    return shown(prompts, text)
        .verdict(Duration.ofMillis(quietMillis), Duration.ofMillis(1_000), "s3cret");
  }

  @Test
  void anEchoedPasswordIsHiddenWhereverItStands() {
    LoginScreen screen = shown(LoginPrompts.USUAL, "Password: ");
    screen.answeredWithSecret();
    screen.shown(bytes("s3cret\r\nis s3cret\r\n"));
    assertThat(new String(screen.withoutSecret(bytes("s3cret")), StandardCharsets.UTF_8))
        .isEqualTo("Password: ********\r\nis ********\r\n");
    assertThat(screen.withoutSecret(new byte[0])).hasSize(screen.bytes());
  }

  @Test
  void aPasswordThatIsTheNameIsNotToldByHidingTheName() {
    LoginScreen screen = shown(LoginPrompts.USUAL, "lab login: lab\r\nPassword: ");
    assertThat(new String(screen.withoutSecret(bytes("lab")), StandardCharsets.UTF_8))
        .isEqualTo("lab login: lab\r\nPassword: ");
    screen.answeredWithSecret();
    screen.shown(bytes("lab\r\nlab# "));
    assertThat(new String(screen.withoutSecret(bytes("lab")), StandardCharsets.UTF_8))
        .isEqualTo("lab login: lab\r\nPassword: ********\r\n********# ");
  }

  @Test
  void aPartOfTheEchoIsNoPromptThoughItEndsLikeOne() {
    LoginScreen screen = shown(LoginPrompts.USUAL, "Password: ");
    screen.answeredWithSecret();
    for (String piece : List.of("a", "b", "#", "cd", "\r\n")) {
      screen.shown(bytes(piece));
      assertThat(screen.hasShownMoreThan("ab#cd")).as(piece).isFalse();
    }
    screen.shown(bytes("lab# "));
    assertThat(screen.hasShownMoreThan("ab#cd")).isTrue();
    // A prompt on a line of its own is one, whatever the password begins with.
    assertThat(shown(LoginPrompts.USUAL, "\r\n$ ").hasShownMoreThan("$ecret")).isTrue();
  }

  @Test
  void theEchoAloneIsNoLogin() {
    assertThat(shown(LoginPrompts.USUAL, "\r\n").hasShownMoreThan("x")).isFalse();
    assertThat(shown(LoginPrompts.USUAL, "s3cret\r\n").hasShownMoreThan("s3cret")).isFalse();
    assertThat(shown(LoginPrompts.USUAL, "\r\nhello\r\n").hasShownMoreThan("x")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "*login:,lab login:,true",
    "*login:,login: x,false",
    "a?c,abc,true",
    "a?c,ac,false",
    "*a*b*,xxaxxbxx,true",
    "*a*b,ab a,false",
    "login:,LOGIN:   ,true"
  })
  void patternsFitTheWholeLine(String pattern, String line, boolean fits) {
    assertThat(new PromptPattern(pattern).fits(line)).isEqualTo(fits);
  }

  @Test
  void aPatternFullOfStarsTakesNoTimeToSpeakOf() {
    String pattern = "*a".repeat(50);
    assertThat(new PromptPattern(pattern + "*b").fits("a".repeat(256))).isFalse();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
