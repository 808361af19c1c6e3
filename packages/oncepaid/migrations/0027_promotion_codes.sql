-- Discount codes are made and ended at Stripe, about no order; what was asked for is kept like everything else Stripe is asked to do
-- (src/support/promotion-codes.ts). And somebody has looked at the warnings of an order (src/support/review.ts).
alter table oncepaid.support_action drop constraint support_action_what_check;
alter table oncepaid.support_action add constraint support_action_what_check check (
  what in ('refund', 'cancel', 'change_plan', 'correct', 'resend', 'grant', 'end', 'restore', 'move', 'claim', 'erase', 'review',
           'create_code', 'deactivate_code'));
alter table oncepaid.support_action drop constraint support_action_check1;
alter table oncepaid.support_action add constraint support_action_about check (
  num_nonnulls(order_id, entitlement_id) > 0 or what in ('create_code', 'deactivate_code'));
