package org.ongsung.jobs;

import java.util.List;
import org.ongsung.model.HostAndPort;
import org.ongsung.model.Name;
import org.ongsung.model.Protocol;
import org.ongsung.model.SshPublicKey;
import org.ongsung.model.Target;

/// A registered target as a worker needs it: where it is, and which host keys are known.
public record Destination(
    Name target, Protocol protocol, HostAndPort address, List<SshPublicKey> hostKeys) {
  public Destination {
    hostKeys = List.copyOf(hostKeys);
  }

  /// The same of what the directory has.
  public static Destination of(Target target) {
    return new Destination(target.name(), target.protocol(), target.address(), target.hostKeys());
  }
}
