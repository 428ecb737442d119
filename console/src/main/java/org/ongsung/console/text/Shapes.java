package org.ongsung.console.text;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How moments, durations and sizes are written for one person.
///
/// @param zone the person's time zone
public record Shapes(Messages messages, ZoneId zone) {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH);
  private static final DateTimeFormatter FIELD =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT);
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};
  private static final int MAX_ZONE_CHARACTERS = 50;

  /// The zone of that name, or `otherwise` for anything else.
  public static ZoneId zoneOf(String name, ZoneId otherwise) {
    if (name.isEmpty() || name.length() > MAX_ZONE_CHARACTERS) {
      return otherwise;
    }
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      return otherwise;
    }
  }

  /// `2026-11-22 16:45:03`, in the person's zone.
  public String moment(Instant instant) {
    return MOMENT.format(instant.atZone(zone));
  }

  /// `2026-11-22 16:45:03 KST`.
  public String momentAndZone(Instant instant) {
    return moment(instant) + " " + ZONE.format(instant.atZone(zone));
  }

  /// The zone's short name at `instant`, such as `KST`.
  public String zoneName(Instant instant) {
    return ZONE.format(instant.atZone(zone));
  }

  /// What a `datetime-local` field takes.
  public String field(Instant instant) {
    return FIELD.format(instant.atZone(zone));
  }

  /// `3m 12s`; hours and days when it is longer, milliseconds when it is shorter than a second.
  public String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds == 0) {
      return messages.text("unit.milliseconds", Math.max(0, duration.toMillis()));
    }
    if (seconds < 60) {
      return messages.text("unit.seconds", seconds);
    }
    if (seconds < 3_600) {
      return messages.text("unit.minutes", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return messages.text("unit.hours", seconds / 3_600, seconds % 3_600 / 60);
    }
    return messages.text("unit.days", seconds / 86_400, seconds % 86_400 / 3_600);
  }

  /// `12.3 KB`; units of 1,024.
  public static String bytes(long count) {
    double value = count;
    int unit = 0;
    while (value >= 1_024 && unit < UNITS.length - 1) {
      value /= 1_024;
      unit++;
    }
    return unit == 0
        ? count + " B"
        : String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }
}
