/**
 * Orders, webhooks, access and recovery around Stripe Checkout, inside an app of one's own.
 *
 * `createOncepaid` is where everything begins; the builders say what is sold. The other entries: `oncepaid/next` mounts it in
 * Next, `oncepaid/node` in Node's own http and in Express.
 */

export type { AuditEntry, AuditFilter, AuditPage } from "#/audit/list.ts";
export type { Attendee, AttendeePage } from "#/bookings/attendees.ts";
export type { ManagedSlot } from "#/bookings/manage.ts";
export type { SlotMessage } from "#/bookings/message.ts";
export type { PublicSlot } from "#/bookings/slots.ts";
export type { Caller, Role, Scope } from "#/caller.ts";
export type { PriceSource } from "#/catalog/price.ts";
export { booking, download, type Product, plan } from "#/catalog/product.ts";
export type { CheckedOut, CheckoutInput } from "#/checkout/check-out.ts";
export type { Pool } from "#/database/connection.ts";
export type {
  DeskEvent,
  DeskEventDetail,
  DeskEventFilter,
  DeskEventPage,
  EventOutcome,
} from "#/desk/events.ts";
export type { DeskFilter, DeskOrder, DeskPage } from "#/desk/orders.ts";
export type { DeskPlan, DeskPlanFilter, DeskPlanPage, PlanState } from "#/desk/plans.ts";
export type { Sales, SalesDay } from "#/desk/sales.ts";
export type { DownloadView } from "#/downloads/downloads.ts";
export type { AppJob, AppQueues, Newcomer, Sweep } from "#/engine.ts";
export type { Failure, FailureCode, Issue } from "#/failure.ts";
export type { Happened, HappeningType, HookEntitlement, HookOrder } from "#/hooks/happened.ts";
export type { Handlers } from "#/hooks/hooks.ts";
export type { Sql } from "#/hooks/sql.ts";
export { currencyOf } from "#/http/currency.ts";
export type { ApiKey, KeyMade, NewKey } from "#/keys/manage.ts";
export { createLog, type Log, type LogLevel } from "#/log.ts";
export type { DeliveryPage, WebhookAttempt, WebhookDelivery } from "#/notify/deliveries.ts";
export type {
  EndpointChange,
  EndpointChanged,
  EndpointMade,
  NewEndpoint,
  OutboundType,
  WebhookEndpoint,
} from "#/notify/endpoints.ts";
export { createOncepaid, type Oncepaid } from "#/oncepaid.ts";
export type { LastDiagnosis } from "#/operations/doctor/last.ts";
export { type AppUser, NotConfigured, type OncepaidOptions } from "#/options.ts";
export type { GivenUpJob, JobsOverview } from "#/outbox/given-up.ts";
export { Hopeless } from "#/outbox/jobs.ts";
export type { WaitingJob } from "#/outbox/waiting.ts";
export type { Erased, EraseRequest } from "#/people/erase.ts";
export type { PersonExport } from "#/people/export.ts";
export type { Person } from "#/people/person.ts";
export type { PortalRequest } from "#/plans/billing-portal.ts";
export type { Invitation } from "#/plans/membership.ts";
export type { Seat } from "#/plans/seats.ts";
export type { Offer } from "#/prices/offers.ts";
export type { AboutOrder } from "#/purchases/about.ts";
export type { EntitlementView } from "#/purchases/entitlements.ts";
export type { OrderFilter, OrderPage } from "#/purchases/list-orders.ts";
export type { Move } from "#/purchases/move.ts";
export type { BookingView, OrderView } from "#/purchases/order-view.ts";
export type { Ownership } from "#/purchases/owners.ts";
export type { TimelineEntry } from "#/purchases/timeline.ts";
export type { Happening } from "#/rules/happenings.ts";
export type { Asking, RefundReason } from "#/support/action.ts";
export type { CancelRequest } from "#/support/cancel.ts";
export type { BookingChoices } from "#/support/cancel-booking.ts";
export type { ChangePlanRequest, PlanChangePreview, PlanChangeQuestion } from "#/support/change-plan.ts";
export type { Claimed, ClaimRequest } from "#/support/claim.ts";
export type { GrantRequest } from "#/support/grant.ts";
export type {
  NewPromotionCode,
  PromotionCode,
  PromotionCodeFilter,
  PromotionCodeMade,
  PromotionCodePage,
} from "#/support/promotion-codes.ts";
export type { RefundMade, RefundRequest } from "#/support/refund.ts";
export type { UnclaimedSubscription } from "#/support/unclaimed.ts";
export type { InboxEvent } from "#/webhooks/inbox.ts";
export type { SweepReport } from "#/work/sweeps.ts";
