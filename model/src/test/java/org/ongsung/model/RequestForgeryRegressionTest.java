package org.ongsung.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Server-side request forgery: where no connection of the gateway may go.
class RequestForgeryRegressionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "fe80::1",
        "febf:ffff::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "224.0.0.1",
        "ff02::1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1"
      })
  void noTargetLiesThere(String address) {
    assertThat(ForbiddenAddresses.contains(InetAddress.ofLiteral(address))).isTrue();
    assertThat(ForbiddenAddresses.containsLiteral(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.253.255.255",
        "169.255.0.0",
        "127.0.0.1",
        "10.0.3.11",
        "192.0.2.1",
        "::1",
        "fec0::1",
        "fd00:ec2::253",
        "100.100.100.199",
        "2001:db8::1",
        "64:ff9b::c000:201",
        "2002:c000:201::1"
      })
  void theseAreOrdinary(String address) {
    assertThat(ForbiddenAddresses.contains(InetAddress.ofLiteral(address))).isFalse();
  }
}
