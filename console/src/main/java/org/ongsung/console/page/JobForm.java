package org.ongsung.console.page;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ongsung.console.http.Fields;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobParameters;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobTrees;

/// What somebody typed to ask for a job or to set a schedule up, to be shown again.
///
/// @param problem key of a message about what is wrong, or empty
public record JobForm(
    String name, String kind, String parameters, String cron, String zone, String problem) {
  private static final int MAX_NUMBER_DIGITS = 9;

  public static final JobForm EMPTY = new JobForm("", "", "", "", "", "");

  static JobForm of(Fields form) {
    return new JobForm(
        form.first("name").orElse(""),
        form.first("kind").orElse(""),
        form.raw("parameters"),
        form.first("cron").orElse(""),
        form.first("zone").orElse(""),
        "");
  }

  JobForm with(String newProblem) {
    return new JobForm(name, kind, parameters, cron, zone, newProblem);
  }

  /// What the job is told: one `name=value` a line, as on the command line.
  ///
  /// @throws IllegalArgumentException when it does not fit the kind
  JobParameters told() {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (String line : parameters.lines().map(String::strip).toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String value = line.substring(equals + 1);
        boolean number = value.matches("[0-9]{1," + MAX_NUMBER_DIGITS + "}");
        tree.put(line.substring(0, equals), number ? (Object) Integer.valueOf(value) : value);
      } else if (!line.isEmpty()) {
        throw new IllegalArgumentException("not name=value");
      }
    }
    return JobTrees.parameters(JobKind.of(kind), tree);
  }

  /// The key of the message that says why a job is not taken up.
  static String problemOf(JobRefusedException refused) {
    return switch (refused.reason()) {
      case FULL -> "jobs.refused.full";
      case KEY_IN_USE, TIME -> "jobs.refused.time";
      case KIND -> "jobs.refused.kind";
      case MISSING -> "jobs.refused.missing";
    };
  }
}
