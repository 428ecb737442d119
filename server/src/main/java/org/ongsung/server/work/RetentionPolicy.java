package org.ongsung.server.work;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.ongsung.jobs.JobParameters;
import org.ongsung.model.Name;
import org.ongsung.model.Target;

/// How many days the recordings of which target are kept.
///
/// A target with the label `retention: N` has N days of its own; one whose label is no number of
/// days, such as `retention: forever`, keeps everything. A target that is registered no more is
/// like any other.
final class RetentionPolicy {
  /// The label of a target that has days of its own.
  static final String LABEL = "retention";

  /// Everything is kept.
  static final int FOREVER = Integer.MAX_VALUE;

  private final int otherwise;
  private final Map<Name, Integer> own = new HashMap<>();

  /// @param otherwise the days of a target without a label
  RetentionPolicy(int otherwise, Collection<Target> targets) {
    this.otherwise = otherwise;
    for (Target target : targets) {
      String label = target.labels().get(LABEL);
      if (label != null) {
        own.put(target.name(), days(label));
      }
    }
  }

  private static int days(String label) {
    int days = label.matches("[0-9]{1,5}") ? Integer.parseInt(label) : FOREVER;
    return days < 1 || days > JobParameters.PurgeRecordings.MAX_DAYS ? FOREVER : days;
  }

  /// The days of `target`, or [#FOREVER].
  int daysOf(Name target) {
    return own.getOrDefault(target, otherwise);
  }

  /// The fewest days of any target.
  int fewestDays() {
    return own.values().stream().mapToInt(Integer::intValue).reduce(otherwise, Math::min);
  }
}
