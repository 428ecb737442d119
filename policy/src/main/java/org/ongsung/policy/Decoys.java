package org.ongsung.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.User;

/// Hashes to be checked for users who are not there or have none, so that their attempts take as
/// long as anybody's.
///
/// Hashes in one directory may differ in cost. The decoy for a name is the hash of some real user,
/// picked by a digest of the name that nobody outside can foresee, and always the same for one
/// name: so the times that unknown names take spread like those of known ones. What the check says
/// is thrown away.
final class Decoys {
  private final byte[] seed = new byte[32];
  private final PasswordHash otherwise;
  private volatile Candidates candidates = new Candidates(-1, List.of());

  private record Candidates(long version, List<PasswordHash> hashes) {}

  Decoys(PasswordHash otherwise) {
    this.otherwise = otherwise;
    new SecureRandom().nextBytes(seed);
  }

  PasswordHash decoy(DirectorySnapshot snapshot, String claimedName) {
    Candidates now = candidates;
    if (now.version() != snapshot.version()) {
      now =
          new Candidates(
              snapshot.version(),
              snapshot.users().values().stream()
                  .map(User::password)
                  .filter(Objects::nonNull)
                  .toList());
      candidates = now;
    }
    return now.hashes().isEmpty()
        ? otherwise
        : now.hashes().get(Math.floorMod(digest(claimedName), now.hashes().size()));
  }

  private int digest(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(seed);
      return ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8))).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }
}
