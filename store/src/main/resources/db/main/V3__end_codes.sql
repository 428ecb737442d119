-- Why a session ended: a stable code with parameters (JSON) instead of an English sentence.
alter table sessions add column end_code text;
alter table sessions add column end_parameters text;
update sessions set end_code = case reason
  when 'the person closed the connection' then 'person-left'
  when 'the target closed the connection' then 'target-left'
  when 'the gateway stops' then 'gateway-stop'
  when 'This gateway stops now.' then 'gateway-stop'
  when 'This gateway stops now. Connect again in a few minutes.' then 'gateway-stop'
  when 'interrupted' then 'gateway-stop'
  when 'This session can no longer be recorded, so it ends. Tell your administrator.' then 'record-failed'
  when 'This gateway has no space left to record sessions, so this one ends. Tell your administrator.' then 'storage-full'
  when 'The gateway stopped without closing this session.' then 'gateway-lost'
  when 'the start could not be recorded' then 'start-unrecorded'
  when 'not closed in time' then 'not-closed'
  when 'The time of the grant for this session is over.' then 'grant-ended'
  when 'Your access to this target was withdrawn, so this session ends.' then 'revoked'
  else 'as-written' end
where ended_at is not null;
update sessions set end_code = 'administrator', end_parameters = cast(${json}('reason', substr(reason, 38)) as text)
where reason like 'An administrator ended this session: %';
update sessions set end_code = 'internal-error', end_parameters = cast(${json}('number', substr(reason, 27)) as text)
where reason like 'an internal error, number %';
update sessions set end_code = 'idle-limit',
  end_parameters = cast(${json}('grant', grant_name, 'limit', substr(reason, 57, length(reason) - 58)) as text)
where reason like 'This session was idle for longer than its grant allows (%';
update sessions set end_code = 'duration-limit',
  end_parameters = cast(${json}('grant', grant_name, 'limit', substr(reason, 57, length(reason) - 58)) as text)
where reason like 'This session reached the longest time its grant allows (%';
update sessions set end_parameters = cast(${json}('grant', grant_name) as text)
where end_code in ('grant-ended', 'revoked');
update sessions set end_parameters = cast(${json}('text', reason) as text)
where end_code = 'as-written';
update sessions set end_parameters = '{}'
where ended_at is not null and end_parameters is null;
alter table sessions drop column reason;
