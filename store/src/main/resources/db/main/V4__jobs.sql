-- Jobs, what workers wrote about them, and schedules. One text for SQLite and PostgreSQL; placeholders besides those
-- of V1: moment and truth (as db-scheduler's own table wants them).

create table jobs (
  id text ${binary} primary key,
  kind text not null,
  parameters text not null,
  subject text not null,
  owner text ${binary} not null,
  idempotency_key text ${binary},
  schedule text,
  rerun_of text,
  node text,
  created_at bigint not null,
  not_before bigint not null,
  deadline bigint,
  state text not null check (state in ('new', 'taken', 'running', 'done', 'error', 'dropped')),
  attempt integer not null,
  worker text,
  lease text,
  taken_at bigint,
  leased_until bigint,
  percent integer not null,
  note text not null,
  started_at bigint,
  ended_at bigint,
  result text,
  problem text not null,
  cancelled_by text,
  version bigint not null,
  check ((ended_at is null) = (state in ('new', 'taken', 'running')))
);
create unique index jobs_by_key on jobs (owner, idempotency_key) where idempotency_key is not null;
create index jobs_open on jobs (kind, state, not_before) where ended_at is null;
create index jobs_leased on jobs (leased_until) where state in ('taken', 'running');
create index jobs_by_deadline on jobs (deadline) where ended_at is null and deadline is not null;
create index jobs_ended on jobs (ended_at) where ended_at is not null;

create table job_log (
  job text ${binary} not null references jobs (id) on delete cascade,
  attempt integer not null,
  number integer not null,
  at bigint not null,
  text text not null,
  primary key (job, attempt, number)
);

create table job_schedules (
  name text ${binary} primary key,
  kind text not null,
  parameters text not null,
  cron text not null,
  zone text not null,
  node text,
  owner text not null,
  active integer not null check (active in (0, 1))
);

-- db-scheduler's own; made anew from the tables above wherever it is empty.
create table scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data ${blob},
  execution_time ${moment},
  picked ${truth} not null,
  picked_by text,
  last_success ${moment},
  last_failure ${moment},
  consecutive_failures integer,
  last_heartbeat ${moment},
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_by_time on scheduled_tasks (execution_time);
create index scheduled_tasks_by_heartbeat on scheduled_tasks (last_heartbeat);
