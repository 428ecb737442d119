package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.directory.Actor;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.model.Account;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Target;
import org.ongsung.model.Title;

/// What a keystroke costs somebody who may reach 20,000 targets, from the request to the last byte
/// of the answer. Figures, no condition but that the right ones are found.
@Tag("long")
class WallAtScaleTest {
  private static final int TARGETS = 20_000;

  @Test
  void aKeystrokeAmongTwentyThousandTargets() throws Exception {
    try (ConsoleHouse house = ConsoleHouse.start();
        Browser alice = Browser.of(house, "alice")) {
      house.directory().change(Actor.SYSTEM, _ -> many());
      List<Long> took = new ArrayList<>();
      List<String> typed = List.of("h", "ho", "hos", "host-19", "ㄱㅇ", "급", "급여 77", "없는것");
      for (int round = 0; round < 25; round++) {
        for (String query : typed) {
          long start = System.nanoTime();
          String page = alice.get("/?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8)).body();
          took.add(System.nanoTime() - start);
          assertThat(page.contains("class=\"place\"")).as(query).isEqualTo(!query.equals("없는것"));
        }
      }
      long wall = System.nanoTime();
      assertThat(alice.get("/?page=390").body()).contains("class=\"place\"");
      wall = System.nanoTime() - wall;
      took.sort(null);
      System.out.printf(
          "20,000 targets: a keystroke by HTTP, median %.1f ms, p95 %.1f ms; page 390 of the wall"
              + " %.1f ms%n",
          took.get(took.size() / 2) / 1e6, took.get(took.size() * 95 / 100) / 1e6, wall / 1e6);
    }
  }

  private static DirectoryChange many() {
    DirectoryChange.Builder change = new DirectoryChange.Builder();
    for (int i = 0; i < TARGETS; i++) {
      change.put(
          new Target(
              Name.of("host-" + i),
              new Title((i % 2 == 0 ? "급여 서버 " : "결제 데이터베이스 ") + i),
              Protocol.SSH,
              new HostAndPort("10.%d.%d.1".formatted(i / 250 + 1, i % 250), 22),
              Map.of("env", "prod", "rack", "r" + i % 40),
              HostKeyPolicy.TRUST_ON_FIRST_USE,
              List.of(),
              List.of(new Account(Name.of("root"), "root", Set.of()))));
    }
    return change.build();
  }
}
