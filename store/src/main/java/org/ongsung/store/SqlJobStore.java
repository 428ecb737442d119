package org.ongsung.store;

import static org.ongsung.store.StoredText.clean;
import static org.ongsung.store.StoredText.instant;
import static org.ongsung.store.StoredText.instantOrNull;
import static org.ongsung.store.StoredText.micros;
import static org.ongsung.store.StoredText.microsOrNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.ongsung.jobs.CronTimes;
import org.ongsung.jobs.Job;
import org.ongsung.jobs.JobId;
import org.ongsung.jobs.JobKind;
import org.ongsung.jobs.JobLogLine;
import org.ongsung.jobs.JobRefusedException;
import org.ongsung.jobs.JobResult;
import org.ongsung.jobs.JobSchedule;
import org.ongsung.jobs.JobSearch;
import org.ongsung.jobs.JobState;
import org.ongsung.jobs.JobStore;
import org.ongsung.jobs.JobTrees;
import org.ongsung.jobs.JobsUnavailableException;
import org.ongsung.jobs.Lease;
import org.ongsung.jobs.Progress;
import org.ongsung.jobs.WorkerSight;
import org.ongsung.model.Name;

/// Jobs, their log and schedules as tables.
final class SqlJobStore implements JobStore {
  /// The advisory lock of those who take jobs from a PostgreSQL, so that the counts of a kind hold.
  private static final long TAKING = 0x6f6e_6773_6a6fL;

  private static final String INSERT =
      """
      insert into jobs
        (id, kind, parameters, subject, owner, idempotency_key, schedule, rerun_of, node,
         created_at, not_before, deadline, state, attempt, worker, lease, taken_at, leased_until,
         percent, note, started_at, ended_at, result, problem, cancelled_by, version)
      values (:id, :kind, :parameters, :subject, :owner, :key, :schedule, :rerunOf, :node,
              :createdAt, :notBefore, :deadline, :state, :attempt, :worker, :lease, :takenAt,
              :leasedUntil, :percent, :note, :startedAt, :endedAt, :result, :problem, :cancelledBy,
              :version)
      """;

  private static final String REPLACE =
      """
      update jobs
      set not_before = :notBefore, state = :state, attempt = :attempt, worker = :worker,
          lease = :lease, taken_at = :takenAt, leased_until = :leasedUntil, percent = :percent,
          note = :note, started_at = :startedAt, ended_at = :endedAt, result = :result,
          problem = :problem, cancelled_by = :cancelledBy, version = :version
      where id = :id and version = :version - 1
      """;

  private static final String INSERT_LINE =
      """
      insert into job_log (job, attempt, number, at, text) values (:job, :attempt, :number, :at, :text)
      on conflict do nothing
      """;

  private static final String PUT_SCHEDULE =
      """
      insert into job_schedules (name, kind, parameters, cron, zone, node, owner, active)
      values (:name, :kind, :parameters, :cron, :zone, :node, :owner, :active)
      on conflict (name) do update
      set kind = excluded.kind, parameters = excluded.parameters, cron = excluded.cron,
          zone = excluded.zone, node = excluded.node, owner = excluded.owner,
          active = excluded.active
      """;

  private static final String SAW =
      """
      insert into job_workers (name, node, kinds, seen_at) values (:name, :node, :kinds, :at)
      on conflict (name, node) do update set kinds = excluded.kinds, seen_at = excluded.seen_at
      """;

  private final Sql sql;

  SqlJobStore(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Job add(Job job, int waitingJobs) {
    return write(
        handle -> {
          Optional<Job> known = byKey(handle, job);
          if (known.isPresent()) {
            if (!known.get().parameters().equals(job.parameters())) {
              throw new JobRefusedException(
                  JobRefusedException.Reason.KEY_IN_USE, "that key was used for another job");
            }
            return known.get();
          }
          int waiting =
              handle
                  .createQuery("select count(*) from jobs where ended_at is null")
                  .mapTo(Integer.class)
                  .one();
          if (waiting >= waitingJobs) {
            throw new JobRefusedException(
                JobRefusedException.Reason.FULL, "too many jobs wait already: " + waiting);
          }
          int made = bind(handle.createUpdate(INSERT + " on conflict do nothing"), job).execute();
          return made == 1
              ? job
              : byKey(handle, job)
                  .orElseThrow(() -> new IllegalStateException("two jobs of one id: " + job.id()));
        });
  }

  private static Optional<Job> byKey(Handle handle, Job job) {
    String key = job.origin().key();
    return key == null
        ? Optional.empty()
        : handle
            .createQuery("select * from jobs where owner = ? and idempotency_key = ?")
            .bind(0, clean(job.origin().owner()))
            .bind(1, clean(key))
            .map((row, _) -> job(row))
            .findOne();
  }

  @Override
  public Optional<Job> find(JobId id) {
    return read(
        handle ->
            handle
                .createQuery("select * from jobs where id = ?")
                .bind(0, id.value())
                .map((row, _) -> job(row))
                .findOne());
  }

  @Override
  public List<Job> find(JobSearch search) {
    JobId before = search.before();
    Name schedule = search.schedule();
    Conditions where =
        new Conditions()
            .in("state", search.states().stream().map(JobState::text).toList())
            .in("kind", search.kinds().stream().map(JobKind::text).toList())
            .and("owner = ?", search.owner() == null ? null : clean(search.owner()))
            .and("schedule = ?", schedule == null ? null : schedule.value())
            .and("id < ?", before == null ? null : before.value());
    String select =
        "select * from jobs" + where.sql() + " order by id desc limit " + search.limit();
    return read(handle -> where.bind(handle.createQuery(select)).map((row, _) -> job(row)).list());
  }

  @Override
  public List<Job> newestDone(JobKind kind, String subject, int limit) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select * from jobs where kind = ? and subject = ? and state = 'done'
                    order by id desc limit ?
                    """)
                .bind(0, kind.text())
                .bind(1, clean(subject))
                .bind(2, limit)
                .map((row, _) -> job(row))
                .list());
  }

  @Override
  public boolean replace(Job job) {
    return write(handle -> bind(handle.createUpdate(REPLACE), job).execute()) == 1;
  }

  private static Update bind(Update update, Job job) {
    Lease lease = job.lease();
    JobResult result = job.result();
    Name schedule = job.origin().schedule();
    JobId rerunOf = job.origin().rerunOf();
    return update
        .bind("id", job.id().value())
        .bind("kind", job.kind().text())
        .bind("parameters", clean(JobTrees.json(JobTrees.of(job.parameters()))))
        .bind("subject", clean(job.parameters().subject()))
        .bind("owner", clean(job.origin().owner()))
        .bind("key", StoredText.cleanOrNull(job.origin().key()))
        .bind("schedule", schedule == null ? null : schedule.value())
        .bind("rerunOf", rerunOf == null ? null : rerunOf.value())
        .bind("node", StoredText.cleanOrNull(job.node()))
        .bind("createdAt", micros(job.createdAt()))
        .bind("notBefore", micros(job.notBefore()))
        .bind("deadline", microsOrNull(job.deadline()))
        .bind("state", job.state().text())
        .bind("attempt", job.attempt())
        .bind("worker", lease == null ? null : clean(lease.worker()))
        .bind("lease", lease == null ? null : lease.token())
        .bind("takenAt", lease == null ? null : micros(lease.takenAt()))
        .bind("leasedUntil", lease == null ? null : micros(lease.until()))
        .bind("percent", job.progress().percent())
        .bind("note", clean(job.progress().note()))
        .bind("startedAt", microsOrNull(job.startedAt()))
        .bind("endedAt", microsOrNull(job.endedAt()))
        .bind("result", result == null ? null : clean(JobTrees.json(JobTrees.of(result))))
        .bind("problem", clean(job.problem()))
        .bind("cancelledBy", StoredText.cleanOrNull(job.cancelledBy()))
        .bind("version", job.version());
  }

  @Override
  public boolean hasDue(Taking taking) {
    return read(
        handle ->
            !heldAlready(handle, taking).isEmpty()
                || !due(handle, taking, /* most= */ 1).isEmpty());
  }

  @Override
  public List<Job> take(Taking taking) {
    return write(
        handle -> {
          if (sql.dialect() == Dialect.POSTGRESQL) {
            var _ =
                handle
                    .createQuery("select 1 from (select pg_advisory_xact_lock(?)) locked")
                    .bind(0, TAKING)
                    .mapTo(Integer.class)
                    .one();
          }
          List<Job> held = heldAlready(handle, taking);
          if (!held.isEmpty()) {
            return held;
          }
          List<Job> taken = new ArrayList<>();
          for (Job job : due(handle, taking, taking.most())) {
            Job now = job.taken(taking.lease());
            if (bind(handle.createUpdate(REPLACE), now).execute() == 1) {
              taken.add(now);
            }
          }
          return taken;
        });
  }

  private static List<Job> heldAlready(Handle handle, Taking taking) {
    return handle
        .createQuery(
            """
            select * from jobs where state = 'taken' and leased_until > ? and lease = ? and worker = ?
            order by id
            """)
        .bind(0, micros(taking.lease().takenAt()))
        .bind(1, taking.lease().token())
        .bind(2, clean(taking.lease().worker()))
        .map((row, _) -> job(row))
        .list();
  }

  /// The jobs that waited longest, no more of a kind than its limit leaves room for.
  private static List<Job> due(Handle handle, Taking taking, int most) {
    List<Job> due = new ArrayList<>();
    for (Map.Entry<JobKind, Integer> kind : taking.kinds().entrySet()) {
      int atWork =
          handle
              .createQuery(
                  """
                  select count(*) from jobs
                  where ended_at is null and kind = ? and state in ('taken', 'running')
                  """)
              .bind(0, kind.getKey().text())
              .mapTo(Integer.class)
              .one();
      int room = Math.min(most, kind.getValue() - atWork);
      if (room > 0) {
        due.addAll(due(handle, taking, kind.getKey(), room));
      }
    }
    due.sort(java.util.Comparator.comparing(Job::notBefore).thenComparing(Job::id));
    return due.size() > most ? List.copyOf(due.subList(0, most)) : due;
  }

  private static List<Job> due(Handle handle, Taking taking, JobKind kind, int room) {
    String node = taking.node();
    long now = micros(taking.lease().takenAt());
    return handle
        .createQuery(
            """
            select * from jobs
            where ended_at is null and kind = ? and state = 'new' and not_before <= ?
              and (deadline is null or deadline > ?) and (node is null or node = ?)
            order by not_before, id limit ?
            """)
        .bind(0, kind.text())
        .bind(1, now)
        .bind(2, now)
        .bind(3, node == null ? "" : clean(node))
        .bind(4, room)
        .map((row, _) -> job(row))
        .list();
  }

  @Override
  public List<Job> stale(Instant now, int limit) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select * from jobs
                    where (state in ('taken', 'running') and leased_until <= :now)
                       or (ended_at is null and deadline is not null and deadline <= :now
                           and cancelled_by is null)
                    order by id limit :limit
                    """)
                .bind("now", micros(now))
                .bind("limit", limit)
                .map((row, _) -> job(row))
                .list());
  }

  @Override
  public Set<JobId> endedAmong(Collection<JobId> jobs) {
    if (jobs.isEmpty()) {
      return Set.of();
    }
    Conditions where =
        new Conditions()
            .in("id", jobs.stream().map(JobId::value).toList())
            .and("ended_at is null and 0 = ?", 0);
    Set<JobId> ended = new HashSet<>(jobs);
    List<String> open =
        read(
            handle ->
                where
                    .bind(handle.createQuery("select id from jobs" + where.sql()))
                    .mapTo(String.class)
                    .list());
    open.forEach(id -> ended.remove(new JobId(id)));
    return ended;
  }

  @Override
  public void addLog(JobId job, List<JobLogLine> lines) {
    var _ =
        write(
            handle -> {
              PreparedBatch batch = handle.prepareBatch(INSERT_LINE);
              for (JobLogLine line : lines) {
                PreparedBatch _ =
                    batch
                        .bind("job", job.value())
                        .bind("attempt", line.attempt())
                        .bind("number", line.number())
                        .bind("at", micros(line.at()))
                        .bind("text", clean(line.text()))
                        .add();
              }
              return batch.execute().length;
            });
  }

  @Override
  public List<JobLogLine> log(JobId job, int offset, int limit) {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    select * from job_log where job = ? order by attempt, number limit ? offset ?
                    """)
                .bind(0, job.value())
                .bind(1, limit)
                .bind(2, offset)
                .map(
                    (row, _) ->
                        new JobLogLine(
                            row.getInt("number"),
                            instant(row.getLong("at")),
                            row.getInt("attempt"),
                            row.getString("text")))
                .list());
  }

  @Override
  public void saw(WorkerSight sight) {
    String node = sight.node();
    String kinds = String.join(",", sight.kinds().stream().map(JobKind::text).sorted().toList());
    var _ =
        write(
            handle ->
                handle
                    .createUpdate(SAW)
                    .bind("name", clean(sight.worker()))
                    .bind("node", node == null ? "" : clean(node))
                    .bind("kinds", kinds)
                    .bind("at", micros(sight.at()))
                    .execute());
  }

  @Override
  public List<WorkerSight> workers() {
    return read(
        handle ->
            handle
                .createQuery("select * from job_workers order by name, node")
                .map((row, _) -> sight(row))
                .list());
  }

  private static WorkerSight sight(ResultSet row) throws SQLException {
    Set<JobKind> kinds = EnumSet.noneOf(JobKind.class);
    for (JobKind kind : JobKind.values()) {
      if (("," + row.getString("kinds") + ",").contains("," + kind.text() + ",")) {
        kinds.add(kind); // what a newer gateway's worker serves besides is not known here
      }
    }
    String node = row.getString("node");
    return new WorkerSight(
        row.getString("name"),
        node.isEmpty() ? null : node,
        kinds,
        instant(row.getLong("seen_at")));
  }

  @Override
  public int forget(Instant endedBefore, int most) {
    return write(
        handle -> {
          var _ =
              handle
                  .createUpdate("delete from job_workers where seen_at < ?")
                  .bind(0, micros(endedBefore))
                  .execute();
          return handle
              .createUpdate(
                  """
                  delete from jobs
                  where ended_at is not null
                    and (ended_at < :before
                         or id in (select id from jobs where ended_at is not null
                                   order by ended_at desc, id desc limit 1000000 offset :most))
                  """)
              .bind("before", micros(endedBefore))
              .bind("most", most)
              .execute();
        });
  }

  @Override
  public Map<JobKind, Map<JobState, Integer>> counts() {
    Map<JobKind, Map<JobState, Integer>> counts = new EnumMap<>(JobKind.class);
    return read(
        handle -> {
          handle
              .createQuery(
                  """
                  select kind, state, count(*) as jobs from jobs
                  where ended_at is null group by kind, state
                  """)
              .map((row, _) -> counted(counts, row))
              .list();
          return counts;
        });
  }

  private static int counted(Map<JobKind, Map<JobState, Integer>> counts, ResultSet row)
      throws SQLException {
    int jobs = row.getInt("jobs");
    counts
        .computeIfAbsent(JobKind.of(row.getString("kind")), _ -> new EnumMap<>(JobState.class))
        .put(JobState.of(row.getString("state")), jobs);
    return jobs;
  }

  @Override
  public List<JobSchedule> schedules() {
    return read(
        handle ->
            handle
                .createQuery("select * from job_schedules order by name")
                .map((row, _) -> schedule(row))
                .list());
  }

  @Override
  public Optional<JobSchedule> schedule(Name name) {
    return read(
        handle ->
            handle
                .createQuery("select * from job_schedules where name = ?")
                .bind(0, name.value())
                .map((row, _) -> schedule(row))
                .findOne());
  }

  @Override
  public void putSchedule(JobSchedule schedule, int most) {
    var _ =
        write(
            handle -> {
              int others =
                  handle
                      .createQuery("select count(*) from job_schedules where name <> ?")
                      .bind(0, schedule.name().value())
                      .mapTo(Integer.class)
                      .one();
              if (others >= most) {
                throw new JobRefusedException(
                    JobRefusedException.Reason.FULL, "there are " + others + " schedules already");
              }
              return handle
                  .createUpdate(PUT_SCHEDULE)
                  .bind("name", schedule.name().value())
                  .bind("kind", schedule.parameters().kind().text())
                  .bind("parameters", clean(JobTrees.json(JobTrees.of(schedule.parameters()))))
                  .bind("cron", schedule.times().toString())
                  .bind("zone", schedule.zone().getId())
                  .bind("node", StoredText.cleanOrNull(schedule.node()))
                  .bind("owner", clean(schedule.owner()))
                  .bind("active", schedule.active() ? 1 : 0)
                  .execute();
            });
  }

  @Override
  public boolean deleteSchedule(Name name) {
    return write(
            handle ->
                handle
                    .createUpdate("delete from job_schedules where name = ?")
                    .bind(0, name.value())
                    .execute())
        == 1;
  }

  private <T> T read(Sql.Unit<T> unit) {
    try {
      return sql.read(unit);
    } catch (StoreFailure e) {
      throw new JobsUnavailableException(e.shown(), e);
    }
  }

  private <T> T write(Sql.Unit<T> unit) {
    try {
      return sql.write(unit);
    } catch (StoreFailure e) {
      throw new JobsUnavailableException(e.shown(), e);
    }
  }

  private static JobSchedule schedule(ResultSet row) throws SQLException {
    return new JobSchedule(
        Name.of(row.getString("name")),
        JobTrees.parameters(
            JobKind.of(row.getString("kind")), JobTrees.tree(row.getString("parameters"))),
        CronTimes.parse(row.getString("cron")),
        ZoneId.of(row.getString("zone")),
        row.getString("node"),
        row.getString("owner"),
        row.getInt("active") == 1);
  }

  private static Job job(ResultSet row) throws SQLException {
    JobKind kind = JobKind.of(row.getString("kind"));
    String result = row.getString("result");
    return new Job(
        new JobId(row.getString("id")),
        JobTrees.parameters(kind, JobTrees.tree(row.getString("parameters"))),
        origin(row),
        row.getString("node"),
        instant(row.getLong("created_at")),
        instant(row.getLong("not_before")),
        instantOrNull(Columns.longOrNull(row, "deadline")),
        JobState.of(row.getString("state")),
        row.getInt("attempt"),
        lease(row),
        new Progress(row.getInt("percent"), row.getString("note")),
        instantOrNull(Columns.longOrNull(row, "started_at")),
        instantOrNull(Columns.longOrNull(row, "ended_at")),
        result == null ? null : JobTrees.result(kind, JobTrees.tree(result)),
        row.getString("problem"),
        row.getString("cancelled_by"),
        row.getLong("version"));
  }

  private static Job.Origin origin(ResultSet row) throws SQLException {
    String schedule = row.getString("schedule");
    String rerunOf = row.getString("rerun_of");
    return new Job.Origin(
        row.getString("owner"),
        row.getString("idempotency_key"),
        schedule == null ? null : Name.of(schedule),
        rerunOf == null ? null : new JobId(rerunOf));
  }

  private static @Nullable Lease lease(ResultSet row) throws SQLException {
    String token = row.getString("lease");
    return token == null
        ? null
        : new Lease(
            row.getString("worker"),
            token,
            instant(row.getLong("taken_at")),
            instant(row.getLong("leased_until")));
  }
}
