package org.ongsung.directory.wall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ongsung.model.Name;
import org.ongsung.model.Role;
import org.ongsung.model.Title;
import org.ongsung.model.User;

class NoticesAndLinksTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
  private static final User OPS = user("ops");
  private static final User DEV = user("dev");

  private static User user(String group) {
    return new User(
        Name.of("alice"),
        Title.NONE,
        Set.of(Role.USER),
        Set.of(Name.of(group)),
        true,
        null,
        List.of());
  }

  private static Notice notice(String text, Instant from, Instant until, String... groups) {
    return new Notice(
        Name.of("n"),
        new Title("t"),
        text,
        false,
        from,
        until,
        java.util.Arrays.stream(groups).map(Name::of).collect(java.util.stream.Collectors.toSet()),
        NOW,
        "admin");
  }

  private static WallLink link(String address, int rank) {
    return new WallLink(Name.of("l"), new Title("t"), address, Title.NONE, rank, Set.of());
  }

  @Test
  void aNoticeIsThereInItsTimeAndForItsGroups() {
    assertThat(notice("", null, null).isFor(DEV, NOW)).isTrue();
    assertThat(notice("", null, null, "ops").isFor(DEV, NOW)).isFalse();
    assertThat(notice("", null, null, "ops", "x").isFor(OPS, NOW)).isTrue();
    Notice dated = notice("", NOW, NOW.plusSeconds(10));
    assertThat(dated.isFor(DEV, NOW.minusNanos(1))).isFalse();
    assertThat(dated.isFor(DEV, NOW)).isTrue();
    assertThat(dated.isFor(DEV, NOW.plusSeconds(10))).isFalse();
  }

  @Test
  void aNoticeHasItsBounds() {
    assertThat(notice("가".repeat(Notice.MAX_CHARACTERS), null, null).text()).hasSize(10_000);
    for (String bad : List.of("x".repeat(Notice.MAX_CHARACTERS + 1), "a\u0000b", "\u001b[31m")) {
      assertThatThrownBy(() -> notice(bad, null, null))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> notice("", NOW, NOW)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLinkGoesToAWebServerAndNowhereElse() {
    for (String good : List.of("https://wiki.example.com/a?b=c#d", "HTTP://10.0.0.1:8080/")) {
      assertThat(link(good, 0).address()).isEqualTo(good);
    }
    for (String bad :
        List.of(
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "//wiki",
            "/wiki",
            "https:",
            "https://alice:secret@wiki/",
            "https://wiki/ a",
            "https://wiki/\n",
            "file:///etc/passwd",
            "ftp://x/",
            "https://w/" + "x".repeat(2_000))) {
      assertThatThrownBy(() -> link(bad, 0)).as(bad).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aRankHasItsBounds() {
    assertThat(link("https://x/", 9_999).rank()).isEqualTo(9_999);
    for (int bad : new int[] {-1, 10_000}) {
      assertThatThrownBy(() -> link("https://x/", bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
