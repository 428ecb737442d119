package org.ongsung.console.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BasePathTest {
  @Test
  void aSlashAtTheEndSaysNothing() {
    assertThat(BasePath.of("/")).isEqualTo(BasePath.ROOT);
    assertThat(BasePath.of("")).isEqualTo(BasePath.ROOT);
    assertThat(BasePath.of("/ongsung/")).isEqualTo(new BasePath("/ongsung"));
    assertThat(BasePath.of("/a/b.c/~d")).isEqualTo(new BasePath("/a/b.c/~d"));
  }

  @Test
  void whatCouldBeReadInTwoWaysIsNone() {
    for (String path :
        new String[] {
          "ongsung",
          "//",
          "//x",
          "/x//",
          "/a//b",
          "/a/../b",
          "/..",
          "/.",
          "/a/.",
          "/a;b",
          "/a%2f",
          "/a b",
          "/옹성",
          "/a?b",
          "/a\\b",
          "/" + "a".repeat(200)
        }) {
      assertThatThrownBy(() -> BasePath.of(path))
          .as(path)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(BasePath.of("/" + "a".repeat(199)).text()).hasSize(200);
  }

  @Test
  void insideIsWhatLiesBehindIt() {
    BasePath base = BasePath.of("/ongsung");
    assertThat(base.inside("/ongsung/users?x=1")).contains("/users?x=1");
    assertThat(base.inside("/ongsung/")).contains("/");
    assertThat(base.inside("/ongsung")).isEmpty();
    assertThat(base.inside("/ongsungx/users")).isEmpty();
    assertThat(base.inside("/users")).isEmpty();
    assertThat(BasePath.ROOT.inside("/users")).contains("/users");
  }
}
