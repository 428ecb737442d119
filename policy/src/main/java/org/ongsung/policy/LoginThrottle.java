package org.ongsung.policy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.Shown;

/// Remembers failed logins in memory: per address (an IPv6 /64 counts as one, since one machine has
/// all of it) and per claimed user, known or not.
///
/// Failures slow the next attempts down, exponentially. Only an address is ever blocked, never a
/// user: otherwise anyone could lock anyone out. Failures against a user from elsewhere cost her at
/// most a pause of a few seconds, and lower the number of failures that an address is given for
/// trying her. A success takes back what its own address failed against its own user, and nothing
/// else, so that an attacker with an account of his own cannot clean his address with it.
///
/// Durations are measured by a monotonic clock, so that a clock set back neither prolongs nor ends
/// a block. Safe for any thread; never waits. State is lost at a restart, and is per process.
public final class LoginThrottle {
  private static final int MAX_USER_CHARACTERS = 63;

  private final LoginLimits limits;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Map<String, AddressState> addresses;
  private final Map<String, Count> users;
  private final Map<Pair, Count> pairs;

  private record Pair(String address, String user) {}

  private static final class Count {
    int failures;
    long lastNanos;
  }

  private static final class AddressState {
    final Count count = new Count();
    int blocks;
    int failuresAtBlock;
    String lastUser = "";
    boolean blocked;
    long blockedAt;
    long blockNanos;
    long turnedAway;
    long untold;
    long toldAt;
  }

  /// What to do with an attempt.
  sealed interface Admission {
    /// Check it, after a pause.
    record Go(Duration pause) implements Admission {}

    /// Do not look at it.
    ///
    /// @param untold how many attempts the ledger has not heard of, this one included, if it is to
    ///   hear now; else 0
    record Stop(Duration retryAfter, String address, long untold) implements Admission {}
  }

  /// @param nanos monotonic time, such as `System::nanoTime`
  public LoginThrottle(LoginLimits limits, InstantSource clock, LongSupplier nanos) {
    this.limits = limits;
    this.clock = clock;
    this.nanos = nanos;
    this.addresses = bounded();
    this.users = bounded();
    this.pairs = bounded();
  }

  private <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > limits.entries();
      }
    };
  }

  /// What to do with an attempt, given what failed before. Counts it if it is turned away.
  synchronized Admission admit(InetAddress source, String claimedName) {
    long now = nanos.getAsLong();
    String key = key(source);
    AddressState address = addresses.get(key);
    if (address != null && isBlocked(address, now)) {
      address.turnedAway++;
      address.untold++;
      long untold = 0;
      if (address.turnedAway == 1 || now - address.toldAt >= limits.retoldEvery().toNanos()) {
        untold = address.untold;
        address.untold = 0;
        address.toldAt = now;
      }
      return new Admission.Stop(left(address, now), shown(source), untold);
    }
    Duration pause =
        longer(
            pause(
                failures(address == null ? null : address.count, now),
                limits.longestAddressDelay()),
            pause(failures(users.get(user(claimedName)), now), limits.longestUserDelay()));
    return new Admission.Go(pause);
  }

  /// Whether the address is blocked now; counts nothing.
  synchronized boolean isBlocked(InetAddress source) {
    AddressState address = addresses.get(key(source));
    return address != null && isBlocked(address, nanos.getAsLong());
  }

  /// Counts a failure.
  ///
  /// @return the block that it brought about, if it did
  synchronized Optional<LoginBlock> failed(InetAddress source, String claimedName) {
    long now = nanos.getAsLong();
    String key = key(source);
    String user = user(claimedName);
    AddressState address = addresses.computeIfAbsent(key, _ -> new AddressState());
    if (isBlocked(address, now)) {
      return Optional.empty(); // was on its way when the block came
    }
    int ofUser = count(users.computeIfAbsent(user, _ -> new Count()), now);
    int ofPair = count(pairs.computeIfAbsent(new Pair(key, user), _ -> new Count()), now);
    int ofAddress = count(address.count, now);
    address.lastUser = Shown.plain(user, MAX_USER_CHARACTERS);
    boolean attacked =
        ofUser >= limits.failuresMeaningAttack() && ofPair >= limits.failuresToBlockUnderAttack();
    if (ofAddress < limits.failuresToBlock() && !attacked) {
      return Optional.empty();
    }
    block(address, ofAddress, now);
    return Optional.of(describe(key, address, now));
  }

  private void block(AddressState address, int failures, long now) {
    if (now - address.blockedAt >= address.blockNanos + limits.blockMemory().toNanos()) {
      address.blocks = 0;
    }
    Duration length = limits.firstBlock();
    for (int i = 0; i < address.blocks && length.compareTo(limits.longestBlock()) < 0; i++) {
      length = length.multipliedBy(2);
    }
    address.blocks++;
    address.blocked = true;
    address.blockedAt = now;
    address.blockNanos = shorter(length, limits.longestBlock()).toNanos();
    address.failuresAtBlock = failures;
    address.turnedAway = 0;
    address.untold = 0;
    address.toldAt = now;
    address.count.failures = 0;
  }

  /// Takes back what this address failed against this user.
  synchronized void succeeded(InetAddress source, String claimedName) {
    String key = key(source);
    String user = user(claimedName);
    Count pair = pairs.remove(new Pair(key, user));
    int failures = failures(pair, nanos.getAsLong());
    takeBack(users.get(user), failures);
    AddressState address = addresses.get(key);
    takeBack(address == null ? null : address.count, failures);
  }

  private static void takeBack(@Nullable Count count, int failures) {
    if (count != null) {
      count.failures = Math.max(0, count.failures - failures);
    }
  }

  /// The addresses that are blocked now, the one blocked longest from now first.
  public synchronized List<LoginBlock> blocks() {
    long now = nanos.getAsLong();
    List<LoginBlock> blocks = new ArrayList<>();
    addresses.forEach(
        (key, address) -> {
          if (isBlocked(address, now)) {
            blocks.add(describe(key, address, now));
          }
        });
    blocks.sort(Comparator.comparing(LoginBlock::until).reversed());
    return blocks;
  }

  /// Forgets all that counts against an address.
  ///
  /// @param key as [LoginBlock#key] gives it
  /// @return the block that ended, or nothing when there was none
  synchronized Optional<LoginBlock> release(String key) {
    long now = nanos.getAsLong();
    AddressState address = addresses.get(key);
    if (address == null || !isBlocked(address, now)) {
      return Optional.empty();
    }
    addresses.remove(key);
    pairs.keySet().removeIf(pair -> pair.address().equals(key));
    return Optional.of(describe(key, address, now));
  }

  /// How many addresses, users and pairs of them are remembered.
  synchronized int remembered() {
    return addresses.size() + users.size() + pairs.size();
  }

  private LoginBlock describe(String key, AddressState address, long now) {
    return new LoginBlock(
        key,
        key.indexOf(':') >= 0 ? key + "/64" : key,
        address.lastUser,
        address.failuresAtBlock,
        address.turnedAway,
        clock.instant().plus(left(address, now)));
  }

  private static boolean isBlocked(AddressState address, long now) {
    if (address.blocked && now - address.blockedAt >= address.blockNanos) {
      address.blocked = false;
      address.count.lastNanos = now;
    }
    return address.blocked;
  }

  private static Duration left(AddressState address, long now) {
    return Duration.ofNanos(address.blockNanos - (now - address.blockedAt));
  }

  private int count(Count count, long now) {
    count.failures = failures(count, now) + 1;
    count.lastNanos = now;
    return count.failures;
  }

  private int failures(@Nullable Count count, long now) {
    if (count == null || now - count.lastNanos >= limits.memory().toNanos()) {
      return 0;
    }
    return count.failures;
  }

  private Duration pause(int failures, Duration longest) {
    int past = failures - limits.freeFailures();
    if (past < 0 || failures == 0) {
      return Duration.ZERO;
    }
    return shorter(limits.firstDelay().multipliedBy(1L << Math.min(past, 20)), longest);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static String user(String claimedName) {
    return claimedName.length() <= MAX_USER_CHARACTERS
        ? claimedName
        : claimedName.substring(0, MAX_USER_CHARACTERS);
  }

  private static String key(InetAddress source) {
    byte[] bytes = source.getAddress();
    if (!(source instanceof Inet6Address)) {
      return source.getHostAddress();
    }
    Arrays.fill(bytes, 8, 16, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e); // sixteen bytes are an address
    }
  }

  private static String shown(InetAddress source) {
    String key = key(source);
    return source instanceof Inet6Address ? key + "/64" : key;
  }
}
