package org.ongsung.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.ongsung.model.ConnectionGuard;
import org.ongsung.model.GuardedLock;

/// Finds rows by their key for many callers with few questions to the database: whoever asks while
/// the questions of others are on their way shares the next one, as writers share a commit.
///
/// Whoever is alone asks at once. Shared questions are asked by [Sql#askers], threads of the
/// platform: thousands of virtual threads have few carriers, and one that asks for many others
/// would stand in line behind those who wait for it. What anyone is told was read after it asked: a
/// question that is on its way takes no more keys. When a question fails, all who share it are told
/// so.
///
/// Threads: any; blocks.
final class GroupedLookup<V> {
  /// Shared questions of one lookup on their way at once, inclusive.
  static final int AT_ONCE = 2;

  /// Keys of one question, inclusive.
  static final int KEYS = 256;

  private final Question<V> question;
  private final StoreLimits limits;
  private final GuardedLock lock = new GuardedLock();
  private final Deque<Group<V>> waiting = new ArrayDeque<>();
  private final Executor askers;

  private boolean askedAlone;
  private int asking;
  private int callers;

  /// What the database says about some keys; says nothing about those that it does not know.
  interface Question<V> {
    Map<String, V> ask(Collection<String> keys);
  }

  /// A row of a result.
  interface Row<V> {
    V read(ResultSet row) throws SQLException;
  }

  GroupedLookup(Question<V> question, Executor askers, StoreLimits limits) {
    this.question = question;
    this.askers = askers;
    this.limits = limits;
  }

  /// Looks up rows of a table.
  ///
  /// @param select which rows, up to the list of keys, such as `select * from users where id in`
  /// @param key the column of the key
  static <V> GroupedLookup<V> of(
      Sql sql, StoreLimits limits, String select, String key, Row<V> value) {
    return new GroupedLookup<>(keys -> ask(sql, select, keys, key, value), sql.askers(), limits);
  }

  private static <V> Map<String, V> ask(
      Sql sql, String select, Collection<String> keys, String key, Row<V> value) {
    // Questions come in few lengths, powers of two, so that a database can keep its plans for them.
    List<String> padded = new ArrayList<>(keys);
    while (Integer.bitCount(padded.size()) > 1) {
      padded.add(padded.getFirst());
    }
    String places = String.join(", ", Collections.nCopies(padded.size(), "?"));
    return sql.read(
        handle -> {
          Query query = handle.createQuery(select + " (" + places + ")");
          for (int i = 0; i < padded.size(); i++) {
            query.bind(i, padded.get(i));
          }
          Map<String, V> found = new HashMap<>();
          query
              .map((row, context) -> Map.entry(row.getString(key), value.read(row)))
              .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
          return found;
        });
  }

  /// Those who share a question.
  private static final class Group<V> {
    final Set<String> keys = new HashSet<>();
    final CompletableFuture<Map<String, V>> answer = new CompletableFuture<>();
    int callers;
  }

  /// The row of `key`.
  ///
  /// @param key one that the database can be asked for: one that it refuses fails the question of
  ///   all who share it
  /// @throws StoreFailure when the database fails, or too many wait
  Optional<V> find(String key) {
    ConnectionGuard.assertNoneHeld("the database");
    Group<V> group = join(key);
    return Optional.ofNullable(
        group == null
            ? askAlone(key).get(key)
            : Await.answer(group.answer, limits.answerTimeout(), () -> {}).get(key));
  }

  /// The next question, with `key` in it; null when nobody else asks.
  private @Nullable Group<V> join(String key) {
    lock.lock();
    try {
      if (!askedAlone && asking == 0) {
        askedAlone = true;
        return null;
      }
      if (callers >= limits.queuedUnits()) {
        throw new StoreFailure(StoreFailure.Kind.BUSY, null);
      }
      if (asking < AT_ONCE) {
        callAsker();
      }
      Group<V> group = waiting.peekLast();
      if (group == null || group.keys.size() >= KEYS) {
        group = new Group<>();
        waiting.addLast(group);
      }
      group.keys.add(key);
      group.callers++;
      callers++;
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void callAsker() {
    try {
      askers.execute(this::askForOthers); // who looks for a group once this one is in it
      asking++;
    } catch (StoreFailure none) {
      if (asking == 0 || none.kind() == StoreFailure.Kind.UNREACHABLE) {
        throw none;
      }
    }
  }

  private Map<String, V> askAlone(String key) {
    try {
      return question.ask(List.of(key));
    } finally {
      endAlone();
    }
  }

  private void endAlone() {
    lock.lock();
    try {
      askedAlone = false;
    } finally {
      lock.unlock();
    }
  }

  /// Asks for one group, and stands in line again for the next, so that no lookup keeps the askers
  /// from another.
  private void askForOthers() {
    for (Group<V> group = next(); group != null; group = next()) {
      try {
        group.answer.complete(question.ask(group.keys));
      } catch (Throwable e) { // whoever waits is told, whatever it was
        group.answer.completeExceptionally(e);
      }
      if (standsInLineAgain()) {
        return;
      }
    }
  }

  private boolean standsInLineAgain() {
    try {
      askers.execute(this::askForOthers);
      return true;
    } catch (StoreFailure none) {
      return false;
    }
  }

  /// The question to ask now; null when nobody waits, and one fewer asks then.
  private @Nullable Group<V> next() {
    lock.lock();
    try {
      Group<V> group = waiting.pollFirst();
      if (group == null) {
        asking--;
      } else {
        callers -= group.callers;
      }
      return group;
    } finally {
      lock.unlock();
    }
  }
}
