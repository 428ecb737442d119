-- How a target writes text on its terminals.
alter table targets add column encoding text not null default 'utf-8';
