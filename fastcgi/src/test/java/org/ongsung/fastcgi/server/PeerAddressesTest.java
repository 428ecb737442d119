package org.ongsung.fastcgi.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerAddressesTest {
  @Test
  void networksAndSingleAddressesAreMatchedBitByBit() {
    PeerAddresses peers = PeerAddresses.of(List.of("10.1.0.0/23", "192.0.2.7", "2001:db8::/33"));
    assertThat(peers.test(peer("10.1.0.1"))).isTrue();
    assertThat(peers.test(peer("10.1.1.255"))).isTrue();
    assertThat(peers.test(peer("10.1.2.0"))).isFalse();
    assertThat(peers.test(peer("192.0.2.7"))).isTrue();
    assertThat(peers.test(peer("192.0.2.6"))).isFalse();
    assertThat(peers.test(peer("2001:db8:7fff::1"))).isTrue();
    assertThat(peers.test(peer("2001:db8:8000::1"))).isFalse();
  }

  @Test
  void loopbackIsThisMachine() {
    assertThat(PeerAddresses.loopback().test(peer("127.3.2.1"))).isTrue();
    assertThat(PeerAddresses.loopback().test(peer("::1"))).isTrue();
    assertThat(PeerAddresses.loopback().test(peer("192.0.2.1"))).isFalse();
  }

  @Test
  void nobodyIsNobodyAndEverybodyIsEverybodyOfAFamily() {
    assertThat(PeerAddresses.of(List.of()).test(peer("127.0.0.1"))).isFalse();
    assertThat(PeerAddresses.of(List.of("0.0.0.0/0")).test(peer("192.0.2.1"))).isTrue();
    assertThat(PeerAddresses.of(List.of("0.0.0.0/0")).test(peer("2001:db8::1"))).isFalse();
  }

  @Test
  void aUnixDomainSocketIsGuardedByItsFile() {
    assertThat(PeerAddresses.of(List.of()).test(UnixDomainSocketAddress.of("/x"))).isTrue();
  }

  @Test
  void whatIsNoNetworkIsRefused() {
    for (String bad : List.of("localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "", "/8")) {
      assertThatThrownBy(() -> PeerAddresses.of(List.of(bad)))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static InetSocketAddress peer(String literal) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), 1);
  }
}
