-- Secrets of the gateway's own, sealed like those of accounts: what the webhook's posts are signed with.
create table own_secrets (
  name text ${binary} primary key,
  key_id text not null,
  sealed ${blob} not null
);
