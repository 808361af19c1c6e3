-- Who may open the desk beside the owners that ADMIN_EMAILS names, and what they may do there.
create table shop.operator (
  -- In lower case; the primary key is what every request of somebody signed in is looked up by.
  email text not null primary key check (email = lower(email) and length(email) between 3 and 254),
  role text not null check (role in ('owner', 'support', 'read')),
  added_at timestamptz not null default now(),
  -- The account that wrote the role.
  added_by text not null
);
