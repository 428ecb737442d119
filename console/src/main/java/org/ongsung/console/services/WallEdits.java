package org.ongsung.console.services;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.console.http.Caller;
import org.ongsung.console.http.HttpProblem;
import org.ongsung.directory.Problem;
import org.ongsung.directory.wall.Notice;
import org.ongsung.directory.wall.Wall;
import org.ongsung.directory.wall.WallLink;
import org.ongsung.model.Name;
import org.ongsung.model.Title;
import org.ongsung.model.User;

/// Changes notices and links for the API and the pages alike, from trees of the API's shape.
public final class WallEdits {
  private final Wall wall;
  private final InstantSource clock;

  public WallEdits(Wall wall, InstantSource clock) {
    this.wall = wall;
    this.clock = clock;
  }

  public Wall wall() {
    return wall;
  }

  /// Writes a notice, new or over the old one.
  ///
  /// @throws HttpProblem 422 with everything that is wrong with it
  public void putNotice(Caller caller, Name name, Map<String, Object> tree) {
    Reading read = new Reading(tree);
    Title title = read.title("title", true);
    String text = read.text("text").replace("\r\n", "\n");
    boolean sticky = read.truth("sticky");
    Instant from = read.moment("shownFrom");
    Instant until = read.moment("shownUntil");
    Set<Name> groups = read.names("groups");
    if (text.length() > Notice.MAX_CHARACTERS) {
      read.problem("text", Problem.Code.NOT_A_TEXT, "at most 10000 characters");
    } else if (text.codePoints()
        .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
      read.problem("text", Problem.Code.NOT_A_TEXT, "no control characters");
    }
    if (from != null && until != null && !from.isBefore(until)) {
      read.problem("shownUntil", Problem.Code.ENDS_BEFORE_START, "it is after shownFrom");
    }
    read.finish();
    wall.put(
        DirectoryEdits.actor(caller),
        new Notice(name, title, text, sticky, from, until, groups, clock.instant(), caller.name()));
  }

  /// Writes a link, new or over the old one.
  ///
  /// @throws HttpProblem 422 with everything that is wrong with it
  public void putLink(Caller caller, Name name, Map<String, Object> tree) {
    Reading read = new Reading(tree);
    Title title = read.title("title", true);
    String address = read.text("address").strip();
    Title remark = read.title("remark", false);
    int rank = read.rank("rank");
    Set<Name> groups = read.names("groups");
    try {
      WallLink _ = new WallLink(name, new Title("x"), address, Title.NONE, 0, Set.of());
    } catch (IllegalArgumentException e) {
      read.problem("address", Problem.Code.NOT_A_URL, String.valueOf(e.getMessage()));
    }
    read.finish();
    wall.put(
        DirectoryEdits.actor(caller), new WallLink(name, title, address, remark, rank, groups));
  }

  /// Removes a notice.
  ///
  /// @throws HttpProblem 404 when there is none
  public void deleteNotice(Caller caller, Name name) {
    if (!wall.deleteNotice(DirectoryEdits.actor(caller), name)) {
      throw HttpProblem.notFound();
    }
  }

  /// Removes a link.
  ///
  /// @throws HttpProblem 404 when there is none
  public void deleteLink(Caller caller, Name name) {
    if (!wall.deleteLink(DirectoryEdits.actor(caller), name)) {
      throw HttpProblem.notFound();
    }
  }

  /// A notice in the API's shape.
  public static Map<String, @Nullable Object> tree(Notice notice) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("name", notice.name().value());
    tree.put("title", notice.title().value());
    tree.put("text", notice.text());
    tree.put("sticky", notice.sticky());
    tree.put("shownFrom", notice.from() == null ? null : notice.from().toString());
    tree.put("shownUntil", notice.until() == null ? null : notice.until().toString());
    tree.put("groups", sorted(notice.groups()));
    tree.put("changedAt", notice.changedAt().toString());
    tree.put("changedBy", notice.changedBy());
    return tree;
  }

  /// A link in the API's shape.
  public static Map<String, @Nullable Object> tree(WallLink link) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("name", link.name().value());
    tree.put("title", link.title().value());
    tree.put("address", link.address());
    tree.put("remark", link.remark().value());
    tree.put("rank", link.rank());
    tree.put("groups", sorted(link.groups()));
    return tree;
  }

  private static List<String> sorted(Set<Name> names) {
    return names.stream().sorted().map(Name::value).toList();
  }

  /// One tree, read field by field; what is wrong is noted, and reading goes on with a stand-in.
  private static final class Reading {
    /// What the API gives and takes back without a look.
    private static final Set<String> READ_ONLY = Set.of("name", "changedAt", "changedBy");

    private final Map<String, Object> tree;
    private final Set<String> asked = new HashSet<>(READ_ONLY);
    private final List<Problem> problems = new ArrayList<>();

    Reading(Map<String, Object> tree) {
      this.tree = tree;
    }

    void problem(String where, Problem.Code code, String why) {
      problems.add(new Problem(code, where, List.of(), where + ": " + why));
    }

    String text(String key) {
      asked.add(key);
      return switch (tree.get(key)) {
        case null -> "";
        case String text -> text;
        default -> {
          problem(key, Problem.Code.WRONG_SHAPE, "expected a text");
          yield "";
        }
      };
    }

    Title title(String key, boolean required) {
      String text = text(key).strip();
      if (required && text.isEmpty()) {
        problem(key, Problem.Code.MISSING, "expected a title");
      }
      try {
        return new Title(text);
      } catch (IllegalArgumentException e) {
        problem(key, Problem.Code.NOT_A_TITLE, String.valueOf(e.getMessage()));
      }
      return new Title("x");
    }

    boolean truth(String key) {
      asked.add(key);
      return switch (tree.get(key)) {
        case null -> false;
        case Boolean truth -> truth;
        default -> {
          problem(key, Problem.Code.WRONG_SHAPE, "expected true or false");
          yield false;
        }
      };
    }

    @Nullable Instant moment(String key) {
      String text = text(key);
      try {
        return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        problem(key, Problem.Code.NOT_A_MOMENT, "expected a time like 2030-01-01T00:00:00+09:00");
        return null;
      }
    }

    int rank(String key) {
      asked.add(key);
      int rank =
          switch (tree.get(key)) {
            case null -> 100;
            case Integer number -> number;
            default -> -1;
          };
      if (rank < 0 || rank > WallLink.MAX_RANK) {
        problem(key, Problem.Code.NOT_A_RANK, "expected a whole number of 0 to 9999");
        return 0;
      }
      return rank;
    }

    Set<Name> names(String key) {
      asked.add(key);
      Set<Name> names = new HashSet<>();
      switch (tree.get(key)) {
        case null -> {}
        case List<?> list -> {
          for (Object item : list) {
            String text = String.valueOf(item);
            if (Name.isValid(text)) {
              names.add(Name.of(text));
            } else {
              problems.add(
                  new Problem(
                      Problem.Code.NOT_A_NAME, key, List.of(text), key + ": expected names"));
            }
          }
        }
        default -> problem(key, Problem.Code.WRONG_SHAPE, "expected a list of names");
      }
      if (names.size() > User.MAX_GROUPS) {
        problems.add(
            new Problem(
                Problem.Code.AT_MOST,
                key,
                List.of(String.valueOf(User.MAX_GROUPS), String.valueOf(names.size())),
                key + ": at most 200"));
        return Set.of();
      }
      return names;
    }

    void finish() {
      for (String key : tree.keySet()) {
        if (!asked.contains(key)) {
          problems.add(
              new Problem(
                  Problem.Code.UNKNOWN_KEY, "", List.of(key), "unknown key \"" + key + "\""));
        }
      }
      if (!problems.isEmpty()) {
        throw HttpProblem.ruleBroken(problems);
      }
    }
  }
}
