-- Buyers move and cancel their bookings themselves: each stands in the order's timeline beside what support did.
alter table oncepaid.support_action drop constraint support_action_what_check;
alter table oncepaid.support_action add constraint support_action_what_check check (
  what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'restore', 'move', 'claim', 'erase', 'review',
           'create_code', 'deactivate_code', 'move_booking', 'cancel_booking'));
