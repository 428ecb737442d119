package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.console.house.Samples;
import org.ongsung.console.http.BasePath;
import org.ongsung.console.http.Json;
import org.ongsung.model.ChannelKind;
import org.ongsung.model.Session;
import org.ongsung.model.SessionChannel;

/// A session that has opened very many channels, page by page.
class SessionChannelsTest {
  private static final int MANY = 1_250;
  private static final int PAGE = 100;

  private static ConsoleHouse house;
  private static Browser admin;
  private static String path;

  @BeforeAll
  static void start() throws Exception {
    house = ConsoleHouse.under(BasePath.of("/ongsung"));
    Session session = house.samples().get(1);
    int there = house.sessions().channels(session.id()).size();
    for (int number = there; number < MANY; number++) {
      house
          .sessions()
          .openChannel(
              new SessionChannel(
                  session.id(), number, ChannelKind.EXEC, "task " + number, Samples.NOW, null));
    }
    path = "/sessions/" + session.id();
    admin = Browser.of(house, "admin");
  }

  @AfterAll
  static void stop() {
    admin.close();
    house.close();
  }

  private static int rows(String page) {
    return (int)
        Pattern.compile("row-link\" href=\"[^\"]*/channels/").matcher(page).results().count();
  }

  @Test
  void aPageShowsAHundredAndLeadsToTheNextToTheLast() throws Exception {
    String next = path;
    int seen = 0;
    while (!next.isEmpty()) {
      var answer = admin.get(next);
      assertThat(answer.statusCode()).isEqualTo(200);
      int rows = rows(answer.body());
      assertThat(rows).isEqualTo(Math.min(PAGE, MANY - seen));
      seen += rows;
      var link =
          Pattern.compile("href=\"/ongsung(/sessions/[^\"]*channels=[0-9]+[^\"]*)#channels\"")
              .matcher(answer.body());
      next = link.find() ? link.group(1).replace("&amp;", "&") : "";
    }
    assertThat(seen).isEqualTo(MANY);
  }

  @Test
  void beyondTheLastThereIsNoneAndNonsenseIsTheFirst() throws Exception {
    assertThat(rows(admin.get(path + "?channels=99999999999").body())).isZero();
    assertThat(rows(admin.get(path + "?channels=-1").body())).isEqualTo(PAGE);
  }

  @Test
  void oneChannelShowsThoseAroundItAndNoOthers() throws Exception {
    for (String page : List.of("/channels/700", "/transcript?channel=700")) {
      String shown = admin.get(path + page).body();
      assertThat(shown).as(page).contains("700 · ").contains("675 · ").contains("724 · ");
      assertThat(shown).as(page).doesNotContain("674 · ").doesNotContain("725 · ");
    }
    assertThat(admin.get(path + "/channels/" + MANY).statusCode()).isEqualTo(404);
    assertThat(admin.get(path + "/transcript?channel=x").statusCode()).isEqualTo(404);
  }

  @Test
  void theApiGivesThemInPagesToo() throws Exception {
    Object from = 0L;
    int seen = 0;
    while (from != null) {
      var body = admin.get("/api/v1" + path + "?channelsFrom=" + from).body();
      var answer = (java.util.Map<?, ?>) Json.parse(body);
      int found = ((List<?>) answer.get("channels")).size();
      assertThat(found).isLessThanOrEqualTo(500);
      seen += found;
      from = answer.get("channelsFrom");
    }
    assertThat(seen).isEqualTo(MANY);
  }
}
