-- How targets that ask for the login on the terminal ask: kind and pattern in turn, as JSON.
alter table targets add column prompts text not null default '[]';
