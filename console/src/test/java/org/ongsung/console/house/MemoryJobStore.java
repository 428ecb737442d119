package org.ongsung.console.house;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.JobStore;
import org.ongsung.jobs.WorkerSight;
import org.ongsung.model.Name;

/// Jobs in memory.
public final class MemoryJobStore implements JobStore {
  private final Map<JobId, Job> jobs = new TreeMap<>(Comparator.reverseOrder());
  private final Map<JobId, List<JobLogLine>> logs = new TreeMap<>();
  private final Map<String, WorkerSight> sights = new TreeMap<>();
  private final Map<Name, JobSchedule> schedules = new TreeMap<>();

  @Override
  public synchronized Job add(Job job, int waitingJobs) {
    jobs.put(job.id(), job);
    return job;
  }

  @Override
  public synchronized Optional<Job> find(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  @Override
  public synchronized List<Job> find(JobSearch search) {
    return jobs.values().stream()
        .filter(job -> search.states().isEmpty() || search.states().contains(job.state()))
        .filter(job -> search.kinds().isEmpty() || search.kinds().contains(job.kind()))
        .filter(job -> search.owner() == null || search.owner().equals(job.origin().owner()))
        .filter(
            job -> search.schedule() == null || search.schedule().equals(job.origin().schedule()))
        .filter(job -> search.before() == null || job.id().compareTo(search.before()) < 0)
        .limit(search.limit())
        .toList();
  }

  @Override
  public synchronized List<Job> newestDone(JobKind kind, String subject, int limit) {
    return jobs.values().stream()
        .filter(job -> job.state() == JobState.DONE && job.kind() == kind)
        .filter(job -> job.parameters().subject().equals(subject))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized boolean replace(Job job) {
    Job before = jobs.get(job.id());
    if (before == null || before.version() != job.version() - 1) {
      return false;
    }
    jobs.put(job.id(), job);
    return true;
  }

  private Stream<Job> due(Taking taking) {
    return List.copyOf(jobs.values()).reversed().stream()
        .filter(job -> job.state() == JobState.NEW && taking.kinds().containsKey(job.kind()))
        .filter(job -> job.node() == null || job.node().equals(taking.node()))
        .filter(job -> !job.notBefore().isAfter(taking.lease().takenAt()))
        .limit(taking.most());
  }

  private List<Job> held(Taking taking) {
    return jobs.values().stream()
        .filter(job -> job.state() == JobState.TAKEN && job.lease() != null)
        .filter(job -> job.lease().token().equals(taking.lease().token()))
        .filter(job -> job.lease().worker().equals(taking.lease().worker()))
        .toList();
  }

  @Override
  public synchronized boolean hasDue(Taking taking) {
    return !held(taking).isEmpty() || due(taking).findAny().isPresent();
  }

  @Override
  public synchronized List<Job> take(Taking taking) {
    List<Job> held = held(taking);
    if (!held.isEmpty()) {
      return held;
    }
    List<Job> taken = due(taking).map(job -> job.taken(taking.lease())).toList();
    taken.forEach(job -> jobs.put(job.id(), job));
    return taken;
  }

  @Override
  public synchronized List<Job> stale(Instant now, int limit) {
    return List.of();
  }

  @Override
  public synchronized Set<JobId> endedAmong(Collection<JobId> asked) {
    Set<JobId> ended = new HashSet<>(asked);
    ended.removeIf(id -> jobs.containsKey(id) && !jobs.get(id).state().ended());
    return ended;
  }

  @Override
  public synchronized void addLog(JobId job, List<JobLogLine> lines) {
    logs.computeIfAbsent(job, _ -> new ArrayList<>()).addAll(lines);
  }

  @Override
  public synchronized List<JobLogLine> log(JobId job, int offset, int limit) {
    return logs.getOrDefault(job, List.of()).stream().skip(offset).limit(limit).toList();
  }

  @Override
  public synchronized void saw(WorkerSight sight) {
    sights.put(sight.worker(), sight);
  }

  @Override
  public synchronized List<WorkerSight> workers() {
    return List.copyOf(sights.values());
  }

  @Override
  public synchronized int forget(Instant endedBefore, int most) {
    return 0;
  }

  @Override
  public synchronized Map<JobKind, Map<JobState, Integer>> counts() {
    Map<JobKind, Map<JobState, Integer>> counts = new EnumMap<>(JobKind.class);
    jobs.values().stream()
        .filter(job -> !job.state().ended())
        .forEach(
            job ->
                counts
                    .computeIfAbsent(job.kind(), _ -> new EnumMap<>(JobState.class))
                    .merge(job.state(), 1, Integer::sum));
    return counts;
  }

  @Override
  public synchronized List<JobSchedule> schedules() {
    return List.copyOf(schedules.values());
  }

  @Override
  public synchronized Optional<JobSchedule> schedule(Name name) {
    return Optional.ofNullable(schedules.get(name));
  }

  @Override
  public synchronized void putSchedule(JobSchedule schedule, int most) {
    schedules.put(schedule.name(), schedule);
  }

  @Override
  public synchronized boolean deleteSchedule(Name name) {
    return schedules.remove(name) != null;
  }
}
