package org.ongsung.server.running;

import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.Jobs;
import org.ongsung.model.AuditEvent;
import org.ongsung.model.Name;
import org.ongsung.server.configuration.Configuration;

/// The schedules that follow from the configuration: people see them beside their own, and each
/// start puts them as the configuration says.
final class PolicySchedules {
  private static final String RETENTION = "retention";
  private static final CronTimes AT_NIGHT = CronTimes.parse("40 3 * * *");
  private static final int MAX_NODE_CHARACTERS = 50;

  private final Name name;
  private final String node;
  private final Optional<Integer> recordingDays;

  /// @param shared whether other gateways have schedules in the same database
  PolicySchedules(Configuration configuration, boolean shared) {
    this.node = configuration.node();
    this.recordingDays = configuration.upkeep().recordingDays();
    this.name = Name.of(shared ? RETENTION + "-" + plain(node) : RETENTION);
  }

  private static String plain(String node) {
    String plain = node.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    return plain.substring(0, Math.min(plain.length(), MAX_NODE_CHARACTERS));
  }

  /// Sets them up, or takes away what the configuration does not say any more.
  void applyTo(Jobs jobs) {
    Optional<JobSchedule> known = jobs.schedule(name);
    boolean ours = known.filter(one -> one.owner().equals(AuditEvent.SYSTEM)).isPresent();
    if (recordingDays.isPresent()) {
      JobSchedule wanted =
          new JobSchedule(
              name,
              new JobParameters.PurgeRecordings(recordingDays.get()),
              AT_NIGHT,
              ZoneId.systemDefault(),
              node,
              AuditEvent.SYSTEM,
              true);
      if (!known.equals(Optional.of(wanted))) {
        jobs.put(wanted);
      }
    } else if (ours) {
      boolean _ = jobs.deleteSchedule(name);
    }
  }
}
