package org.ongsung.policy;

import java.util.List;
import org.ongsung.model.Target;

/// A target that somebody may reach, and as whom; never empty.
public record ReachableTarget(Target target, List<Reach> reaches) {
  public ReachableTarget {
    reaches = List.copyOf(reaches);
  }
}
