package org.ongsung.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.model.Name;
import org.ongsung.model.SecretKind;

class FileKeyVaultTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-01T09:30:00Z"));
  private static final SecretId ROOT = id("web-1", "root", SecretKind.PASSWORD);

  @TempDir Path folder;
  private final MemorySecretStore store = new MemorySecretStore();
  private Path keyFile;
  private FileKeyVault vault;

  @BeforeEach
  void openTheVault() {
    keyFile = folder.resolve("vault.key");
    vault = reopened();
  }

  private FileKeyVault reopened() {
    return FileKeyVault.open(keyFile, store, CLOCK);
  }

  private static SecretId id(String target, String account, SecretKind kind) {
    return new SecretId(Name.of(target), Name.of(account), kind);
  }

  private static Secret secret(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  private void keep(SecretPlace id, String text) {
    try (Secret secret = secret(text)) {
      store.secrets.put(id, vault.seal(id, secret));
    }
  }

  private static String opened(Vault vault, SecretPlace id) {
    try (Secret secret = vault.open(id).orElseThrow()) {
      return new String(secret.bytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aSealedSecretOpensAlsoAfterARestart() {
    keep(ROOT, "비밀번호 correct horse");
    assertThat(opened(vault, ROOT)).isEqualTo("비밀번호 correct horse");
    assertThat(opened(reopened(), ROOT)).isEqualTo("비밀번호 correct horse");
  }

  @Test
  void whatIsNotThereIsNothing() {
    assertThat(vault.open(ROOT)).isEmpty();
  }

  @Test
  void theSealHasNonceCiphertextAndTagAndNeverRepeats() {
    SealedSecret one = vault.seal(ROOT, secret("a"));
    SealedSecret two = vault.seal(ROOT, secret("a"));
    assertThat(one.sealed()).hasSize(12 + 1 + 16);
    assertThat(Arrays.copyOf(one.sealed(), 12)).isNotEqualTo(Arrays.copyOf(two.sealed(), 12));
    assertThat(one.keyId()).isEqualTo(vault.currentKey());
  }

  @Test
  void theLongestSecretOpens() {
    byte[] bytes = new byte[Secret.MAX_BYTES];
    Arrays.fill(bytes, (byte) 7);
    store.secrets.put(ROOT, vault.seal(ROOT, new Secret(bytes)));
    try (Secret secret = vault.open(ROOT).orElseThrow()) {
      assertThat(secret.bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void aSecretMovedToAnotherPlaceDoesNotOpen() {
    keep(ROOT, "moved");
    for (SecretPlace elsewhere :
        List.of(
            OwnSecret.WEBHOOK,
            id("web-2", "root", SecretKind.PASSWORD),
            id("web-1", "admin", SecretKind.PASSWORD),
            id("web-1", "root", SecretKind.PRIVATE_KEY))) {
      store.secrets.put(elsewhere, store.secrets.get(ROOT));
      assertThatThrownBy(() -> vault.open(elsewhere))
          .isInstanceOf(VaultException.class)
          .hasMessageContaining(elsewhere.toString());
    }
  }

  @Test
  void theGatewaysOwnSecretsAreSealedAndSealedAnewLikeOthers() {
    keep(OwnSecret.WEBHOOK, "signed with this");
    String before = store.secrets.get(OwnSecret.WEBHOOK).keyId();
    assertThat(vault.rotate(CLOCK).resealed()).isEqualTo(1);
    assertThat(store.secrets.get(OwnSecret.WEBHOOK).keyId()).isNotEqualTo(before);
    assertThat(opened(reopened(), OwnSecret.WEBHOOK)).isEqualTo("signed with this");
  }

  @Test
  void everyChangedByteIsNoticed() {
    keep(ROOT, "secret");
    SealedSecret whole = store.secrets.get(ROOT);
    byte[] bytes = whole.sealed();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      store.secrets.put(ROOT, new SealedSecret(whole.keyId(), changed));
      assertThatThrownBy(() -> vault.open(ROOT)).isInstanceOf(VaultException.class);
    }
    for (int length = 0; length < bytes.length; length++) {
      store.secrets.put(ROOT, new SealedSecret(whole.keyId(), Arrays.copyOf(bytes, length)));
      assertThatThrownBy(() -> vault.open(ROOT)).isInstanceOf(VaultException.class);
    }
  }

  @Test
  void aMissingKeySaysWhichFileToPutBack() throws IOException {
    keep(ROOT, "secret");
    MemorySecretStore empty = new MemorySecretStore();
    Path otherFile = folder.resolve("other.key");
    FileKeyVault other = FileKeyVault.open(otherFile, empty, CLOCK);
    empty.secrets.putAll(store.secrets);
    assertThatThrownBy(() -> other.open(ROOT))
        .isInstanceOf(VaultException.class)
        .hasMessageContaining(store.secrets.get(ROOT).keyId())
        .hasMessageContaining(otherFile.toString());
  }

  @Test
  void aLostKeyFileIsNotReplacedWhileSecretsNeedIt() throws IOException {
    keep(ROOT, "secret");
    Files.delete(keyFile);
    assertThatThrownBy(this::reopened)
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("1 secrets")
        .hasMessageContaining("backup");
    assertThat(keyFile).doesNotExist();
  }

  @Test
  void theKeyFileIsMadeForItsOwnerAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw----r--", "rwx------", "rw--w----"})
  void aKeyFileThatOthersCanReachIsRefusedAndSaysWhatToDo(String mode) throws IOException {
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(this::reopened)
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("chmod 600 " + keyFile);
  }

  @Test
  void aKeyFileMayBeReadOnly() throws IOException {
    keep(ROOT, "secret");
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("r--------"));
    assertThat(opened(reopened(), ROOT)).isEqualTo("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "something else",
        "ongsung-vault-keys 1\n",
        "ongsung-vault-keys 1\ncurrent 0011223344556677\n",
        "ongsung-vault-keys 1\nkey 0011223344556677 2026-01-01T00:00:00Z c2VjcmV0\ncurrent 0011223344556677\n",
        "ongsung-vault-keys 1\nkey 0011223344556677 today c2VjcmV0\ncurrent 0011223344556677\n",
        "ongsung-vault-keys 1\nc2VjcmV0\n"
      })
  void aDamagedKeyFileIsRefusedWithoutShowingIt(String text) throws IOException {
    Files.writeString(keyFile, text);
    assertThatThrownBy(this::reopened)
        .isInstanceOf(VaultException.class)
        .hasMessageContaining("damaged: " + keyFile)
        .hasMessageNotContaining("c2VjcmV0");
  }

  @Test
  void aKeyFileThatIsNoTextIsRefused() throws IOException {
    Files.write(keyFile, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertThatThrownBy(this::reopened).isInstanceOf(VaultException.class);
  }

  @Test
  void rotationSealsEverythingAnewAndOldSealsStillOpen() {
    SecretId key = id("db-1", "app", SecretKind.PRIVATE_KEY);
    keep(ROOT, "one");
    keep(key, "two");
    SealedSecret old = store.secrets.get(ROOT);
    FileKeyVault.Rotation rotation = vault.rotate(CLOCK);
    assertThat(rotation.resealed()).isEqualTo(2);
    assertThat(rotation.keyId()).isNotEqualTo(old.keyId()).isEqualTo(vault.currentKey());
    assertThat(store.secrets.values())
        .extracting(SealedSecret::keyId)
        .containsOnly(rotation.keyId());
    assertThat(opened(vault, ROOT)).isEqualTo("one");
    assertThat(opened(reopened(), key)).isEqualTo("two");

    store.secrets.put(ROOT, old); // as from a backup
    assertThat(opened(reopened(), ROOT)).isEqualTo("one");
  }

  @Test
  void anotherProcessFollowsARotation() {
    FileKeyVault other = reopened();
    keep(ROOT, "one");
    vault.rotate(CLOCK);
    assertThat(opened(other, ROOT)).isEqualTo("one");
    assertThat(other.currentKey()).isEqualTo(vault.currentKey());
  }

  @Test
  void rotationsOfTwoProcessesLoseNoKey() throws Exception {
    keep(ROOT, "one");
    List<SealedSecret> seals = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<String>> rotations = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        rotations.add(pool.submit(() -> reopened().rotate(CLOCK).keyId()));
      }
      for (Future<String> rotation : rotations) {
        rotation.get();
        seals.add(store.secrets.get(ROOT));
      }
    }
    assertThat(Files.readAllLines(keyFile).stream().filter(line -> line.startsWith("key ")))
        .hasSize(9);
    for (SealedSecret seal : seals) {
      store.secrets.put(ROOT, seal);
      assertThat(opened(reopened(), ROOT)).isEqualTo("one");
    }
  }

  @Test
  void manyThreadsSealAndOpenWhileKeysRotate() throws Exception {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        SecretId id = id("target-" + i, "root", SecretKind.PASSWORD);
        work.add(
            pool.submit(
                () -> {
                  for (int round = 0; round < 50; round++) {
                    keep(id, id + " " + round);
                    assertThat(opened(vault, id)).isEqualTo(id + " " + round);
                  }
                }));
      }
      for (int i = 0; i < 5; i++) {
        vault.rotate(CLOCK);
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
  }

  @Test
  void nothingPrintsASecret() throws IOException {
    keep(ROOT, "correct horse");
    String keys = Files.readString(keyFile);
    String base64 = keys.lines().filter(l -> l.startsWith("key ")).findFirst().orElseThrow();
    String key = base64.substring(base64.lastIndexOf(' ') + 1);
    assertThat(vault.toString()).doesNotContain(key);
    assertThat(Keyring.parse(keys.lines().toList()).toString()).doesNotContain(key);
    assertThat(secret("correct horse").toString()).doesNotContain("horse");
    assertThat(store.secrets.get(ROOT).toString()).doesNotContain("horse");
  }

  @Test
  void aClosedSecretIsWiped() {
    Secret secret = secret("correct horse");
    byte[] bytes = secret.bytes();
    secret.close();
    assertThat(bytes).containsOnly(0);
  }
}
