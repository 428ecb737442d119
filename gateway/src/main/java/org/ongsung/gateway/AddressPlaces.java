package org.ongsung.gateway;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts, for each address, the connections that have not authenticated, so that one address
/// cannot take the places of all others. The addresses of an IPv6 /64 count as one, since one
/// machine has all of them.
///
/// Also says when to tell that connections were turned away: the first one of an address at once,
/// and then together after [#RETOLD_EVERY]. Safe for any thread; never waits.
public final class AddressPlaces {
  /// How often it is told again that an address is turned away.
  public static final Duration RETOLD_EVERY = Duration.ofMinutes(1);

  /// How many addresses are remembered as told of; the ones told of least recently go first.
  public static final int TOLD_MAX = 1_024;

  private static final int PREFIX_BYTES = 8;

  private final int most;
  private final Map<InetAddress, Integer> taken = new HashMap<>();
  private final Map<InetAddress, TurnedAway> told =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, TurnedAway> eldest) {
          return size() > TOLD_MAX;
        }
      };

  private static final class TurnedAway {
    long untold;
    long toldNanos;
  }

  /// @param most places of one address
  public AddressPlaces(int most) {
    this.most = most;
  }

  /// Takes a place, unless the address has as many as it may.
  public synchronized boolean take(InetAddress address) {
    InetAddress key = key(address);
    int now = taken.getOrDefault(key, 0);
    if (now >= most) {
      return false;
    }
    taken.put(key, now + 1);
    return true;
  }

  /// Gives a place back that was taken.
  public synchronized void giveBack(InetAddress address) {
    taken.computeIfPresent(key(address), (key, now) -> now == 1 ? null : now - 1);
  }

  /// Counts a connection that was turned away.
  ///
  /// @return how many nobody has been told of, this one included, if it is time to tell; else 0
  public synchronized long turnedAway(InetAddress address, long nowNanos) {
    InetAddress key = key(address);
    TurnedAway known = told.get(key);
    TurnedAway away = known == null ? new TurnedAway() : known;
    away.untold++;
    if (known != null && nowNanos - away.toldNanos < RETOLD_EVERY.toNanos()) {
      return 0;
    }
    told.put(key, away);
    long untold = away.untold;
    away.untold = 0;
    away.toldNanos = nowNanos;
    return untold;
  }

  /// How many addresses have places or are remembered.
  public synchronized int remembered() {
    return taken.size() + told.size();
  }

  private static InetAddress key(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    Arrays.fill(bytes, PREFIX_BYTES, bytes.length, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // sixteen bytes are an address
    }
  }
}
