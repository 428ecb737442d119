package org.ongsung.jobs;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ongsung.model.Shown;

/// Times that come back, as five fields of crontab(5): minute, hour, day of month, month, day of
/// week. At most 100 characters.
public final class CronTimes {
  private static final int MAX_CHARACTERS = 100;
  private static final Pattern SHAPE =
      Pattern.compile("[0-9A-Za-z*/,-]{1,50}( {1,4}[0-9A-Za-z*/,-]{1,50}){4}");
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final String text;
  private final ExecutionTime times;

  private CronTimes(String text, ExecutionTime times) {
    this.text = text;
    this.times = times;
  }

  /// Reads `0 3 * * *`; throws [IllegalArgumentException] for what is none.
  public static CronTimes parse(String text) {
    String fields = text.strip();
    // The parser is generous: it takes bars for several schedules in one, and more.
    if (!SHAPE.matcher(fields).matches()) {
      throw new IllegalArgumentException(
          "not the five fields of a schedule (minute hour day month weekday): "
              + Shown.quoted(fields));
    }
    if (fields.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "the five fields of a schedule have at most 100 characters");
    }
    try {
      Cron cron = PARSER.parse(fields).validate();
      return new CronTimes(fields, ExecutionTime.forCron(cron));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not the five fields of a schedule (minute hour day month weekday): "
              + Shown.quoted(fields),
          e);
    }
  }

  /// The first moment after `after`, by the clocks of `zone`; empty when there is none.
  public Optional<Instant> next(Instant after, ZoneId zone) {
    return times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronTimes cron && cron.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
