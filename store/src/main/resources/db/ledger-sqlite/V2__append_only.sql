-- The ledger grows at its end, by one, and does nothing else. The insert trigger also stops
-- INSERT OR REPLACE, which fires no delete trigger.
create trigger ledger_is_never_updated before update on ledger
begin
  select raise(abort, 'the ledger is append-only');
end;

create trigger ledger_is_never_deleted before delete on ledger
begin
  select raise(abort, 'the ledger is append-only');
end;

create trigger ledger_has_no_gaps before insert on ledger
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from ledger)
begin
  select raise(abort, 'the ledger has no gaps');
end;
