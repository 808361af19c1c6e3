import {
  anyCaller,
  cron,
  everybody,
  healthCaller,
  knownCaller,
  meters,
  operator,
  serverOrOperator,
  stripe,
} from "#/http/access.ts";
import { postEnd, postReissue, postRestore } from "#/http/admin-entitlements.ts";
import { getEvents, postDismiss, postReplay, postReplayMany } from "#/http/admin-events.ts";
import { getJobs, postReplayJobs } from "#/http/admin-jobs.ts";
import { getTimeline } from "#/http/admin-orders.ts";
import { getReconcile } from "#/http/admin-reconcile.ts";
import { deleteSlot, getAllSlots, patchSlot, postSlot } from "#/http/admin-slots.ts";
import { postBillingPortal } from "#/http/billing-portal.ts";
import { postCheckout } from "#/http/checkout.ts";
import { runCron } from "#/http/cron.ts";
import { getDownload, getFile } from "#/http/downloads.ts";
import { getEntitlements, getExplanation } from "#/http/entitlements.ts";
import { getHealth } from "#/http/health.ts";
import { getMetrics } from "#/http/metrics.ts";
import { getOrder, getOrderOfSession } from "#/http/orders.ts";
import { type Route, route } from "#/http/route.ts";
import { deleteSeat, getSeats, postAccept, postLeave, postResend, postSeat } from "#/http/seats.ts";
import { getSlots } from "#/http/slots.ts";
import { postStripeWebhook } from "#/http/stripe-webhook.ts";
import { postCancel, postEmail, postReceipt, postRefund } from "#/http/support.ts";
import { postEndAccess, postGrant, postMove, postRestoreAccess } from "#/http/support-access.ts";
import { getUnclaimed, postChangePlan, postClaim } from "#/http/support-plans.ts";

const mayDownload = knownCaller("Sign in, or send an API key, to download.");
const maySeeEntitlements = knownCaller("Sign in, or send an API key, to see entitlements.");
const signedIn = knownCaller("Sign in first.");

/** Everything that can be asked of an engine over HTTP, and who may ask it. */
export const ROUTES: readonly Route[] = [
  route("POST", "/checkout", anyCaller, postCheckout),
  route("POST", "/stripe/webhook", stripe, postStripeWebhook),
  route("GET", "/orders", anyCaller, getOrderOfSession),
  route("GET", "/orders/:id", anyCaller, getOrder),
  route("POST", "/orders/:id/refund", serverOrOperator, postRefund),
  route("POST", "/orders/:id/cancel", serverOrOperator, postCancel),
  route("POST", "/orders/:id/email", serverOrOperator, postEmail),
  route("POST", "/orders/:id/resend", serverOrOperator, postReceipt),
  route("POST", "/orders/:id/change-plan", serverOrOperator, postChangePlan),
  route("POST", "/orders/:id/move", serverOrOperator, postMove),
  route("POST", "/entitlements", serverOrOperator, postGrant),
  route("POST", "/entitlements/:id/end", serverOrOperator, postEndAccess),
  route("POST", "/entitlements/:id/restore", serverOrOperator, postRestoreAccess),
  route("GET", "/subscriptions/unclaimed", serverOrOperator, getUnclaimed),
  route("POST", "/subscriptions/:id/claim", serverOrOperator, postClaim),
  route("GET", "/slots", everybody, getSlots),
  route("GET", "/entitlements", maySeeEntitlements, getEntitlements),
  route("GET", "/entitlements/explain", serverOrOperator, getExplanation),
  route("GET", "/downloads/:entitlementId", mayDownload, getDownload),
  route("GET", "/files/:token", everybody, getFile),
  route("GET", "/cron", cron, runCron),
  route("POST", "/cron", cron, runCron),
  route("GET", "/health", healthCaller, getHealth),
  route("GET", "/metrics", meters, getMetrics),
  route("GET", "/plans/:id/seats", anyCaller, getSeats),
  route("POST", "/plans/:id/seats", anyCaller, postSeat),
  route("POST", "/plans/:id/seats/:seatId/resend", anyCaller, postResend),
  route("DELETE", "/plans/:id/seats/:seatId", anyCaller, deleteSeat),
  route("POST", "/seats/:seatId/accept", anyCaller, postAccept),
  route("POST", "/seats/:seatId/leave", anyCaller, postLeave),
  route("POST", "/billing-portal", signedIn, postBillingPortal),
  route("GET", "/admin/events", operator, getEvents),
  route("POST", "/admin/events/replay", operator, postReplayMany),
  route("POST", "/admin/events/:id/replay", operator, postReplay),
  route("POST", "/admin/events/:id/dismiss", operator, postDismiss),
  route("GET", "/admin/jobs", operator, getJobs),
  route("POST", "/admin/jobs/replay", operator, postReplayJobs),
  route("GET", "/admin/orders/:id", operator, getTimeline),
  route("POST", "/admin/entitlements/:id/end", operator, postEnd),
  route("POST", "/admin/entitlements/:id/restore", operator, postRestore),
  route("POST", "/admin/entitlements/:id/reissue", operator, postReissue),
  route("GET", "/admin/slots", operator, getAllSlots),
  route("POST", "/admin/slots", operator, postSlot),
  route("PATCH", "/admin/slots/:id", operator, patchSlot),
  route("DELETE", "/admin/slots/:id", operator, deleteSlot),
  route("GET", "/admin/reconcile", operator, getReconcile),
];
