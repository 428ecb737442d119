-- Legal holds, and recordings that are gone by policy: decided at purged_at, done once counted.
alter table sessions add column held_at bigint;
alter table sessions add column held_by text;
alter table sessions add column hold_reason text;
alter table sessions add column purged_at bigint;
alter table sessions add column purged_recordings integer;
alter table sessions add column purged_bytes bigint;
create index sessions_to_purge on sessions (node, id) where ended_at is not null and purged_recordings is null;
create index sessions_held on sessions (node) where held_at is not null;
