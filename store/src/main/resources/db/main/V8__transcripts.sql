-- The lines of transcripts. One text for SQLite and PostgreSQL.

create table transcript_lines (
  -- Larger for every line that becomes visible later; never used twice.
  sequence ${identity},
  session_id text ${binary} not null references sessions (id) on delete cascade,
  channel integer not null,
  number bigint not null,
  at bigint not null,
  direction text not null check (direction in ('i', 'o', 's')),
  prompt text not null,
  text text not null
);
create unique index transcript_lines_by_channel on transcript_lines (session_id, channel, number);

-- Which sessions' lines were dropped, so that every node's index learns it.
create table transcript_drops (
  sequence ${identity},
  session_id text ${binary} not null
);

-- How far a channel's transcript is; those that were there before have none yet, and get it.
alter table channels add column transcript_next bigint not null default 0;
alter table channels add column transcript_position bigint not null default 0;
alter table channels add column transcript_done integer not null default 0;
create index channels_without_transcript on channels (session_id, number) where transcript_done = 0;
