package org.ongsung.jobs;

import java.time.Duration;
import java.util.List;
import org.ongsung.model.Name;
import org.ongsung.model.Target;

/// What a job of each kind answers.
public sealed interface JobResult {
  /// One line in English for lists and the log.
  String summary();

  /// How a target was found from where the worker stands.
  ///
  /// @param reachable whether it answered at all
  /// @param detail why not, or what was wrong; one line, may be empty
  /// @param took from the first packet to the last answer
  /// @param software the target's SSH identification, at most 255 characters; empty where unseen
  /// @param fingerprint of the host key that it proved, or empty
  record Probed(
      boolean reachable,
      String detail,
      Duration took,
      String software,
      String fingerprint,
      HostKeyCheck hostKey)
      implements JobResult {
    private static final int MAX_CHARACTERS = 255;

    public Probed {
      if (detail.length() > MAX_CHARACTERS
          || software.length() > MAX_CHARACTERS
          || fingerprint.length() > MAX_CHARACTERS) {
        throw new IllegalArgumentException("a probe's texts have at most 255 characters");
      }
      if (took.isNegative()) {
        throw new IllegalArgumentException("a probe takes no negative time");
      }
    }

    /// Whether a session could go there now.
    public boolean healthy() {
      return reachable && hostKey != HostKeyCheck.CHANGED;
    }

    @Override
    public String summary() {
      return !reachable
          ? "not reachable: " + detail
          : hostKey == HostKeyCheck.CHANGED
              ? "reachable, but the host key changed"
              : "reachable in " + took.toMillis() + " ms";
    }
  }

  /// What became of logging in at a target.
  ///
  /// @param accounts in their order there
  record LoggedIn(List<AccountLogin> accounts) implements JobResult {
    public LoggedIn {
      accounts = List.copyOf(accounts);
      if (accounts.size() > Target.MAX_ACCOUNTS) {
        throw new IllegalArgumentException("more accounts than a target has");
      }
    }

    /// How many could log in.
    public long accepted() {
      return accounts.stream().filter(one -> one.check() == LoginCheck.ACCEPTED).count();
    }

    @Override
    public String summary() {
      return accepted() + " of " + accounts.size() + " accounts can log in";
    }
  }

  /// What became of one account.
  ///
  /// @param detail why, one line without a secret; may be empty
  record AccountLogin(Name account, LoginCheck check, String detail) {
    private static final int MAX_CHARACTERS = 255;

    public AccountLogin {
      if (detail.length() > MAX_CHARACTERS) {
        throw new IllegalArgumentException("what is said of a login has at most 255 characters");
      }
    }
  }

  /// The way to a target, as a worker that stands near it found it.
  ///
  /// @param worker who would dial
  record Way(String worker, Probed probed) implements JobResult {
    @Override
    public String summary() {
      return probed.summary() + " from " + worker;
    }
  }

  /// What a purge took away.
  record Purged(long sessions, long recordings, long bytes, long held) implements JobResult {
    @Override
    public String summary() {
      return recordings
          + " recordings of "
          + sessions
          + " sessions deleted, "
          + bytes
          + " bytes; "
          + held
          + " sessions held";
    }
  }

  /// A file that a job has made in the data folder.
  ///
  /// @param name without folders
  /// @param rows what it holds, where it holds rows
  /// @param sha256 of its bytes, lower-case hex
  /// @param removed how many older files went
  record Written(String name, long bytes, long rows, String sha256, int removed)
      implements JobResult {
    @Override
    public String summary() {
      return name + ", " + bytes + " bytes";
    }
  }

  /// A message that was taken.
  ///
  /// @param answer what the other side said, one line
  record Told(String answer) implements JobResult {
    @Override
    public String summary() {
      return answer;
    }
  }
}
