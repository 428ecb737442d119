package org.ongsung.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectoryUnavailableException;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.directory.wall.WallStore;
import org.ongsung.model.Name;
import org.ongsung.model.Title;

abstract class WallStoreContract extends StoreContract {
  private static final Name ALICE = Name.of("alice");
  private static final Name WEB = Name.of("web-1");
  private static final Name OTHER = Name.of("a-later-one");

  private WallStore wall;

  WallStoreContract(DatabaseFixture fixture) {
    super(fixture);
  }

  @BeforeEach
  void fillTheDirectory() {
    wall = database.wall();
    long _ =
        database
            .directory()
            .save(
                0,
                new DirectoryChange.Builder()
                    .put(Samples.ops())
                    .put(new org.ongsung.model.Group(Name.of("dev"), Title.NONE))
                    .put(Samples.alice())
                    .put(Samples.bob())
                    .put(Samples.web1())
                    .put(renamed())
                    .build());
  }

  private static org.ongsung.model.Target renamed() {
    org.ongsung.model.Target web = Samples.web1();
    return new org.ongsung.model.Target(
        OTHER,
        web.title(),
        web.protocol(),
        web.address(),
        web.labels(),
        web.hostKeyPolicy(),
        web.hostKeys(),
        web.accounts());
  }

  private static Notice notice(String name, boolean sticky) {
    return new Notice(
        Name.of(name),
        new Title("정기 점검 \"'<>"),
        "# 점검\n\n* 토요일 😀\t밤",
        sticky,
        Samples.NOW,
        Samples.NOW.plusSeconds(60),
        Set.of(Name.of("ops"), Name.of("dev")),
        Samples.NOW,
        "admin");
  }

  @Test
  void starsComeInTheirOrderAndStandOnce() {
    assertThat(wall.stars(ALICE)).isEmpty();
    assertThat(wall.star(ALICE, WEB, Samples.NOW, 2)).isTrue();
    assertThat(wall.star(ALICE, OTHER, Samples.NOW.plusSeconds(1), 2)).isTrue();
    assertThat(wall.star(ALICE, WEB, Samples.NOW.plusSeconds(2), 2)).isTrue();
    assertThat(wall.stars(ALICE)).containsExactly(WEB, OTHER);
    assertThat(wall.stars(Name.of("bob"))).isEmpty();
    wall.unstar(ALICE, WEB);
    wall.unstar(ALICE, WEB);
    assertThat(wall.stars(ALICE)).containsExactly(OTHER);
  }

  @Test
  void thereAreAsManyStarsAsMayBeAndNoMore() {
    assertThat(wall.star(ALICE, WEB, Samples.NOW, 1)).isTrue();
    assertThat(wall.star(ALICE, OTHER, Samples.NOW, 1)).isFalse();
    assertThat(wall.star(Name.of("bob"), OTHER, Samples.NOW, 1)).isTrue();
    assertThat(wall.stars(ALICE)).containsExactly(WEB);
  }

  @Test
  void aStarGoesWithItsTargetAndWithItsUserAndStaysWhenTheyChange() {
    wall.star(ALICE, WEB, Samples.NOW, 9);
    wall.star(ALICE, OTHER, Samples.NOW, 9);
    wall.star(Name.of("bob"), OTHER, Samples.NOW, 9);
    var store = database.directory();
    long version =
        store.save(
            store.version(),
            new DirectoryChange.Builder().put(Samples.web1()).put(Samples.alice()).build());
    assertThat(wall.stars(ALICE)).containsExactlyInAnyOrder(WEB, OTHER);
    version = store.save(version, new DirectoryChange.Builder().deleteTarget(WEB).build());
    assertThat(wall.stars(ALICE)).containsExactly(OTHER);
    long _ = store.save(version, new DirectoryChange.Builder().deleteUser(ALICE).build());
    assertThat(wall.stars(ALICE)).isEmpty();
    assertThat(wall.stars(Name.of("bob"))).containsExactly(OTHER);
  }

  @Test
  void aStarOfNobodyOrOnNothingIsNone() {
    assertThatThrownBy(() -> wall.star(Name.of("gone"), WEB, Samples.NOW, 9))
        .isInstanceOf(DirectoryUnavailableException.class);
    assertThatThrownBy(() -> wall.star(ALICE, Name.of("gone"), Samples.NOW, 9))
        .isInstanceOf(DirectoryUnavailableException.class);
  }

  @Test
  void noticesComeBackAsTheyWere() {
    Notice first = notice("b-first", true);
    Notice bare =
        new Notice(
            Name.of("a-bare"),
            new Title("x"),
            "",
            false,
            null,
            null,
            Set.of(),
            Samples.NOW,
            "local-admin");
    wall.put(first);
    wall.put(bare);
    reopen();
    wall = database.wall();
    assertThat(wall.notices()).containsExactly(bare, first);
    assertThat(wall.notice(first.name())).contains(first);
    wall.put(notice("b-first", false));
    assertThat(wall.notice(first.name())).contains(notice("b-first", false));
    assertThat(wall.deleteNotice(first.name())).isTrue();
    assertThat(wall.deleteNotice(first.name())).isFalse();
    assertThat(wall.notices()).containsExactly(bare);
  }

  @Test
  void linksComeBackAsTheyWere() {
    WallLink wiki =
        new WallLink(
            Name.of("wiki"),
            new Title("위키"),
            "https://wiki.example.com/a?b=c#d",
            new Title("작업 절차"),
            10,
            Set.of(Name.of("ops")));
    wall.put(wiki);
    assertThat(wall.links()).containsExactly(wiki);
    WallLink moved = new WallLink(wiki.name(), wiki.title(), "http://x/", Title.NONE, 0, Set.of());
    wall.put(moved);
    assertThat(wall.link(wiki.name())).contains(moved);
    assertThat(wall.deleteLink(wiki.name())).isTrue();
    assertThat(wall.deleteLink(wiki.name())).isFalse();
  }
}
