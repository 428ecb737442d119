package org.ongsung.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private static final Handler NOTHING = _ -> Reply.json(200, new byte[0]);

  private static final RouteTable TABLE =
      new RouteTable.Builder()
          .page("/", Access.PUBLIC, NOTHING)
          .page("/users/new", Access.ADMIN, NOTHING)
          .page("/users/{name}", Access.ADMIN, NOTHING)
          .form("/users/{name}", Access.ADMIN, NOTHING)
          .form("/users/{name}/delete", Access.ADMIN, NOTHING)
          .page("/users/new/help", Access.ADMIN, NOTHING)
          .page("/a/{x}/b/{y}", Access.PUBLIC, NOTHING)
          .build();

  private static String template(String method, String path) {
    return TABLE.find(method, path).map(match -> match.route().template()).orElse("none");
  }

  @Test
  void whatATemplateNamesGoesBeforeWhatItLeavesOpen() {
    assertThat(template("GET", "/users/new")).isEqualTo("/users/new");
    assertThat(template("GET", "/users/newer")).isEqualTo("/users/{name}");
    assertThat(template("GET", "/users/new/help")).isEqualTo("/users/new/help");
    // A user who is called "new": the named segment leads nowhere, so the open one is taken.
    assertThat(template("POST", "/users/new/delete")).isEqualTo("/users/{name}/delete");
  }

  @Test
  void variablesAreWhatStandsInTheirSegments() {
    assertThat(TABLE.find("GET", "/a/1.2/b/가").orElseThrow().variables())
        .isEqualTo(Map.of("x", "1.2", "y", "가"));
    assertThat(TABLE.find("GET", "/").orElseThrow().variables()).isEmpty();
  }

  @Test
  void segmentsAreWholeAndNeverEmpty() {
    for (String path :
        new String[] {
          "", "x", "//", "/users", "/users/", "/users/a/", "/users/a/b", "/a//b/c", "/Users/new"
        }) {
      assertThat(template("GET", path)).as(path).isEqualTo("none");
    }
  }

  @Test
  void aMethodThatAnAddressDoesNotTakeIs405() {
    assertThat(template("HEAD", "/users/a")).isEqualTo("/users/{name}");
    assertThatThrownBy(() -> TABLE.find("DELETE", "/users/a"))
        .isInstanceOfSatisfying(
            HttpProblem.class, problem -> assertThat(problem.status()).isEqualTo(405));
  }

  @Test
  void noAddressIsDeclaredTwice() {
    RouteTable.Builder twice =
        new RouteTable.Builder()
            .page("/a/{x}", Access.PUBLIC, NOTHING)
            .page("/a/{y}", Access.PUBLIC, NOTHING);
    assertThatThrownBy(twice::build).isInstanceOf(IllegalStateException.class);
  }
}
