package org.ongsung.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("203.0.113.7");
  private static final InetAddress THERE = InetAddress.ofLiteral("203.0.113.8");

  private long nanos = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos(); // wraps during the tests
  private Instant wall = Instant.parse("2030-01-01T00:00:00Z");
  private LoginThrottle throttle = throttle(LoginLimits.DEFAULT);

  private LoginThrottle throttle(LoginLimits limits) {
    return new LoginThrottle(
        limits,
        new InstantSource() {
          @Override
          public Instant instant() {
            return wall;
          }
        },
        () -> nanos);
  }

  @Test
  void failuresSlowTheNextAttemptsDownExponentially() {
    assertThat(pause(HERE, "alice")).isZero();
    fail(HERE, "alice", 2);
    assertThat(pause(HERE, "alice")).isZero();
    fail(HERE, "alice", 1);
    assertThat(pause(HERE, "alice")).hasMillis(500);
    fail(HERE, "alice", 1);
    assertThat(pause(HERE, "alice")).hasMillis(1_000);
    fail(HERE, "alice", 5);
    assertThat(pause(HERE, "alice")).hasMillis(8_000);
  }

  @Test
  void theTenthFailureBlocksTheAddressForEverybodyThere() {
    fail(HERE, "alice", 9);
    assertThat(throttle.isBlocked(HERE)).isFalse();
    LoginBlock block = throttle.failed(HERE, "bob").orElseThrow();
    assertThat(block.key()).isEqualTo("203.0.113.7");
    assertThat(block.address()).isEqualTo("203.0.113.7");
    assertThat(block.lastUser()).isEqualTo("bob");
    assertThat(block.failures()).isEqualTo(10);
    assertThat(block.until()).isEqualTo(wall.plusSeconds(300));
    assertThat(retryAfter(HERE, "carol")).hasSeconds(300);
    assertThat(pause(THERE, "carol")).isZero();
  }

  @Test
  void aBlockEndsByItselfAndEachFurtherOneLastsTwiceAsLong() {
    for (int minutes : new int[] {5, 10, 20, 40, 80, 160, 240, 240}) {
      fail(HERE, "alice", 10);
      assertThat(retryAfter(HERE, "alice")).hasMinutes(minutes);
      nanos += Duration.ofMinutes(minutes).toNanos() - 1;
      assertThat(throttle.isBlocked(HERE)).isTrue();
      nanos++;
      assertThat(throttle.isBlocked(HERE)).isFalse();
    }
    nanos += Duration.ofDays(1).toNanos();
    fail(HERE, "alice", 10);
    assertThat(retryAfter(HERE, "alice")).hasMinutes(5);
  }

  @Test
  void aClockSetBackNeitherProlongsNorEndsABlock() {
    fail(HERE, "alice", 10);
    wall = wall.minus(Duration.ofDays(365));
    nanos += Duration.ofMinutes(5).toNanos();
    assertThat(throttle.isBlocked(HERE)).isFalse();
  }

  @Test
  void failuresAreForgottenAfterAWhile() {
    fail(HERE, "alice", 9);
    nanos += Duration.ofMinutes(30).toNanos();
    assertThat(pause(HERE, "alice")).isZero();
    fail(HERE, "alice", 9);
    assertThat(throttle.isBlocked(HERE)).isFalse();
  }

  @Test
  void anIpv6NetworkCountsAsOneAddress() {
    fail(InetAddress.ofLiteral("2001:db8:1:2::1"), "alice", 9);
    LoginBlock block =
        throttle.failed(InetAddress.ofLiteral("2001:db8:1:2:ffff::9"), "alice").orElseThrow();
    assertThat(block.address()).isEqualTo("2001:db8:1:2:0:0:0:0/64");
    assertThat(throttle.isBlocked(InetAddress.ofLiteral("2001:db8:1:2:3:4:5:6"))).isTrue();
    assertThat(throttle.isBlocked(InetAddress.ofLiteral("2001:db8:1:3::1"))).isFalse();
    assertThat(throttle.release(block.key())).isPresent();
  }

  @Test
  void anIpv4MappedAddressIsTheIpv4Address() {
    fail(InetAddress.ofLiteral("::ffff:203.0.113.7"), "alice", 10);
    assertThat(throttle.isBlocked(HERE)).isTrue();
  }

  @Test
  void failuresOfOthersOnlySlowTheRightfulUserAtACleanAddress() {
    for (int i = 0; i < 200; i++) {
      throttle.failed(InetAddress.ofLiteral("198.51.100." + i), "alice");
    }
    assertThat(pause(HERE, "alice")).hasSeconds(4);
    assertThat(throttle.failed(HERE, "alice")).isEmpty();
    assertThat(throttle.failed(HERE, "alice")).isEmpty();
    assertThat(throttle.isBlocked(HERE)).isFalse();
  }

  @Test
  void underAttackAnAddressHasFewerFailuresAgainstThatUser() {
    for (int i = 0; i < 30; i++) {
      throttle.failed(InetAddress.ofLiteral("198.51.100." + i), "alice");
    }
    fail(HERE, "alice", 2);
    assertThat(throttle.failed(HERE, "alice")).isPresent();
    fail(THERE, "bob", 9);
    assertThat(throttle.isBlocked(THERE)).isFalse();
  }

  @Test
  void aSuccessTakesBackItsOwnFailuresOnly() {
    fail(HERE, "alice", 4);
    throttle.succeeded(HERE, "alice");
    assertThat(pause(HERE, "alice")).isZero();

    fail(HERE, "victim", 8);
    fail(HERE, "attacker", 1);
    throttle.succeeded(HERE, "attacker");
    fail(HERE, "victim", 1);
    assertThat(throttle.failed(HERE, "victim")).isPresent();
  }

  @Test
  void attemptsTurnedAwayAreToldOnceAndThenOnceAMinuteWithTheirNumber() {
    fail(HERE, "alice", 10);
    assertThat(untold()).isEqualTo(1);
    assertThat(untold()).isZero();
    assertThat(untold()).isZero();
    nanos += Duration.ofMinutes(1).toNanos();
    assertThat(untold()).isEqualTo(3);
    assertThat(untold()).isZero();
    assertThat(throttle.blocks().getFirst().turnedAway()).isEqualTo(5);
  }

  @Test
  void blocksAreListedAndReleased() {
    fail(HERE, "alice", 10);
    nanos += Duration.ofSeconds(1).toNanos();
    fail(THERE, "bob", 10);
    assertThat(throttle.blocks())
        .extracting(LoginBlock::key)
        .containsExactly("203.0.113.8", "203.0.113.7");
    assertThat(throttle.release("203.0.113.7")).map(LoginBlock::lastUser).hasValue("alice");
    assertThat(throttle.release("203.0.113.7")).isEqualTo(Optional.empty());
    assertThat(throttle.isBlocked(HERE)).isFalse();
    fail(HERE, "carol", 9);
    assertThat(throttle.isBlocked(HERE)).isFalse();
  }

  @Test
  void memoryIsBoundedAndTheLeastRecentGoFirst() {
    LoginLimits d = LoginLimits.DEFAULT;
    throttle =
        throttle(
            new LoginLimits(
                d.freeFailures(),
                d.firstDelay(),
                d.longestAddressDelay(),
                d.longestUserDelay(),
                d.failuresToBlock(),
                d.failuresToBlockUnderAttack(),
                d.failuresMeaningAttack(),
                d.firstBlock(),
                d.longestBlock(),
                d.memory(),
                d.blockMemory(),
                100,
                d.retoldEvery()));
    fail(HERE, "alice", 10);
    for (int i = 0; i < 99; i++) {
      throttle.failed(InetAddress.ofLiteral("198.51.100." + i), "user" + i);
    }
    assertThat(throttle.remembered()).isEqualTo(300);
    assertThat(throttle.isBlocked(HERE)).isTrue(); // seen just now, so it stays
    throttle.failed(THERE, "bob");
    assertThat(throttle.remembered()).isEqualTo(300);
    assertThat(throttle.isBlocked(HERE)).isTrue();
    for (int i = 0; i < 100; i++) {
      throttle.failed(InetAddress.ofLiteral("192.0.2." + i), "user" + i);
    }
    assertThat(throttle.remembered()).isEqualTo(300);
    assertThat(throttle.isBlocked(HERE)).isFalse();
  }

  @Test
  void aNameTooLongIsCutAndMadeFitToBeShown() {
    String name = "\u001b[31m" + "x".repeat(10_000);
    LoginBlock block = null;
    for (int i = 0; i < 10; i++) {
      block = throttle.failed(HERE, name).orElse(null);
    }
    assertThat(block).isNotNull();
    assertThat(block.lastUser()).startsWith("<U+1b>[31mxxx").hasSizeLessThan(80);
  }

  private void fail(InetAddress source, String user, int times) {
    for (int i = 0; i < times; i++) {
      throttle.failed(source, user);
    }
  }

  private Duration pause(InetAddress source, String user) {
    return ((LoginThrottle.Admission.Go) throttle.admit(source, user)).pause();
  }

  private Duration retryAfter(InetAddress source, String user) {
    return ((LoginThrottle.Admission.Stop) throttle.admit(source, user)).retryAfter();
  }

  private long untold() {
    return ((LoginThrottle.Admission.Stop) throttle.admit(HERE, "alice")).untold();
  }
}
