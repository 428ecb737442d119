-- What stands on the wall besides targets: each person's stars, notices and links. A star goes with its user or target.

create table stars (
  user_name text ${binary} not null references users (name) on delete cascade,
  target text ${binary} not null references targets (name) on delete cascade,
  starred_at bigint not null,
  primary key (user_name, target)
);
create index stars_by_target on stars (target);

create table notices (
  name text ${binary} primary key,
  title text not null,
  body text not null,
  sticky integer not null check (sticky in (0, 1)),
  from_at bigint,
  until_at bigint,
  for_groups text not null,
  changed_at bigint not null,
  changed_by text not null
);

create table wall_links (
  name text ${binary} primary key,
  title text not null,
  address text not null,
  remark text not null,
  place integer not null,
  for_groups text not null
);
