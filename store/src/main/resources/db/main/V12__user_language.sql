-- The language that a person wants to be spoken to in: auto, ko or en.
alter table users add column language text not null default 'auto';
