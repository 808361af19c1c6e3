import {
  anyCaller,
  cron,
  everybody,
  healthCaller,
  knownCaller,
  meters,
  operator,
  owner,
  scoped,
  serverOrOperator,
  stripe,
} from "#/http/access.ts";
import { deleteCheckIn, getAttendees, postCheckIn, postMessage } from "#/http/admin-attendees.ts";
import { getAudit } from "#/http/admin-audit.ts";
import { postEnd, postReissue, postRestore } from "#/http/admin-entitlements.ts";
import { getEvents, postDismiss, postReplay, postReplayMany } from "#/http/admin-events.ts";
import { getJobs, postReplayJobs } from "#/http/admin-jobs.ts";
import { getTimeline } from "#/http/admin-orders.ts";
import { getReconcile } from "#/http/admin-reconcile.ts";
import { deleteSlot, getAllSlots, patchSlot, postReschedule, postSlot } from "#/http/admin-slots.ts";
import { postBillingPortal } from "#/http/billing-portal.ts";
import { getBooking, postCancelBooking, postMoveBooking } from "#/http/buyer-bookings.ts";
import { postCheckout } from "#/http/checkout.ts";
import { runCron } from "#/http/cron.ts";
import { getDeskOrder, getDeskOrders, getSales } from "#/http/desk.ts";
import { getDownload, getFile } from "#/http/downloads.ts";
import { getEntitlements, getExplanation } from "#/http/entitlements.ts";
import { getHealth } from "#/http/health.ts";
import { deleteKey, getKeys, postKey } from "#/http/keys.ts";
import { getMetrics } from "#/http/metrics.ts";
import { getOrder, getOrders } from "#/http/orders.ts";
import { postErase, postExport } from "#/http/persons.ts";
import { getProducts } from "#/http/products.ts";
import { getPromotionCodes, postDeactivate, postPromotionCode } from "#/http/promotion-codes.ts";
import { type Route, route } from "#/http/route.ts";
import { deleteSeat, getSeats, postAccept, postLeave, postResend, postSeat } from "#/http/seats.ts";
import { getSlots } from "#/http/slots.ts";
import { postStripeWebhook } from "#/http/stripe-webhook.ts";
import {
  postCancel,
  postEmail,
  postMoveForBuyer,
  postReceipt,
  postRefund,
  postReview,
} from "#/http/support.ts";
import { postEndAccess, postGrant, postMove, postRestoreAccess } from "#/http/support-access.ts";
import { getUnclaimed, postChangePlan, postClaim, postPreviewPlanChange } from "#/http/support-plans.ts";
import {
  deleteEndpoint,
  getDeliveries,
  getDelivery,
  getEndpoints,
  patchEndpoint,
  postEndpoint,
  postResend as postResendDelivery,
  postSecret,
} from "#/http/webhook-endpoints.ts";

/** What may become of a cart, wherever it is sent. */
const CHECKOUT = [
  "already_paid",
  "already_subscribed",
  "payment_processing",
  "sold_out",
  "too_many_requests",
  "stripe_unavailable",
] as const;
/** What Stripe is asked to change, once per key. */
const STRIPE_CHANGE = ["refused_by_stripe", "stripe_unavailable", "idempotency_key_reused"] as const;

/** Each for what is theirs; a server needs the scope. */
const reader = scoped("read", anyCaller);
const buyer = scoped("sell", anyCaller);
const mayDownload = scoped("read", knownCaller("Sign in, or send an API key, to download."));
const maySeeEntitlements = scoped("read", knownCaller("Sign in, or send an API key, to see entitlements."));
const signedIn = scoped("sell", knownCaller("Sign in first."));
/** Operators, and servers with the scope. */
const looksAt = scoped("read", serverOrOperator);
const support = scoped("support", serverOrOperator);
const supportDesk = scoped("support", operator);
const operates = scoped("operator", operator);
const owns = scoped("operator", owner);

/** Everything that can be asked of an engine over HTTP, who may ask it, and how it may fail. */
export const ROUTES: readonly Route[] = [
  route("POST", "/checkout", buyer, postCheckout, ["return_url_not_allowed", ...CHECKOUT]),
  route("POST", "/stripe/webhook", stripe, postStripeWebhook, [
    "invalid_signature",
    "invalid_request",
    "overloaded",
  ]),
  route("GET", "/products", everybody, getProducts, []),
  route("GET", "/orders", reader, getOrders, ["not_found"]),
  route("GET", "/orders/:id", reader, getOrder, ["not_found"]),
  route("POST", "/orders/:id/refund", support, postRefund, [
    "not_found",
    "not_paid",
    "not_refundable",
    "refund_too_large",
    ...STRIPE_CHANGE,
  ]),
  route("POST", "/orders/:id/cancel", support, postCancel, [
    "not_found",
    "no_subscription",
    "plan_ended",
    ...STRIPE_CHANGE,
  ]),
  route("GET", "/orders/:id/booking", reader, getBooking, ["not_found"]),
  route("POST", "/orders/:id/booking/move", buyer, postMoveBooking, [
    "not_found",
    "not_changeable",
    "sold_out",
    "too_many_requests",
    "idempotency_key_reused",
  ]),
  route("POST", "/orders/:id/booking/cancel", buyer, postCancelBooking, [
    "not_found",
    "not_changeable",
    "not_refundable",
    ...STRIPE_CHANGE,
  ]),
  route("POST", "/orders/:id/email", support, postEmail, ["not_found", "idempotency_key_reused"]),
  route("POST", "/orders/:id/resend", support, postReceipt, [
    "not_found",
    "not_paid",
    "idempotency_key_reused",
  ]),
  route("POST", "/orders/:id/review", support, postReview, ["not_found", "idempotency_key_reused"]),
  route("POST", "/orders/:id/change-plan", support, postChangePlan, [
    "not_found",
    "no_subscription",
    "plan_ended",
    "already_subscribed",
    ...STRIPE_CHANGE,
  ]),
  route("POST", "/orders/:id/preview-plan-change", support, postPreviewPlanChange, [
    "not_found",
    "no_subscription",
    "plan_ended",
    "already_subscribed",
    "refused_by_stripe",
    "stripe_unavailable",
  ]),
  route("POST", "/orders/:id/move-booking", support, postMoveForBuyer, [
    "not_found",
    "not_changeable",
    "sold_out",
    "idempotency_key_reused",
  ]),
  route("POST", "/orders/:id/move", support, postMove, ["not_found"]),
  route("POST", "/entitlements", support, postGrant, ["idempotency_key_reused"]),
  route("POST", "/entitlements/:id/end", support, postEndAccess, ["not_found", "idempotency_key_reused"]),
  route("POST", "/entitlements/:id/restore", support, postRestoreAccess, [
    "not_found",
    "sold_out",
    "not_changeable",
    "idempotency_key_reused",
  ]),
  route("GET", "/subscriptions/unclaimed", support, getUnclaimed, []),
  route("POST", "/subscriptions/:id/claim", support, postClaim, [
    "not_found",
    "already_claimed",
    "already_subscribed",
    "plan_ended",
    ...STRIPE_CHANGE,
  ]),
  route("GET", "/desk/orders", looksAt, getDeskOrders, []),
  route("GET", "/desk/orders/:id", looksAt, getDeskOrder, ["not_found"]),
  route("GET", "/desk/sales", looksAt, getSales, []),
  route("POST", "/persons/export", owns, postExport, []),
  route("POST", "/persons/erase", owns, postErase, ["plan_active"]),
  route("GET", "/slots", everybody, getSlots, []),
  route("GET", "/entitlements", maySeeEntitlements, getEntitlements, []),
  route("GET", "/entitlements/explain", looksAt, getExplanation, []),
  route("GET", "/downloads/:entitlementId", mayDownload, getDownload, [
    "not_found",
    "access_ended",
    "access_suspended",
    "download_limit",
    "file_unavailable",
  ]),
  route("GET", "/files/:token", everybody, getFile, [
    "not_found",
    "access_ended",
    "access_suspended",
    "link_invalid",
    "link_expired",
    "invalid_range",
    "file_unavailable",
  ]),
  route("GET", "/cron", cron, runCron, []),
  route("POST", "/cron", cron, runCron, []),
  route("GET", "/health", scoped("read", healthCaller), getHealth, []),
  route("GET", "/metrics", scoped("read", meters), getMetrics, []),
  route("GET", "/plans/:id/seats", reader, getSeats, ["not_found"]),
  route("POST", "/plans/:id/seats", buyer, postSeat, [
    "not_found",
    "plan_ended",
    "no_seat_left",
    "already_invited",
    "too_many_requests",
  ]),
  route("POST", "/plans/:id/seats/:seatId/resend", buyer, postResend, [
    "not_found",
    "plan_ended",
    "too_many_requests",
  ]),
  route("DELETE", "/plans/:id/seats/:seatId", buyer, deleteSeat, ["not_found"]),
  route("POST", "/seats/:seatId/accept", buyer, postAccept, [
    "not_found",
    "invitation_expired",
    "plan_ended",
    "already_subscribed",
    "no_seat_left",
  ]),
  route("POST", "/seats/:seatId/leave", buyer, postLeave, ["not_found"]),
  route("POST", "/billing-portal", signedIn, postBillingPortal, [
    "not_found",
    "no_customer",
    "no_subscription",
    "return_url_not_allowed",
    "stripe_unavailable",
  ]),
  route("GET", "/admin/events", operates, getEvents, []),
  route("POST", "/admin/events/replay", operates, postReplayMany, []),
  route("POST", "/admin/events/:id/replay", operates, postReplay, ["not_found", "stripe_unavailable"]),
  route("POST", "/admin/events/:id/dismiss", operates, postDismiss, ["not_found"]),
  route("GET", "/admin/jobs", operates, getJobs, []),
  route("POST", "/admin/jobs/replay", operates, postReplayJobs, []),
  route("GET", "/admin/orders/:id", scoped("read", operator), getTimeline, ["not_found"]),
  route("POST", "/admin/entitlements/:id/end", supportDesk, postEnd, ["not_found"]),
  route("POST", "/admin/entitlements/:id/restore", supportDesk, postRestore, [
    "not_found",
    "sold_out",
    "not_changeable",
  ]),
  route("POST", "/admin/entitlements/:id/reissue", supportDesk, postReissue, ["not_found"]),
  route("GET", "/admin/slots", operates, getAllSlots, []),
  route("POST", "/admin/slots", operates, postSlot),
  route("PATCH", "/admin/slots/:id", operates, patchSlot, ["not_found", "slot_in_use"]),
  route("DELETE", "/admin/slots/:id", operates, deleteSlot, ["not_found", "slot_in_use"]),
  route("POST", "/admin/slots/:id/reschedule", operates, postReschedule, ["not_found", "slot_in_use"]),
  route("GET", "/admin/slots/:id/attendees", operates, getAttendees, []),
  route("POST", "/admin/slots/:id/message", operates, postMessage, ["not_found", "idempotency_key_reused"]),
  route("POST", "/admin/orders/:id/check-in", operates, postCheckIn, ["not_found"]),
  route("DELETE", "/admin/orders/:id/check-in", operates, deleteCheckIn, ["not_found"]),
  route("GET", "/admin/reconcile", operates, getReconcile, []),
  route("GET", "/admin/audit", operates, getAudit, []),
  route("GET", "/keys", owns, getKeys, []),
  route("POST", "/keys", owns, postKey, ["name_taken"]),
  route("DELETE", "/keys/:id", owns, deleteKey, ["not_found"]),
  route("GET", "/promotion-codes", owns, getPromotionCodes, ["refused_by_stripe", "stripe_unavailable"]),
  route("POST", "/promotion-codes", owns, postPromotionCode, [
    "name_taken",
    "refused_by_stripe",
    "idempotency_key_reused",
  ]),
  route("POST", "/promotion-codes/:id/deactivate", owns, postDeactivate, [
    "not_found",
    "refused_by_stripe",
    "idempotency_key_reused",
  ]),
  route("GET", "/webhook-endpoints", owns, getEndpoints, []),
  route("POST", "/webhook-endpoints", owns, postEndpoint, []),
  route("PATCH", "/webhook-endpoints/:id", owns, patchEndpoint, ["not_found", "endpoint_of_settings"]),
  route("DELETE", "/webhook-endpoints/:id", owns, deleteEndpoint, ["not_found", "endpoint_of_settings"]),
  route("POST", "/webhook-endpoints/:id/secret", owns, postSecret, [
    "not_found",
    "endpoint_of_settings",
    "secret_rotating",
  ]),
  route("GET", "/webhook-endpoints/:id/deliveries", owns, getDeliveries, []),
  route("GET", "/webhook-deliveries/:id", owns, getDelivery, ["not_found"]),
  route("POST", "/webhook-deliveries/:id/resend", owns, postResendDelivery, [
    "not_found",
    "endpoint_disabled",
  ]),
];
