package org.ongsung.server.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ongsung.model.Network;

/// Where a worker lets sessions go.
class ReachTest {
  private static final Reach EVERYWHERE =
      new Reach(List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0")));

  @Test
  void sessionsGoIntoTheNetworksThatWereGivenAndNoOthers() {
    Reach reach = new Reach(List.of(Network.parse("10.20.0.0/16")));
    assertThat(reach.allows(InetAddress.ofLiteral("10.20.255.255"))).isTrue();
    assertThat(reach.allows(InetAddress.ofLiteral("10.21.0.0"))).isFalse();
    assertThat(reach.allows(InetAddress.ofLiteral("::1"))).isFalse();
    assertThat(new Reach(List.of()).allows(InetAddress.ofLiteral("10.20.0.1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "224.0.0.1",
        "::ffff:169.254.169.254",
        "2002:a9fe:a9fe::1",
        "0.0.0.0",
        "::"
      })
  void noNetworkHoldsTheAddressesThatNoTargetMayHave(String address) {
    assertThat(EVERYWHERE.allows(InetAddress.ofLiteral(address))).isFalse();
  }

  @Test
  void thereAreAtMostSoManyNetworks() {
    Network one = Network.parse("10.0.0.0/8");
    assertThat(new Reach(Collections.nCopies(Reach.MAX_NETWORKS, one)).networks())
        .hasSize(Reach.MAX_NETWORKS);
    assertThatThrownBy(() -> new Reach(Collections.nCopies(Reach.MAX_NETWORKS + 1, one)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
