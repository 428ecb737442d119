package org.ongsung.directory.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Target;
import org.ongsung.model.Title;

class TargetIndexTest {
  private static final TargetIndex INDEX =
      index(
          target("web-1", "웹 서버 1호", Map.of("env", "prod")),
          target("web-10", "", Map.of("팀", "결제")),
          target("payroll-db", "급여 데이터베이스", Map.of("team", "finance")),
          target("old-web", "", Map.of()),
          target("spiderweb", "", Map.of()),
          target("gwan", "과장 회관", Map.of()));

  private static boolean none(Target unused) {
    return false;
  }

  private static boolean all(Target unused) {
    return true;
  }

  private static TargetIndex index(Target... targets) {
    return new TargetIndex(
        new DirectorySnapshot(1, List.of(), List.of(), List.of(targets), List.of()));
  }

  private static Target target(String name, String title, Map<String, String> labels) {
    return new Target(
        Name.of(name),
        new Title(title),
        Protocol.SSH,
        new HostAndPort("10.0.0." + name.length(), 22),
        labels,
        HostKeyPolicy.TRUST_ON_FIRST_USE,
        List.of(),
        List.of(new Account(Name.of("svc-" + name.substring(0, 2)), "x", Set.of())));
  }

  private static List<String> find(String query) {
    return INDEX.find(query, TargetIndexTest::none, TargetIndexTest::all, 100).targets().stream()
        .map(t -> t.name().value())
        .toList();
  }

  @Test
  void theNameItselfIsFirstThenWhatStartsSoThenPartsThenTheRest() {
    assertThat(find("web-1")).containsExactly("web-1", "web-10");
    assertThat(find("WEB")).containsExactly("web-1", "web-10", "old-web", "spiderweb");
    assertThat(find("finance")).containsExactly("payroll-db");
    assertThat(find("10.0.0.10")).containsExactly("payroll-db");
    assertThat(find("svc-pa")).containsExactly("payroll-db");
    assertThat(find("nothing")).isEmpty();
  }

  @Test
  void everyWordIsWanted() {
    assertThat(find("web prod")).containsExactly("web-1");
    assertThat(find("  서버   웹 ")).containsExactly("web-1");
    assertThat(find("web finance")).isEmpty();
    assertThat(find("")).hasSize(6);
  }

  @Test
  void koreanIsFoundByAnyPartOfItAndWhileItIsTyped() {
    for (String typed : List.of("ㄱ", "그", "급", "급ㅇ", "급여", "여", "베이스", "데잍")) {
      assertThat(find(typed)).as(typed).contains("payroll-db");
    }
    assertThat(find("고")).contains("gwan"); // on the way to 과
    assertThat(find("과자")).containsExactly("gwan");
    assertThat(find("급야")).isEmpty();
    assertThat(find("결제")).containsExactly("web-10");
    assertThat(find("\u1100\u1173\u11b8\u110b\u1167")).containsExactly("payroll-db"); // decomposed
  }

  @Test
  void firstConsonantsFindTheirSyllables() {
    assertThat(find("ㄱㅇ")).containsExactly("payroll-db");
    assertThat(find("ㄷㅇㅌ")).containsExactly("payroll-db");
    assertThat(find("ㅅㅂ")).containsExactly("web-1");
    assertThat(find("ㄱㅈ")).containsExactly("gwan", "web-10");
    assertThat(find("ㅎㅎ")).isEmpty();
  }

  @Test
  void favouritesComeFirstAmongThoseThatFitAsWell() {
    Predicate<Target> favourite = target -> target.name().value().matches("web-10|spiderweb");
    assertThat(INDEX.find("web", favourite, TargetIndexTest::all, 3).targets())
        .extracting(target -> target.name().value())
        .containsExactly("web-10", "web-1", "old-web");
  }

  @Test
  void noMoreAreFoundThanAreWantedAndItIsSaid() {
    assertThat(INDEX.find("web", TargetIndexTest::none, TargetIndexTest::all, 4).more()).isFalse();
    assertThat(INDEX.find("web", TargetIndexTest::none, TargetIndexTest::all, 3).more()).isTrue();
    assertThat(
            INDEX
                .find("web", TargetIndexTest::none, t -> t.name().value().equals("spiderweb"), 3)
                .targets())
        .hasSize(1);
  }

  @Test
  void aLongQueryIsCutAndNothingInItIsAPattern() {
    assertThat(find(".*")).isEmpty();
    assertThat(find("x".repeat(100_000))).isEmpty();
    assertThat(find("web ".repeat(100_000))).hasSize(4);
  }

  /// A figure, no condition: what one keystroke costs among 20,000 targets.
  @Test
  void oneLookAmongTwentyThousandTargets() {
    List<Target> many = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      many.add(
          target(
              "host-" + i,
              (i % 3 == 0 ? "급여 서버 " : "결제 데이터베이스 ") + i,
              Map.of("env", i % 2 == 0 ? "prod" : "dev", "팀", "운영")));
    }
    TargetIndex index = index(many.toArray(Target[]::new));
    long built = System.nanoTime();
    assertThat(index.find("없는것", TargetIndexTest::none, TargetIndexTest::all, 50).targets())
        .isEmpty();
    built = System.nanoTime() - built;
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String query =
          List.of("h", "ho", "host-19", "ㄱㅇ", "급여 19", "결제 운영", "없는것", "prod 77").get(i % 8);
      long start = System.nanoTime();
      assertThat(
              index.find(query, TargetIndexTest::none, TargetIndexTest::all, 50).targets().size())
          .isLessThanOrEqualTo(50);
      took.add(System.nanoTime() - start);
    }
    took.sort(null);
    System.out.printf(
        "20,000 targets: index built and first look %d ms; a look: median %.1f ms, p95 %.1f ms%n",
        built / 1_000_000, took.get(100) / 1e6, took.get(190) / 1e6);
  }
}
