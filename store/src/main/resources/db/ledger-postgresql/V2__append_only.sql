-- The ledger grows at its end and does nothing else.
create function ledger_refuses() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only' using errcode = 'restrict_violation';
end
$$;

create trigger ledger_is_never_updated before update or delete or truncate on ledger
for each statement execute function ledger_refuses();
