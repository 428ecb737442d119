package org.ongsung.vault;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// The vault whose keys lie in a file of the data folder.
///
/// Seals with AES-256-GCM (NIST SP 800-38D): a random nonce of 96 bits, a tag of 128 bits, and the
/// secret's place as additional data, so that it opens nowhere else. A key that this process has
/// not seen yet is looked for in the file once more, since another process may have rotated.
///
/// Threads: any, at once. Logs nothing.
public final class FileKeyVault implements Vault {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final String FORMAT = "ongsung-secret-1:";
  private static final int MAX_ATTEMPTS = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyFile file;
  private final ResealableSecretStore store;
  private volatile Keyring ring;

  private FileKeyVault(KeyFile file, ResealableSecretStore store, Keyring ring) {
    this.file = file;
    this.store = store;
    this.ring = ring;
  }

  /// What a rotation did.
  ///
  /// @param keyId the key that seals from now on
  /// @param resealed how many secrets were sealed anew
  public record Rotation(String keyId, int resealed) {}

  /// Opens the vault, and makes its key file when there is none and no secret needs one.
  ///
  /// @throws VaultException when the file is damaged, open to others, or lost
  public static FileKeyVault open(Path keyFile, ResealableSecretStore store, InstantSource clock) {
    KeyFile file = new KeyFile(keyFile);
    Keyring ring =
        file.read()
            .orElseGet(
                () -> {
                  refuseLostKeys(file, store);
                  return file.change(
                      found -> found.orElseGet(() -> Keyring.create(clock.instant())));
                });
    return new FileKeyVault(file, store, ring);
  }

  private static void refuseLostKeys(KeyFile file, ResealableSecretStore store) {
    int count = store.list().size();
    if (count > 0) {
      throw new VaultException(
          "the key file is not there: "
              + file
              + "; the database holds "
              + count
              + " secrets sealed with it: put it back from a backup, or from the node that made"
              + " it");
    }
  }

  @Override
  public SealedSecret seal(SecretPlace id, Secret secret) {
    Keyring keys = ring;
    SecretKey key = keys.key(keys.current()).orElseThrow();
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] plain = secret.bytes();
    byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + plain.length + TAG_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, id);
      cipher.doFinal(plain, 0, plain.length, whole, NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new VaultException("the secret " + id + " could not be sealed", e);
    }
    return new SealedSecret(keys.current(), whole);
  }

  @Override
  public Optional<Secret> open(SecretPlace id) {
    return store.find(id).map(found -> open(id, found));
  }

  private Secret open(SecretPlace id, SealedSecret secret) {
    byte[] whole = secret.sealed();
    SecretKey key = key(secret.keyId(), id);
    if (whole.length <= NONCE_BYTES + TAG_BYTES) {
      throw new VaultException("the secret " + id + " is damaged: it is too short");
    }
    try {
      byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, id);
      return new Secret(cipher.doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      throw new VaultException(
          "the secret " + id + " does not open: it was changed, or belongs to another place", e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new VaultException("the secret " + id + " could not be opened", e);
    }
  }

  private SecretKey key(String keyId, SecretPlace id) {
    Optional<SecretKey> known = ring.key(keyId);
    return known
        .or(() -> reread().key(keyId))
        .orElseThrow(
            () ->
                new VaultException(
                    "the key "
                        + keyId
                        + " that sealed the secret "
                        + id
                        + " is not in "
                        + file
                        + ": put the file back from a backup, or give the secret again"));
  }

  /// Takes what the file says by now, unless keys went missing from it: those at hand still open.
  private synchronized Keyring reread() {
    Optional<Keyring> found = file.read();
    if (found.isPresent() && found.get().holdsAllOf(ring)) {
      ring = found.get();
    }
    return ring;
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, SecretPlace id)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD((FORMAT + id).getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }

  /// Makes a new key the current one and seals every secret anew with it. Older keys stay in the
  /// file, because backups hold secrets sealed with them. Blocks; may be repeated when it failed
  /// half-way, and secrets open at every moment.
  public synchronized Rotation rotate(InstantSource clock) {
    Keyring mine = ring;
    ring =
        file.change(
            found -> {
              Keyring there = found.orElse(mine);
              return (there.holdsAllOf(mine) ? there : mine).withNewKey(clock.instant());
            });
    int resealed = 0;
    for (SecretPlace id : store.list()) {
      resealed += reseal(id) ? 1 : 0;
    }
    return new Rotation(ring.current(), resealed);
  }

  /// Whether the secret was there and is sealed with the current key now.
  private boolean reseal(SecretPlace id) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Optional<SealedSecret> old = store.find(id);
      if (old.isEmpty() || old.get().keyId().equals(ring.current())) {
        return false; // removed, or given anew, in between
      }
      try (Secret secret = open(id, old.get())) {
        if (store.replace(id, old.get(), seal(id, secret))) {
          return true;
        }
      }
    }
    throw new VaultException("the secret " + id + " keeps changing; rotate again");
  }

  /// The id of the key that seals now.
  public String currentKey() {
    return ring.current();
  }

  @Override
  public String toString() {
    return "FileKeyVault[" + file + "]";
  }
}
