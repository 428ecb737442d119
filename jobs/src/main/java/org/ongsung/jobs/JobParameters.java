package org.ongsung.jobs;

import java.time.Instant;
import org.ongsung.model.Name;

/// What a job of each kind is told. Every field is a type of its own with bounds, and the type says
/// the kind: a text in here is shown or looked up, and is never a command line, a template, an
/// address or the name of a class.
public sealed interface JobParameters {
  /// The kind that these are of.
  JobKind kind();

  /// What it is about in a few words, for lists: a target's name, or nothing.
  String subject();

  /// Looks at a registered target.
  record ProbeTarget(Name target) implements JobParameters {
    @Override
    public JobKind kind() {
      return JobKind.PROBE;
    }

    @Override
    public String subject() {
      return target.value();
    }
  }

  /// Logs in at a registered target with each of its accounts, and hangs up.
  record CheckLogins(Name target) implements JobParameters {
    @Override
    public JobKind kind() {
      return JobKind.LOGIN;
    }

    @Override
    public String subject() {
      return target.value();
    }
  }

  /// Finds the way to an account on a target for a user who waits.
  record OpenSession(Name user, Name target, Name account) implements JobParameters {
    @Override
    public JobKind kind() {
      return JobKind.SESSION;
    }

    @Override
    public String subject() {
      return account + "@" + target;
    }
  }

  /// Deletes recordings of sessions that ended longer ago than this, unless they are held.
  ///
  /// @param keepDays 1 to 36,500
  record PurgeRecordings(int keepDays) implements JobParameters {
    /// The most days to keep, inclusive.
    public static final int MAX_DAYS = 36_500;

    public PurgeRecordings {
      if (keepDays < 1 || keepDays > MAX_DAYS) {
        throw new IllegalArgumentException("recordings are kept 1 to 36500 days");
      }
    }

    @Override
    public JobKind kind() {
      return JobKind.PURGE;
    }

    @Override
    public String subject() {
      return "";
    }
  }

  /// Writes a backup, and deletes the oldest ones that backups of this kind have left.
  ///
  /// @param keep how many stay, 1 to 1,000
  record MakeBackup(int keep) implements JobParameters {
    /// The most backups that stay, inclusive.
    public static final int MAX_KEPT = 1_000;

    public MakeBackup {
      if (keep < 1 || keep > MAX_KEPT) {
        throw new IllegalArgumentException("1 to 1000 backups are kept");
      }
    }

    @Override
    public JobKind kind() {
      return JobKind.BACKUP;
    }

    @Override
    public String subject() {
      return "";
    }
  }

  /// Tells the people whom the configuration names.
  ///
  /// @param channel how
  /// @param title one line, 1 to 200 characters without control characters
  /// @param text at most 8,000 characters; plain text, nothing in it is interpreted
  /// @param event the sequence of the ledger's entry that it is about; 0 for none
  record Notify(Channel channel, String title, String text, long event) implements JobParameters {
    /// The longest title, inclusive.
    public static final int MAX_TITLE_CHARACTERS = 200;

    /// The longest text, inclusive.
    public static final int MAX_TEXT_CHARACTERS = 8_000;

    /// A way to tell, set up in the configuration.
    public enum Channel {
      WEBHOOK,
      MAIL
    }

    public Notify {
      if (title.isEmpty()
          || title.length() > MAX_TITLE_CHARACTERS
          || title.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "a title has 1 to 200 characters and no control characters");
      }
      if (event < 0) {
        throw new IllegalArgumentException("an event is a sequence of the ledger");
      }
      if (text.length() > MAX_TEXT_CHARACTERS) {
        throw new IllegalArgumentException("a text has at most 8000 characters");
      }
    }

    @Override
    public JobKind kind() {
      return JobKind.NOTIFY;
    }

    @Override
    public String subject() {
      return title;
    }
  }

  /// Writes what there was from `since` until before `until` into a file.
  record BuildReport(Content content, Form form, Instant since, Instant until)
      implements JobParameters {
    /// What stands in it.
    public enum Content {
      SESSIONS,
      LEDGER
    }

    /// How it is written.
    public enum Form {
      CSV,
      JSONL
    }

    public BuildReport {
      if (!since.isBefore(until)) {
        throw new IllegalArgumentException("a report's since is before its until");
      }
    }

    @Override
    public JobKind kind() {
      return JobKind.REPORT;
    }

    @Override
    public String subject() {
      return content.name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
