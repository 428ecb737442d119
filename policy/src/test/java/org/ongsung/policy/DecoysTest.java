package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Name;
import org.ongsung.model.PasswordHash;
import org.ongsung.model.Role;
import org.ongsung.model.Title;
import org.ongsung.model.User;

class DecoysTest {
  private static final PasswordHash CHEAP = new PasswordHash("$argon2id$v=19$m=8,t=1,p=1$cheap");
  private static final PasswordHash DEAR = new PasswordHash("$argon2id$v=19$m=64,t=9,p=1$dear");
  private static final PasswordHash OTHERWISE = new PasswordHash("$argon2id$none");

  @Test
  void anUnknownNameCostsWhatSomeRealUserCostsAndAlwaysTheSame() {
    DirectorySnapshot directory =
        new DirectorySnapshot(
            1, List.of(user("a", CHEAP), user("b", DEAR)), List.of(), List.of(), List.of());
    Decoys decoys = new Decoys(OTHERWISE);
    Set<PasswordHash> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      PasswordHash decoy = decoys.decoy(directory, "nobody" + i);
      assertThat(decoys.decoy(directory, "nobody" + i)).isEqualTo(decoy);
      seen.add(decoy);
    }
    assertThat(seen).containsExactlyInAnyOrder(CHEAP, DEAR);
  }

  @Test
  void whereNobodyHasAPasswordAnOrdinaryHashIsChecked() {
    Decoys decoys = new Decoys(OTHERWISE);
    assertThat(decoys.decoy(DirectorySnapshot.empty(), "nobody")).isEqualTo(OTHERWISE);
  }

  private static User user(String name, PasswordHash hash) {
    return new User(Name.of(name), Title.NONE, Set.of(Role.USER), Set.of(), true, hash, List.of());
  }
}
