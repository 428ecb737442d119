package org.ongsung.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NounsTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

  @ParameterizedTest
  @ValueSource(strings = {"a", "0", "web-1", "a.b_c-d"})
  void aNameOfTheShapeIsTaken(String text) {
    assertThat(Name.of(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", ".a", "_a", "A", "a b", "a+b", "a:b", "é", "a\n", "옹성", "../a"})
  void aNameOfAnotherShapeIsRefused(String text) {
    assertThat(Name.isValid(text)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> Name.of(text));
  }

  @Test
  void aNameEndsAt63Characters() {
    assertThat(Name.isValid("x".repeat(63))).isTrue();
    assertThat(Name.isValid("x".repeat(64))).isFalse();
  }

  @Test
  void aTitleIsUnicodeOf100CharactersAtMost() {
    assertThat(new Title("김앨리스 🏯").value()).isEqualTo("김앨리스 🏯");
    assertThat(new Title("🏯".repeat(100)).isEmpty()).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new Title("🏯".repeat(101)));
    assertThatIllegalArgumentException().isThrownBy(() -> new Title("a\tb"));
  }

  @Test
  void whatIsShownHasNoControlCharactersAndAnEnd() {
    assertThat(Shown.quoted("a\u001b[2J\u202e")).isEqualTo("\"a<U+1b>[2J<U+202e>\"");
    assertThat(Shown.plain("가".repeat(5), 5)).isEqualTo("가가가가가");
    assertThat(Shown.plain("가".repeat(6), 5)).isEqualTo("가가가가가…");
  }

  @ParameterizedTest
  @CsvSource({
    "web-1,web-1:22",
    "10.0.0.1:2222,10.0.0.1:2222",
    "[::1],[::1]:22",
    "[2001:db8::1]:2200,[2001:db8::1]:2200"
  })
  void anAddressIsReadAndWrittenBack(String text, String written) {
    assertThat(HostAndPort.parse(text, 22)).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":22", "a:", "a:0", "a:65536", "::1", "[::1", "[::1]22", "a b", "a/b", "u@a"})
  void anAddressOfAnotherShapeIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> HostAndPort.parse(text, 22));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.0.1,true",
    "10.0.0.0/8,11.0.0.1,false",
    "192.168.4.0/22,192.168.7.255,true",
    "192.168.4.0/22,192.168.8.0,false",
    "0.0.0.0/0,8.8.8.8,true",
    "0.0.0.0/0,::1,false",
    "127.0.0.1,127.0.0.1,true",
    "2001:db8::/33,2001:db8:7fff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false",
    "10.0.0.0/8,::ffff:10.1.2.3,true"
  })
  void aNetworkContainsItsAddresses(String network, String address, boolean inside) {
    assertThat(Network.parse(network).contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "host/8", "::/129", "10/8/9"})
  void aNetworkOfAnotherShapeIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text));
  }

  @Test
  void aPublicKeyIsItsBlobAndTheCommentIsForPeople() {
    SshPublicKey key = SshPublicKey.parse(KEY + " alice@laptop");
    assertThat(key).isEqualTo(SshPublicKey.parse(KEY));
    assertThat(key.comment()).isEqualTo("alice@laptop");
    assertThat(key.line()).isEqualTo(KEY + " alice@laptop");
    assertThat(key.fingerprint()).startsWith("SHA256:").hasSize(50);
    assertThat(SshPublicKey.ofBlob(key.blob(), "")).isEqualTo(key);
  }

  @Test
  void aPublicKeyWithOptionsOrAnotherTypeInsideIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SshPublicKey.parse("from=\"*\" " + KEY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SshPublicKey.parse(KEY.replace("ssh-ed25519 ", "ssh-rsa ")));
    assertThatIllegalArgumentException().isThrownBy(() -> SshPublicKey.parse("ssh-ed25519 !!!"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SshPublicKey.parse(KEY + " " + "c".repeat(16_384)));
  }

  @Test
  void aPasswordHashIsNeverPrinted() {
    assertThat(new PasswordHash("$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA").toString())
        .doesNotContain("aGFzaA");
    assertThatIllegalArgumentException().isThrownBy(() -> new PasswordHash("plain"));
  }

  @Test
  void everyLabelOfAGrantMustMatchAndNoLabelsMatchNothing() {
    Target target = target(Map.of("env", "prod", "team", "pay"));
    assertThat(where(Map.of("env", "prod")).includes(target)).isTrue();
    assertThat(where(Map.of("env", "prod", "team", "pay")).includes(target)).isTrue();
    assertThat(where(Map.of("env", "prod", "team", "web")).includes(target)).isFalse();
    assertThat(where(Map.of()).includes(target)).isFalse();
    assertThat(new Grant.Where(Set.of(Name.of("web-1")), Map.of("env", "none")).includes(target))
        .isTrue();
  }

  @Test
  void aGrantEndsAtItsMoment() {
    OffsetDateTime until = OffsetDateTime.parse("2030-01-01T00:00:00+09:00");
    Grant grant =
        new Grant(
            Name.of("g"),
            new Grant.Who(Set.of(), Set.of()),
            where(Map.of()),
            Set.of(),
            Set.of(),
            List.of(),
            until,
            Grant.Limits.NONE);
    assertThat(grant.holdsAt(Instant.parse("2029-12-31T14:59:59Z"))).isTrue();
    assertThat(grant.holdsAt(Instant.parse("2029-12-31T15:00:00Z"))).isFalse();
  }

  @Test
  void limitsOfAGrantArePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Grant.Limits(Duration.ZERO, null, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new Grant.Limits(null, null, 0));
  }

  @Test
  void twoAccountsOfOneNameAreRefused() {
    Account root = new Account(Name.of("root"), "root", Set.of());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Target(
                    Name.of("t"),
                    Title.NONE,
                    Protocol.SSH,
                    new HostAndPort("h", 22),
                    Map.of(),
                    HostKeyPolicy.PINNED,
                    List.of(),
                    List.of(root, root)));
  }

  @Test
  void sessionIdsSortByTheirStart() {
    SessionId first = SessionId.create(Instant.parse("2026-01-01T00:00:00Z"));
    SessionId second = SessionId.create(Instant.parse("2026-01-01T00:00:00.001Z"));
    assertThat(first).isLessThan(second);
    assertThat(new SessionId(first.value())).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "../../etc/passwd",
        "0123456789abcdefghjkmnpqr",
        "0123456789abcdefghjkmnpqrst",
        "0123456789ABCDEFGHJKMNPQRS",
        "0123456789abcdefghijkmnpqr",
        "0123456789abcdefghjklmnpqr",
        "0123456789abcdefghjkmnopqr",
        "0123456789abcdefghjkmnpqru",
        "0123456789abcdefghjkmnpq/.",
        "٠123456789abcdefghjkmnpqrs"
      })
  void aSessionIdOfAnotherShapeIsRefused(String text) {
    assertThat(new SessionId("0123456789abcdefghjkmnpqrs").value()).hasSize(26);
    assertThatIllegalArgumentException().isThrownBy(() -> new SessionId(text));
  }

  @Test
  void anAuditEventCutsLongValuesAndCountsItsDetails() {
    AuditEvent event = event(Map.of("command", "x".repeat(9_000)));
    assertThat(event.details().get("command")).hasSize(8_193).endsWith("…");
    Map<String, String> many = new java.util.HashMap<>();
    for (int i = 0; i < 65; i++) {
      many.put("k" + i, "v");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> event(many));
  }

  @Test
  void everyAuditCodeIsFoundByItsText() {
    for (AuditCode code : AuditCode.values()) {
      assertThat(AuditCode.of(code.text())).isEqualTo(code);
    }
  }

  private static AuditEvent event(Map<String, String> details) {
    return new AuditEvent(
        Instant.EPOCH, AuditCode.CHANNEL_OPEN, "alice", "127.0.0.1", null, "web-1", details);
  }

  private static Grant.Where where(Map<String, String> labels) {
    return new Grant.Where(Set.of(), labels);
  }

  private static Target target(Map<String, String> labels) {
    return new Target(
        Name.of("web-1"),
        Title.NONE,
        Protocol.SSH,
        new HostAndPort("127.0.0.1", 22),
        labels,
        HostKeyPolicy.PINNED,
        List.of(),
        List.of());
  }
}
