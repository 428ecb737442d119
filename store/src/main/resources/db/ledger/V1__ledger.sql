-- One text for SQLite and PostgreSQL. Placeholders: sequence (the type of a growing key), binary.
-- Times are microseconds since 1970-01-01 UTC; details are a JSON object of strings.

create table ledger (
  sequence ${sequence} primary key check (sequence >= 1),
  at bigint not null,
  code text not null,
  actor text not null,
  source text not null,
  session_id text,
  subject text not null,
  details text not null,
  -- subject and the values of details, folded for searching
  search text not null
);
-- Names of actors and subjects come from strangers and have any length, an index entry of PostgreSQL
-- has not: only their beginning is indexed.
create index ledger_by_time on ledger (at);
create index ledger_by_code on ledger (code, sequence);
create index ledger_by_actor on ledger (substr(actor, 1, 64), sequence);
create index ledger_by_subject on ledger (substr(subject, 1, 64), sequence);
create index ledger_by_session on ledger (session_id, sequence) where session_id is not null;
