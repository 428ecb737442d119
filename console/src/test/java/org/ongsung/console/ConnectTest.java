package org.ongsung.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ongsung.console.house.Browser;
import org.ongsung.console.house.ConsoleHouse;
import org.ongsung.jobs.HostKeyCheck;
import org.ongsung.jobs.JobSearch;

/// The common nested flow: a person's *connect* contains the asking for a job, which a worker takes
/// and answers while the person waits.
class ConnectTest {
  private ConsoleHouse house;

  @BeforeEach
  void start() throws Exception {
    house = ConsoleHouse.start();
  }

  @AfterEach
  void stop() {
    house.close();
  }

  private HttpResponse<String> connect(String user, String target, String account)
      throws Exception {
    try (Browser browser = Browser.of(house, user)) {
      return browser.post("/connect", Map.of("target", target, "account", account));
    }
  }

  @Test
  void aPersonWhoConnectsIsToldTheWayThatAWorkerFound() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    HttpResponse<String> page = connect("alice", "web-1", "root");
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.body())
        .contains("SHA256:b6dPC7SQ")
        .contains("ssh -p 2222 alice")
        .contains("web-1@gate.example.com");
  }

  @Test
  void aTargetThatDoesNotAnswerIsSaidSoWithoutInnerDetails() throws Exception {
    house.findsWay(ConsoleHouse.seen(false, HostKeyCheck.NOT_SEEN));
    HttpResponse<String> page = connect("alice", "web-1", "root");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("does not answer").doesNotContain("inner network");
  }

  @Test
  void aChangedHostKeyIsNoWayIn() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.CHANGED));
    HttpResponse<String> page = connect("alice", "web-1", "root");
    assertThat(page.body()).contains("Do not connect").doesNotContain("ssh -p 2222");
  }

  @Test
  void whatOneMayNotReachLooksLikeWhatIsNotThere() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    HttpResponse<String> forbidden = connect("nobody", "web-1", "root");
    HttpResponse<String> missing = connect("nobody", "no-such", "root");
    HttpResponse<String> unreadable = connect("nobody", "../x", "root");
    assertThat(forbidden.statusCode()).isEqualTo(404);
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(unreadable.statusCode()).isEqualTo(404);
  }

  @Test
  void aConnectionIsItsOwnersAlone() throws Exception {
    house.findsWay(ConsoleHouse.seen(true, HostKeyCheck.MATCHES));
    assertThat(connect("alice", "web-1", "root").statusCode()).isEqualTo(200);
    String id =
        house
            .jobs()
            .find(new JobSearch(Set.of(), Set.of(), "alice", null, null, 1))
            .getFirst()
            .id()
            .value();
    try (Browser alice = Browser.of(house, "alice");
        Browser chulsoo = Browser.of(house, "chulsoo");
        Browser admin = Browser.of(house, "admin")) {
      assertThat(alice.get("/api/v1/me/connections/" + id).statusCode()).isEqualTo(200);
      assertThat(chulsoo.get("/api/v1/me/connections/" + id).statusCode()).isEqualTo(404);
      assertThat(admin.get("/api/v1/me/connections/" + id).statusCode()).isEqualTo(404);
    }
  }
}
