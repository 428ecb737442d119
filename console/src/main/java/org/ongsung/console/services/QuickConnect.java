package org.ongsung.console.services;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ongsung.audit.Ledger;
import org.ongsung.console.http.Caller;
import org.ongsung.directory.Actor;
import org.ongsung.directory.adhoc.AdHocResult;
import org.ongsung.directory.adhoc.AdHocTargets;
import org.ongsung.model.AuditCode;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.Shown;
import org.ongsung.model.Target;
import org.ongsung.policy.Authorizer;

/// Goes where somebody types an address: to a target of theirs that is there or has that name, else
/// to one that is registered on the fly where configuration and a grant allow it. Blocks.
public final class QuickConnect {
  private static final int MAX_SHOWN_CHARACTERS = 300;

  private final ReachableTargets reachable;
  private final Optional<AdHocTargets> adHoc;
  private final Ledger ledger;
  private final InstantSource clock;

  /// Waits for what a name stands for, as [AdHocTargets#lookUp] does.
  @FunctionalInterface
  public interface Lookup {
    List<InetAddress> addresses(String host) throws IOException, InterruptedException;
  }

  /// What was found.
  ///
  /// @param targets the caller's targets there, by name
  /// @param registered whether the one target was registered just now
  /// @param full whether it was not, because there are as many as may be
  public record Found(List<Name> targets, boolean registered, boolean full) {
    public Found {
      targets = List.copyOf(targets);
    }
  }

  public QuickConnect(
      ReachableTargets reachable,
      Optional<AdHocTargets> adHoc,
      Ledger ledger,
      InstantSource clock) {
    this.reachable = reachable;
    this.adHoc = adHoc;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Whether addresses may be registered on the fly at all.
  public boolean registers() {
    return adHoc.isPresent();
  }

  /// Reads what was typed: `host`, `host:port`, `[ipv6]:port` or a bare IPv6 address.
  ///
  /// @param port as typed beside it; empty for none
  /// @throws IllegalArgumentException when it is no address
  public static HostAndPort address(Protocol protocol, String address, String port) {
    boolean bareSix = address.indexOf(':') != address.lastIndexOf(':') && !address.startsWith("[");
    int otherwise = port.isEmpty() ? protocol.defaultPort() : portOf(port);
    return HostAndPort.parse(bareSix ? "[" + address + "]" : address, otherwise);
  }

  private static int portOf(String port) {
    if (!port.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("a port is 1 to 65535");
    }
    return Integer.parseInt(port);
  }

  /// Finds or registers a target at `address`; every refusal looks the same: none.
  ///
  /// @param lookup asked only where a target may be registered
  public Found find(Caller caller, Protocol protocol, HostAndPort address, Lookup lookup)
      throws IOException, InterruptedException {
    Optional<Authorizer.View> view = reachable.viewOf(caller);
    if (view.isEmpty()) {
      return new Found(List.of(), false, false);
    }
    List<Name> there = there(view.get(), protocol, address);
    if (!there.isEmpty() || adHoc.isEmpty()) {
      return new Found(there, false, false);
    }
    Name user = caller.userName().orElseThrow();
    Actor actor = DirectoryEdits.actor(caller);
    List<InetAddress> addresses = lookup.addresses(address.host());
    return switch (adHoc
        .get()
        .register(actor, user, protocol, address, addresses, view.get()::includes)) {
      case AdHocResult.Registered(Name target) -> new Found(List.of(target), true, false);
      case AdHocResult.Full _ -> {
        tell(caller, address, "as many targets on the fly as may be");
        yield new Found(List.of(), false, true);
      }
      case AdHocResult.Refused(String reason) -> {
        tell(caller, address, reason);
        yield new Found(List.of(), false, false);
      }
    };
  }

  private static List<Name> there(Authorizer.View view, Protocol protocol, HostAndPort address) {
    List<Name> found = new ArrayList<>();
    for (Target target : view.snapshot().targets().values()) {
      boolean named = target.name().value().equals(address.host());
      boolean at =
          target.address().port() == address.port()
              && target.address().host().equalsIgnoreCase(address.host());
      if (target.protocol() == protocol && (named || at) && view.includes(target)) {
        found.add(target.name());
      }
    }
    return found;
  }

  private void tell(Caller caller, HostAndPort address, String reason) {
    ledger.append(
        new AuditEvent(
            clock.instant(),
            AuditCode.ACCESS_DENIED,
            caller.name(),
            caller.sourceText(),
            null,
            Shown.plain(address.toString(), MAX_SHOWN_CHARACTERS),
            Map.of("reason", "on the fly: " + reason)));
  }
}
