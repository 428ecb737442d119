package org.ongsung.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Every bound of the nouns, at it and past it.
class ModelLimitsTest {
  private static final Name NAME = Name.of("web-1");
  private static final HostAndPort ADDRESS = new HostAndPort("localhost", 22);

  private static void bound(int limit, IntFunction<?> make) {
    assertThatCode(() -> make.apply(limit)).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> make.apply(limit + 1));
  }

  private static Set<Name> names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Name.of("n" + i))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static SshPublicKey key(int number) {
    byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer blob = ByteBuffer.allocate(8 + type.length).putInt(type.length).put(type);
    return SshPublicKey.ofBlob(blob.putInt(number).array(), "");
  }

  private static Target target(Map<String, String> labels, int accounts) {
    List<Account> made =
        names(accounts).stream().map(name -> new Account(name, "root", Set.of())).toList();
    return new Target(
        NAME, Title.NONE, Protocol.SSH, ADDRESS, labels, HostKeyPolicy.PINNED, List.of(), made);
  }

  private static User user(int groups, int keys) {
    List<SshPublicKey> made = IntStream.range(0, keys).mapToObj(ModelLimitsTest::key).toList();
    return new User(NAME, Title.NONE, Set.of(), names(groups), true, null, made);
  }

  @Test
  void targetsAndTheirLabels() {
    bound(Target.MAX_ACCOUNTS, count -> target(Map.of(), count));
    bound(
        Target.MAX_LABELS,
        count ->
            target(
                IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v")),
                0));
    bound(63, length -> target(Map.of("k".repeat(length), "v"), 0));
    bound(255, length -> target(Map.of("k", "v".repeat(length)), 0));
  }

  @Test
  void users() {
    bound(User.MAX_GROUPS, count -> user(count, 0));
    bound(User.MAX_PUBLIC_KEYS, count -> user(0, count));
  }

  @Test
  void loginsHostsAndPorts() {
    bound(255, length -> new Account(NAME, "r".repeat(length), Set.of()));
    bound(255, length -> new HostAndPort("h".repeat(length), 22));
    bound(65_535, port -> new HostAndPort("h", port));
    assertThatIllegalArgumentException().isThrownBy(() -> new HostAndPort("h", 0));
  }

  @Test
  void keysAndHashes() {
    String line = "ssh-ed25519 " + Base64.getEncoder().encodeToString(key(1).blob()) + " ";
    bound(
        SshPublicKey.MAX_LINE_CHARACTERS,
        length -> SshPublicKey.parse(line + "c".repeat(length - line.length())));
    String start = "$argon2id$";
    bound(512, length -> new PasswordHash(start + "x".repeat(length - start.length())));
  }

  @Test
  void auditEvents() {
    bound(
        64,
        count ->
            event(
                IntStream.range(0, count)
                    .boxed()
                    .collect(Collectors.toMap(i -> "k" + i, i -> "v"))));
    assertThat(event(Map.of("k", "x".repeat(8_192))).details().get("k")).hasSize(8_192);
    assertThat(event(Map.of("k", "x".repeat(8_193))).details().get("k")).endsWith("x…");
  }

  private static AuditEvent event(Map<String, String> details) {
    return new AuditEvent(Instant.EPOCH, AuditCode.LOGOUT, "alice", "", null, "", details);
  }
}
