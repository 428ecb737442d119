package org.ongsung.jobs;

import java.util.Optional;
import org.ongsung.model.Name;

/// Knows where registered targets are; what a job may dial comes from here alone.
@FunctionalInterface
public interface Destinations {
  /// The target of that name as it is registered now; empty when there is none.
  Optional<Destination> of(Name target);
}
