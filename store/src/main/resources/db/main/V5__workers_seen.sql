-- When each worker last asked for jobs. Made anew by the workers themselves.
create table job_workers (
  name text ${binary} not null,
  node text ${binary} not null,
  kinds text not null,
  seen_at bigint not null,
  primary key (name, node)
);
