package org.ongsung.directory.adhoc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.ongsung.directory.Actor;
import org.ongsung.directory.Directory;
import org.ongsung.directory.DirectoryChange;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.ForbiddenAddresses;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.HostKeyPolicy;
import org.ongsung.model.Name;
import org.ongsung.model.Network;
import org.ongsung.model.Protocol;
import org.ongsung.model.SecretKind;
import org.ongsung.model.Target;
import org.ongsung.model.Title;
import org.ongsung.vault.SealedSecret;
import org.ongsung.vault.Secret;
import org.ongsung.vault.SecretId;
import org.ongsung.vault.Vault;

/// Registers targets on the fly, after the likeness of one that an administrator made: its labels,
/// so that grants by label hold for them, and its accounts: by SSH those that have a private key,
/// with that key; by Telnet, which knows no keys, all, to log in by hand. Passwords are never lent
/// so: whoever has the machine at the address would learn them.
///
/// An address is fit when every address that its name stands for lies in the networks, none is one
/// where no target may lie, and no target is there yet. The target gets the address, not the name,
/// so that it stays where it was looked at.
///
/// Blocks on the store; for any thread.
public final class AdHocTargets {
  /// The label that every target registered on the fly has, with the value `yes`.
  public static final String LABEL = "adhoc";

  /// The label that names who registered it.
  public static final String LABEL_BY = "adhoc-by";

  private final Directory directory;
  private final Vault vault;
  private final List<Network> networks;
  private final Name likeness;
  private final AdHocLimits limits;

  /// @param networks in which targets may be registered on the fly
  /// @param likeness the target that lends labels and accounts
  public AdHocTargets(
      Directory directory, Vault vault, List<Network> networks, Name likeness, AdHocLimits limits) {
    this.directory = directory;
    this.vault = vault;
    this.networks = List.copyOf(networks);
    this.likeness = likeness;
    this.limits = limits;
  }

  /// Registers a target at `address` for `user`, or says why not.
  ///
  /// @param actor who the ledger says did it
  /// @param addresses what the host of `address` stands for; see [#lookUp]
  /// @param fits whether the user could reach a target like the given one
  public AdHocResult register(
      Actor actor,
      Name user,
      Protocol protocol,
      HostAndPort address,
      List<InetAddress> addresses,
      Predicate<Target> fits) {
    Optional<String> unfit = unfit(addresses);
    if (unfit.isPresent()) {
      return new AdHocResult.Refused(unfit.get());
    }
    InetAddress at = addresses.getFirst();
    HostAndPort literal = new HostAndPort(at.getHostAddress(), address.port());
    DirectorySnapshot before = directory.snapshot();
    Optional<Target> like = before.target(likeness).filter(one -> one.protocol() == protocol);
    if (like.isEmpty()) {
      return new AdHocResult.Refused("there is no target " + likeness + " of that protocol");
    }
    Target target = target(like.get(), user, literal, title(address.host(), at));
    if (target.accounts().isEmpty()) {
      return new AdHocResult.Refused("no account of " + likeness + " has a private key");
    }
    if (!fits.test(target)) {
      return new AdHocResult.Refused("no grant");
    }
    return register(actor, user, target, address.host(), keys(like.get(), target));
  }

  private AdHocResult register(
      Actor actor, Name user, Target target, String typed, Map<SecretId, SealedSecret> keys) {
    AtomicReference<AdHocResult> result = new AtomicReference<>();
    directory.change(
        actor,
        now -> {
          DirectoryChange.Builder change = new DirectoryChange.Builder();
          AdHocResult outcome = outcome(now, user, target, typed);
          result.set(outcome);
          if (outcome instanceof AdHocResult.Registered) {
            change.put(target);
            keys.forEach(change::put);
          }
          return change.build();
        });
    return result.get();
  }

  private AdHocResult outcome(DirectorySnapshot now, Name user, Target target, String typed) {
    InetAddress at = InetAddress.ofLiteral(target.address().host());
    if (now.target(target.name()).isPresent()
        || now.targets().values().stream().anyMatch(there -> isAt(there, at, typed))) {
      return new AdHocResult.Refused("another target is at that address");
    }
    long all = now.targets().values().stream().filter(AdHocTargets::isAdHoc).count();
    long own =
        now.targets().values().stream()
            .filter(AdHocTargets::isAdHoc)
            .filter(there -> user.value().equals(there.labels().get(LABEL_BY)))
            .count();
    return all >= limits.targets() || own >= limits.targetsPerUser()
        ? new AdHocResult.Full()
        : new AdHocResult.Registered(target.name());
  }

  /// Whether `there` has the address, however it is written, or the name that was typed.
  private static boolean isAt(Target there, InetAddress at, String typed) {
    String host = there.address().host();
    if (host.equalsIgnoreCase(typed)) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).equals(at);
    } catch (IllegalArgumentException e) {
      return false; // another name; what it stands for is not asked here
    }
  }

  /// Whether a target was registered on the fly.
  public static boolean isAdHoc(Target target) {
    return "yes".equals(target.labels().get(LABEL));
  }

  private static Target target(Target like, Name user, HostAndPort address, Title title) {
    Map<String, String> labels = new HashMap<>(like.labels());
    labels.put(LABEL, "yes");
    labels.put(LABEL_BY, user.value());
    Set<SecretKind> lent =
        like.protocol() == Protocol.SSH ? Set.of(SecretKind.PRIVATE_KEY) : Set.of();
    List<Account> accounts =
        like.accounts().stream()
            .filter(account -> account.secrets().containsAll(lent))
            .map(account -> new Account(account.name(), account.login(), lent))
            .toList();
    return new Target(
        name(like.protocol(), address),
        title,
        like.protocol(),
        address,
        labels,
        HostKeyPolicy.TRUST_ON_FIRST_USE,
        List.of(),
        accounts);
  }

  private static Name name(Protocol protocol, HostAndPort address) {
    String host = address.host().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "-");
    String port = address.port() == protocol.defaultPort() ? "" : "-" + address.port();
    return Name.of("adhoc-" + host + port);
  }

  private static Title title(String typed, InetAddress at) {
    return typed.equals(at.getHostAddress()) || typed.length() > Title.MAX_CHARACTERS
        ? Title.NONE
        : new Title(typed);
  }

  private Map<SecretId, SealedSecret> keys(Target like, Target target) {
    Map<SecretId, SealedSecret> keys = new HashMap<>();
    for (Account account : target.accounts()) {
      if (account.secrets().isEmpty()) {
        continue;
      }
      SecretId from = new SecretId(like.name(), account.name(), SecretKind.PRIVATE_KEY);
      SecretId to = new SecretId(target.name(), account.name(), SecretKind.PRIVATE_KEY);
      try (Secret secret =
          vault.open(from).orElseThrow(() -> new IllegalStateException("no key of " + from))) {
        keys.put(to, vault.seal(to, secret));
      }
    }
    return keys;
  }

  /// Every address that `host` stands for; none for no such host. Waits for a name server.
  public static List<InetAddress> lookUp(String host) {
    ConnectionGuard.assertNoneHeld("a name server");
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private Optional<String> unfit(List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      return Optional.of("no such host");
    }
    if (addresses.stream().anyMatch(ForbiddenAddresses::contains)) {
      return Optional.of("no target may lie there");
    }
    boolean inside =
        addresses.stream()
            .allMatch(address -> networks.stream().anyMatch(one -> one.contains(address)));
    return inside ? Optional.empty() : Optional.of("not in a network for targets on the fly");
  }
}
