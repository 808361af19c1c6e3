-- A guarded write is one statement with several parts. Where a part that must have happened did not, the whole
-- statement is undone and the writer reads again: 40001 is what PostgreSQL itself says in that case.
create function require(happened boolean) returns void language plpgsql as $$
begin
  if not happened then
    raise exception 'the rows moved since they were read' using errcode = 'serialization_failure';
  end if;
end
$$;
