package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ongsung.audit.Ledger;
import org.ongsung.audit.LedgerLimits;
import org.ongsung.audit.LedgerQuery;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryLimits;
import org.ongsung.directory.StoredDirectory;
import org.ongsung.directory.access.AccessApplication;
import org.ongsung.directory.access.AccessDocument;
import org.ongsung.directory.access.AccessExporter;
import org.ongsung.directory.access.AccessFileReader;
import org.ongsung.directory.access.AccessYaml;
import org.ongsung.model.Name;
import org.ongsung.model.SecretKind;
import org.ongsung.policy.PasswordHasher;
import org.ongsung.policy.PasswordLimits;
import org.ongsung.vault.FileKeyVault;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;

/// The access file over a real database, vault and password hashing: what was applied is the same
/// after a restart, so that applying it again, or its export, changes nothing.
abstract class AccessFileContract extends StoreContract {
  private static final Actor ACTOR = new Actor("root", "192.0.2.1");
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJEKPuHfzXHyOTwcUlNTxMRDQJDXuWRgq6sPFgbOGLCm";
  private static final String FILE =
      """
      groups: [{name: ops, title: 운영}, {name: empty}]
      users:
        - name: root
          roles: [admin]
          password: {plain: "correct horse"}
        - name: alice
          title: "김앨리스 👩\u200d🔧"
          groups: [web, ops]
          publicKeys: ["%2$s bob@desk", "%1$s alice@laptop with spaces"]
        - {name: idle, active: false, roles: [user, auditor]}
      targets:
        - name: web-1
          title: 웹 1
          protocol: ssh
          address: "[2001:db8::1]:2222"
          labels: {zone: b, env: prod}
          hostKeys: ["%1$s"]
          accounts:
            - {name: root, password: {plain: "toor 암호"}}
            - {name: deploy, login: "De Ploy"}
        - {name: web-2, protocol: ssh, address: web-2, hostKeys: trust-on-first-use}
      grants:
        - name: ops-on-prod
          who: {groups: [ops], users: [alice]}
          where: {labels: {env: prod}, targets: [web-2]}
          as: [root, deploy]
          may: [shell, exec, x11]
          from: ["2001:db8::/32", 127.0.0.0/8]
          until: 2030-01-01T00:00:00.123456789+09:00
          limits: {idle: 90m, duration: 1d, sessions: 10}
      """
          .formatted(KEY, KEY.replace("JEK", "JEL"));

  @TempDir Path folder;

  AccessFileContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @Test
  void whatWasAppliedIsTheSameAfterARestart() throws Exception {
    try (Node node = new Node()) {
      assertThat(node.apply(read(FILE)).differences()).hasSize(9);
      assertThat(node.apply(read(FILE)).differences()).isEmpty();
    }
    reopen();
    try (Node node = new Node()) {
      assertThat(node.apply(read(FILE)).differences()).isEmpty();
      AccessDocument export = AccessExporter.export(node.directory.snapshot());
      assertThat(node.application.apply(ACTOR, read(AccessYaml.write(export)), true).differences())
          .isEmpty();
      SecretId id = new SecretId(Name.of("web-1"), Name.of("root"), SecretKind.PASSWORD);
      try (Secret secret = node.vault.open(id).orElseThrow()) {
        assertThat(new String(secret.bytes(), StandardCharsets.UTF_8)).isEqualTo("toor 암호");
      }
      assertThat(node.ledger.find(LedgerQuery.newest(100)))
          .hasSize(10)
          .allMatch(entry -> entry.event().actor().equals("root"));
    }
  }

  @Test
  void anotherProcessSeesTheChange() throws Exception {
    try (Node one = new Node();
        Node other = new Node()) {
      CountDownLatch heard = new CountDownLatch(1);
      other.directory.onChange(_ -> heard.countDown());
      one.apply(read(FILE));
      assertThat(heard.await(Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(other.directory.snapshot().user(Name.of("alice"))).isPresent();
      other.apply(read("users: [{name: bob}]"));
      one.apply(read("users: [{name: carol}]"));
      assertThat(one.directory.snapshot().users().keySet())
          .extracting(Name::value)
          .contains("alice", "bob", "carol");
    }
  }

  private static AccessDocument read(String yaml) throws Exception {
    return AccessFileReader.read(
        "access.yaml", yaml.getBytes(StandardCharsets.UTF_8), Path.of("/nowhere"));
  }

  /// What one process of the gateway has of it.
  private final class Node implements AutoCloseable {
    final Ledger ledger = new Ledger(database.ledger(), LedgerLimits.DEFAULT);
    final FileKeyVault vault =
        FileKeyVault.open(folder.resolve("vault.key"), database.secrets(), Clock.systemUTC());
    final PasswordHasher hasher = new PasswordHasher(PasswordLimits.DEFAULT);
    final StoredDirectory directory =
        new StoredDirectory(
            database.directory(), ledger, Clock.systemUTC(), DirectoryLimits.DEFAULT);
    final AccessApplication application =
        new AccessApplication(directory, DirectoryLimits.DEFAULT, hasher, vault);

    org.ongsung.directory.access.AccessResult apply(AccessDocument document) {
      return application.apply(ACTOR, document, false);
    }

    @Override
    public void close() {
      directory.close();
      hasher.close();
      ledger.close();
    }
  }
}
