-- The address of who gave a seat, which the invitation names; for seats given before this, the one the plan was paid under.
alter table oncepaid.seat add column invited_by text;
