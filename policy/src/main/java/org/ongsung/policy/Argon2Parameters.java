package org.ongsung.policy;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.ongsung.model.PasswordHash;

/// The cost of one Argon2id hash (RFC 9106 section 3.1), and the text form of hashes of that cost:
///
///     $argon2id$v=19$m=MEMORY,t=ITERATIONS,p=LANES$SALT$TAG
///
/// with salt and tag in base 64 without padding, as the reference implementation writes it.
///
/// @param memoryKib memory in KiB
/// @param iterations passes over it
/// @param lanes degree of parallelism
record Argon2Parameters(int memoryKib, int iterations, int lanes) {
  private static final Pattern ENCODED =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([1-9][0-9]{0,7}),t=([1-9][0-9]{0,3}),p=([1-9][0-9]{0,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
  private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

  /// A hash taken apart; whoever has it leaves the arrays as they are.
  static final class Parsed {
    final Argon2Parameters parameters;
    final byte[] salt;
    final byte[] tag;

    private Parsed(Argon2Parameters parameters, byte[] salt, byte[] tag) {
      this.parameters = parameters;
      this.salt = salt;
      this.tag = tag;
    }
  }

  /// Takes a hash apart; throws [IllegalArgumentException] when it is none. Says nothing about its
  /// cost.
  static Parsed parse(PasswordHash hash) {
    Matcher matcher = ENCODED.matcher(hash.encoded());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not an Argon2id hash ($argon2id$v=19$m=…,t=…,p=…$salt$hash)");
    }
    return new Parsed(
        new Argon2Parameters(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))),
        Base64.getDecoder().decode(matcher.group(4)),
        Base64.getDecoder().decode(matcher.group(5)));
  }

  PasswordHash encode(byte[] salt, byte[] tag) {
    return new PasswordHash(
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                memoryKib,
                iterations,
                lanes,
                BASE64.encodeToString(salt),
                BASE64.encodeToString(tag)));
  }

  /// The tag of `tagBytes` bytes for a password (RFC 9106 section 3.2).
  byte[] tag(byte[] password, byte[] salt, int tagBytes) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new org.bouncycastle.crypto.params.Argon2Parameters.Builder(
                org.bouncycastle.crypto.params.Argon2Parameters.ARGON2_id)
            .withVersion(org.bouncycastle.crypto.params.Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(iterations)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] tag = new byte[tagBytes];
    generator.generateBytes(password, tag);
    return tag;
  }
}
