package org.ongsung.vault;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The keys of a vault, of which one seals and all open. Immutable; printed without the keys.
///
/// As text, one line each:
///
/// ```
/// ongsung-vault-keys 1
/// key ID CREATED BASE64      (AES-256; as many as there are, oldest first)
/// current ID
/// ```
final class Keyring {
  /// The most keys, inclusive: rotating every day lasts for years.
  static final int MAX_KEYS = 4_096;

  private static final String HEADER = "ongsung-vault-keys 1";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
  private static final String AES = "AES";
  private static final int KEY_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private record Key(String id, Instant created, SecretKeySpec aes) {
    @Override
    public String toString() {
      return id;
    }
  }

  private final Map<String, Key> keys;
  private final String current;

  private Keyring(Map<String, Key> keys, String current) {
    this.keys = Collections.unmodifiableMap(keys);
    this.current = current;
  }

  /// A ring of one new key.
  static Keyring create(Instant now) {
    return new Keyring(new LinkedHashMap<>(), "").withNewKey(now);
  }

  /// This ring and a new key, which is the current one from now on.
  Keyring withNewKey(Instant now) {
    if (keys.size() >= MAX_KEYS) {
      throw new VaultException("the vault has as many keys as it can, " + MAX_KEYS);
    }
    byte[] id = new byte[8];
    RANDOM.nextBytes(id);
    byte[] bytes = new byte[KEY_BYTES];
    RANDOM.nextBytes(bytes);
    Map<String, Key> more = new LinkedHashMap<>(keys);
    Key key = new Key(HexFormat.of().formatHex(id), now, new SecretKeySpec(bytes, AES));
    more.put(key.id(), key);
    return new Keyring(more, key.id());
  }

  /// The id of the key that seals.
  String current() {
    return current;
  }

  /// The key of that id.
  Optional<SecretKey> key(String id) {
    return Optional.ofNullable(keys.get(id)).map(Key::aes);
  }

  /// How many keys there are.
  int size() {
    return keys.size();
  }

  /// Whether every key of `other` is here too.
  boolean holdsAllOf(Keyring other) {
    return keys.keySet().containsAll(other.keys.keySet());
  }

  /// The text again.
  String text() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (Key key : keys.values()) {
      text.append("key ").append(key.id()).append(' ').append(key.created()).append(' ');
      text.append(Base64.getEncoder().encodeToString(key.aes().getEncoded())).append('\n');
    }
    return text.append("current ").append(current).append('\n').toString();
  }

  /// Reads the text. Messages name the line and never show it: it may hold a key.
  static Keyring parse(List<String> lines) {
    List<String> rest = new ArrayList<>(lines);
    if (rest.isEmpty() || !rest.getFirst().equals(HEADER)) {
      throw new VaultException("line 1 is not \"" + HEADER + "\"");
    }
    Map<String, Key> keys = new LinkedHashMap<>();
    String current = "";
    for (int i = 1; i < rest.size(); i++) {
      String[] words = rest.get(i).split(" ", -1);
      if (words[0].equals("key") && words.length == 4) {
        Key key = key(words, i + 1);
        if (keys.put(key.id(), key) != null) {
          throw new VaultException("line " + (i + 1) + " repeats a key's id");
        }
      } else if (words[0].equals("current") && words.length == 2 && current.isEmpty()) {
        current = words[1];
      } else if (!rest.get(i).isEmpty()) {
        throw new VaultException("line " + (i + 1) + " is neither a key nor the current one's id");
      }
    }
    if (keys.size() > MAX_KEYS) {
      throw new VaultException("it has more than " + MAX_KEYS + " keys");
    }
    if (!keys.containsKey(current)) {
      throw new VaultException("it does not say which of its keys is the current one");
    }
    return new Keyring(keys, current);
  }

  private static Key key(String[] words, int line) {
    try {
      byte[] bytes = Base64.getDecoder().decode(words[3]);
      if (bytes.length == KEY_BYTES && ID.matcher(words[1]).matches()) {
        return new Key(words[1], Instant.parse(words[2]), new SecretKeySpec(bytes, AES));
      }
    } catch (IllegalArgumentException | DateTimeParseException e) {
      // The cause would show part of the key.
    }
    throw new VaultException("line " + line + " is not \"key ID TIME BASE64\"");
  }

  @Override
  public String toString() {
    return "Keyring[" + keys.size() + " keys, current " + current + "]";
  }
}
