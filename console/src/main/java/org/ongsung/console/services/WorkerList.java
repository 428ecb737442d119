package org.ongsung.console.services;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ongsung.gateway.via.Passages;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.Jobs;
import org.ongsung.jobs.Lease;
import org.ongsung.jobs.WorkerSight;
import org.ongsung.policy.AccessToken;

/// Which workers there are: those in gateways, and those elsewhere that have a token. Blocks.
public final class WorkerList {
  private final Jobs jobs;
  private final Logins logins;
  private final Passages passages;

  /// One worker.
  ///
  /// @param tokenId names its token; null for the worker of a gateway, and where it was taken away
  /// @param kinds what it served when it was seen last; none when it never was
  /// @param seenAt when it last asked for jobs; null for never
  /// @param atWork how many jobs it has now
  /// @param carried how many connections to targets it holds for this gateway; empty where it does
  ///   not ask this one for any
  public record Row(
      String name,
      boolean inGateway,
      @Nullable String tokenId,
      @Nullable Instant createdAt,
      Set<JobKind> kinds,
      @Nullable Instant seenAt,
      long atWork,
      OptionalInt carried) {}

  public WorkerList(Jobs jobs, Logins logins, Passages passages) {
    this.jobs = jobs;
    this.logins = logins;
    this.passages = passages;
  }

  /// All, gateways' own first, then by name.
  public List<Row> rows() {
    Map<String, Long> atWork = atWork();
    Map<String, Integer> joined = passages.joined();
    List<WorkerSight> sights = jobs.workers();
    List<Row> rows = new ArrayList<>();
    for (WorkerSight sight : sights) {
      if (!isElsewhere(sight)) {
        long busy = atWork.getOrDefault(sight.worker(), 0L);
        rows.add(
            new Row(
                sight.worker(),
                true,
                null,
                null,
                sight.kinds(),
                sight.at(),
                busy,
                OptionalInt.empty()));
      }
    }
    for (AccessToken token : logins.workerTokens()) {
      Optional<WorkerSight> sight =
          sights.stream()
              .filter(one -> isElsewhere(one) && one.worker().equals(token.label()))
              .findFirst();
      rows.add(
          new Row(
              token.label(),
              false,
              token.id(),
              token.createdAt(),
              sight.map(WorkerSight::kinds).orElse(EnumSet.noneOf(JobKind.class)),
              sight.map(WorkerSight::at).orElse(null),
              atWork.getOrDefault(token.label(), 0L),
              joined.containsKey(token.label())
                  ? OptionalInt.of(joined.get(token.label()))
                  : OptionalInt.empty()));
    }
    rows.sort(Comparator.comparing((Row row) -> !row.inGateway()).thenComparing(Row::name));
    return rows;
  }

  private static boolean isElsewhere(WorkerSight sight) {
    String node = sight.node();
    return node == null || node.startsWith(Jobs.WORKER);
  }

  private Map<String, Long> atWork() {
    Map<String, Long> atWork = new HashMap<>();
    Set<JobState> open = Set.of(JobState.TAKEN, JobState.RUNNING);
    for (Job job :
        jobs.find(new JobSearch(open, Set.of(), null, null, null, JobSearch.MAX_LIMIT))) {
      Lease lease = job.lease();
      if (lease != null) {
        atWork.merge(lease.worker(), 1L, Long::sum);
      }
    }
    return atWork;
  }
}
