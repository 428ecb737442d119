-- One text for SQLite and PostgreSQL. Placeholders: blob, identity, binary (collation by code point).
-- Times are microseconds since 1970-01-01 UTC; yes and no are 1 and 0; lists and maps are JSON.

create table directory_version (
  id integer primary key check (id = 1),
  version bigint not null
);
insert into directory_version (id, version) values (1, 0);

create table users (
  name text ${binary} primary key,
  title text not null,
  active integer not null check (active in (0, 1)),
  password text,
  roles text not null,
  member_of text not null,
  public_keys text not null
);

create table user_groups (
  name text ${binary} primary key,
  title text not null
);

create table targets (
  name text ${binary} primary key,
  title text not null,
  protocol text not null,
  host text not null,
  port integer not null,
  labels text not null,
  host_key_policy text not null,
  host_keys text not null,
  accounts text not null
);

create table secrets (
  target text ${binary} not null references targets (name) on delete cascade,
  account text ${binary} not null,
  kind text not null,
  key_id text not null,
  sealed ${blob} not null,
  primary key (target, account, kind)
);

create table grants (
  name text ${binary} primary key,
  who_users text not null,
  who_groups text not null,
  where_targets text not null,
  where_labels text not null,
  accounts text not null,
  may text not null,
  from_networks text not null,
  until_at bigint,
  until_offset_seconds integer,
  idle_micros bigint,
  duration_micros bigint,
  sessions integer,
  check ((until_at is null) = (until_offset_seconds is null))
);

create table sessions (
  id text ${binary} primary key,
  user_name text not null,
  target text not null,
  account text not null,
  login text not null,
  protocol text not null,
  grant_name text not null,
  factors text not null,
  source text not null,
  client text not null,
  node text not null,
  started_at bigint not null,
  ended_at bigint,
  state text not null,
  reason text,
  ended_by text,
  bytes_from_client bigint,
  bytes_to_client bigint,
  -- user, target, account and source, folded for searching
  search text not null,
  check ((ended_at is null) = (state = 'live'))
);
create index sessions_by_user on sessions (user_name, id);
create index sessions_by_target on sessions (target, id);
create index sessions_by_state on sessions (state, id);
create index sessions_by_start on sessions (started_at);
create index sessions_open on sessions (node, id) where ended_at is null;

create table channels (
  session_id text ${binary} not null references sessions (id),
  number integer not null,
  kind text not null,
  subject text not null,
  opened_at bigint not null,
  ended_at bigint,
  exit_status integer,
  exit_signal text,
  bytes_from_client bigint,
  bytes_to_client bigint,
  sha256_from_client text,
  sha256_to_client text,
  replaced bigint,
  complete integer check (complete in (0, 1)),
  -- the subject, folded for searching
  search text not null,
  primary key (session_id, number)
);
create index channels_by_kind on channels (kind, session_id);

create table file_operations (
  id ${identity},
  session_id text ${binary} not null references sessions (id),
  channel integer not null,
  at bigint not null,
  kind text not null,
  path text not null,
  other_path text not null,
  detail text not null,
  bytes_read bigint not null,
  bytes_written bigint not null,
  result text not null
);
create index file_operations_by_session on file_operations (session_id, id);

create table access_tokens (
  id text ${binary} primary key,
  sha256 text ${binary} not null unique,
  user_name text,
  purpose text not null,
  label text not null,
  factors text not null,
  source text not null,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint,
  csrf_secret text not null
);
create index access_tokens_by_user on access_tokens (user_name);
create index access_tokens_by_expiry on access_tokens (expires_at);
