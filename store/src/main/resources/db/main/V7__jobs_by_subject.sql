-- What was found out last about a target.
create index jobs_by_subject on jobs (kind, subject, id) where state = 'done';
