package org.ongsung.directory.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ongsung.directory.DirectorySnapshot;
import org.ongsung.model.Account;
import org.ongsung.model.Target;

/// Finds targets by what people remember of them: a part of the name, the title, a label, the
/// address or an account. Korean is found by substring, half typed, and by the first consonants of
/// its syllables (초성): `ㄱㅇ` finds 급여.
///
/// Immutable but for building itself when it is first asked; for any thread, never waits. One look
/// goes over all targets: a few milliseconds at 20,000.
public final class TargetIndex {
  /// The longest query that is looked at; the rest of it is not.
  public static final int MAX_QUERY_CHARACTERS = 100;

  private static final int MAX_WORDS = 8;

  /// How well a word fits, best first; [#NOT] is worse than all.
  private static final int EXACT = 0;

  private static final int NAME_STARTS = 1;
  private static final int PART_STARTS = 2;
  private static final int WITHIN = 3;
  private static final int ELSEWHERE = 4;
  private static final int NOT = 5;

  private final DirectorySnapshot snapshot;
  private volatile Entry @Nullable [] entries;

  /// @param name as it is
  /// @param title keystrokes of the title
  /// @param initials of title and labels
  /// @param rest keystrokes of labels, address and accounts
  private record Entry(Target target, String name, String title, String initials, String rest) {
    static Entry of(Target target) {
      String title = Keystrokes.folded(target.title().value());
      StringBuilder rest = new StringBuilder();
      StringBuilder labels = new StringBuilder();
      new TreeMap<>(target.labels())
          .forEach((key, value) -> labels.append(key).append('=').append(value).append('\n'));
      String folded = Keystrokes.folded(labels.toString());
      rest.append(Keystrokes.of(folded)).append(target.address()).append('\n');
      for (Account account : target.accounts()) {
        rest.append(account.name()).append('\n');
      }
      boolean korean = Keystrokes.hasSyllable(title) || Keystrokes.hasSyllable(folded);
      return new Entry(
          target,
          target.name().value(),
          Keystrokes.of(title),
          korean ? Keystrokes.initials(title) + "\n" + Keystrokes.initials(folded) : "",
          rest.toString());
    }

    int fit(Word word) {
      if (word.initials()) {
        int at = initials.indexOf(word.keys());
        return at < 0 ? NOT : startsPart(initials, at) ? PART_STARTS : WITHIN;
      }
      int at = name.indexOf(word.keys());
      if (at == 0) {
        return name.length() == word.keys().length() ? EXACT : NAME_STARTS;
      }
      int inTitle = title.indexOf(word.keys());
      if ((at > 0 && startsPart(name, at)) || (inTitle >= 0 && startsPart(title, inTitle))) {
        return PART_STARTS;
      }
      return at > 0 || inTitle >= 0 ? WITHIN : rest.contains(word.keys()) ? ELSEWHERE : NOT;
    }

    private static boolean startsPart(String text, int at) {
      return at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
    }
  }

  /// @param keys its keystrokes
  /// @param initials whether it is first consonants alone
  private record Word(String keys, boolean initials) {}

  /// What was found, best first.
  ///
  /// @param more whether there is more than was asked for
  public record Found(List<Target> targets, boolean more) {
    public Found {
      targets = List.copyOf(targets);
    }
  }

  public TargetIndex(DirectorySnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /// What it is an index of.
  public DirectorySnapshot snapshot() {
    return snapshot;
  }

  /// The targets that have every word of `query`, those first whose name fits best, of these the
  /// favourites, then by name. An empty query finds all.
  ///
  /// @param favourite who comes first among equals
  /// @param allowed who may be found at all; asked of as few as it takes
  /// @param limit the most targets wanted, at least 1
  public Found find(
      String query, Predicate<Target> favourite, Predicate<Target> allowed, int limit) {
    List<Word> words = words(query);
    List<List<Target>> byFit = new ArrayList<>();
    for (int i = 0; i < 2 * NOT; i++) {
      byFit.add(new ArrayList<>());
    }
    for (Entry entry : entries()) {
      int fit = EXACT;
      for (Word word : words) {
        fit = Math.max(fit, entry.fit(word));
      }
      if (fit < NOT) {
        byFit.get(2 * fit + (favourite.test(entry.target()) ? 0 : 1)).add(entry.target());
      }
    }
    List<Target> found = new ArrayList<>();
    for (List<Target> targets : byFit) {
      for (Target target : targets) {
        if (allowed.test(target)) {
          if (found.size() == limit) {
            return new Found(found, true);
          }
          found.add(target);
        }
      }
    }
    return new Found(found, false);
  }

  private static List<Word> words(String query) {
    String cut =
        query.length() > MAX_QUERY_CHARACTERS ? query.substring(0, MAX_QUERY_CHARACTERS) : query;
    return Arrays.stream(Keystrokes.folded(cut).strip().split("\\s+", -1))
        .filter(word -> !word.isEmpty())
        .limit(MAX_WORDS)
        .map(word -> new Word(Keystrokes.of(word), Keystrokes.isInitials(word)))
        .toList();
  }

  private Entry[] entries() {
    Entry[] known = entries;
    if (known == null) {
      known = snapshot.targets().values().stream().map(Entry::of).toArray(Entry[]::new);
      entries = known; // built twice at worst, with the same result
    }
    return known;
  }

  /// The index of the newest snapshot that was asked for; for any thread.
  public static final class Newest {
    private volatile TargetIndex index = new TargetIndex(DirectorySnapshot.empty());

    /// The index of `snapshot`.
    public TargetIndex of(DirectorySnapshot snapshot) {
      TargetIndex now = index;
      if (now.snapshot() != snapshot) {
        now = new TargetIndex(snapshot);
        index = now;
      }
      return now;
    }
  }
}
