-- When an open channel's byte counts were last written, so that a crash does not lose them.
alter table channels add column seen_at bigint;
