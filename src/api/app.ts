import { Hono } from "hono";
import { getEvents, getTimeline, postDismiss, postReplay, postReplayMany } from "#/api/admin.ts";
import { postEnd, postReissue, postRestore } from "#/api/admin-entitlements.ts";
import { getJobs, postReplayJobs } from "#/api/admin-jobs.ts";
import { getReconcile } from "#/api/admin-reconcile.ts";
import { deleteSlot, getAllSlots, patchSlot, postSlot } from "#/api/admin-slots.ts";
import { answerFailure } from "#/api/answer.ts";
import { postBillingPortal } from "#/api/billing-portal.ts";
import { limitBody } from "#/api/body-limit.ts";
import { getCalendar } from "#/api/bookings.ts";
import { postCheckout } from "#/api/checkout.ts";
import { getDownload, getFile } from "#/api/downloads.ts";
import { getEntitlements, getExplanation } from "#/api/entitlements.ts";
import { getHealth } from "#/api/health.ts";
import { getMetrics } from "#/api/metrics.ts";
import { getOrder, getOrderOfSession } from "#/api/orders.ts";
import { deleteSeat, getSeats, postAccept, postLeave, postResend, postSeat } from "#/api/seats.ts";
import { getMe, getSession, postSignIn, postSignInCode, postSignOut, postVisitor } from "#/api/sign-in.ts";
import { getSlots } from "#/api/slots.ts";
import { postStripeWebhook } from "#/api/stripe-webhook.ts";
import { isUnkeepableText } from "#/db.ts";
import { failure } from "#/errors.ts";
import { log } from "#/log.ts";

/** The table of routes. */
export const api = new Hono().basePath("/api");

api.post("/checkout", limitBody, postCheckout);
api.post("/stripe/webhook", limitBody, postStripeWebhook);
api.get("/orders", getOrderOfSession);
api.get("/orders/:id", getOrder);
api.get("/slots", getSlots);
api.get("/bookings/:file{.+\\.ics}", getCalendar);
api.get("/entitlements", getEntitlements);
api.get("/entitlements/explain", getExplanation);
api.get("/downloads/:entitlementId", getDownload);
api.get("/files/:token", getFile);
api.get("/health", getHealth);
api.get("/metrics", getMetrics);
api.get("/plans/:id/seats", getSeats);
api.post("/plans/:id/seats", limitBody, postSeat);
api.post("/plans/:id/seats/:seatId/resend", limitBody, postResend);
api.delete("/plans/:id/seats/:seatId", limitBody, deleteSeat);
api.post("/seats/:seatId/accept", limitBody, postAccept);
api.post("/seats/:seatId/leave", limitBody, postLeave);
api.post("/billing-portal", limitBody, postBillingPortal);
api.get("/me", getMe);
api.post("/auth/email-otp/send-verification-otp", limitBody, postSignInCode);
api.post("/auth/sign-in/email-otp", limitBody, postSignIn);
api.post("/auth/sign-out", limitBody, postSignOut);
api.post("/auth/sign-in/anonymous", limitBody, postVisitor);
api.get("/auth/get-session", getSession);
api.get("/admin/events", getEvents);
api.post("/admin/events/replay", limitBody, postReplayMany);
api.post("/admin/events/:id/replay", limitBody, postReplay);
api.post("/admin/events/:id/dismiss", limitBody, postDismiss);
api.get("/admin/jobs", getJobs);
api.post("/admin/jobs/replay", limitBody, postReplayJobs);
api.get("/admin/orders/:id", getTimeline);
api.post("/admin/entitlements/:id/end", limitBody, postEnd);
api.post("/admin/entitlements/:id/restore", limitBody, postRestore);
api.post("/admin/entitlements/:id/reissue", limitBody, postReissue);
api.get("/admin/slots", getAllSlots);
api.post("/admin/slots", limitBody, postSlot);
api.patch("/admin/slots/:id", limitBody, patchSlot);
api.delete("/admin/slots/:id", limitBody, deleteSlot);
api.get("/admin/reconcile", getReconcile);

api.notFound((c) => answerFailure(c, failure("not_found", `There is no ${c.req.method} ${c.req.path}.`)));
api.onError((error, c) => {
  if (isUnkeepableText(error)) {
    return answerFailure(c, failure("invalid_request", "The request has a NUL character in it."));
  }
  log().error({ err: error, method: c.req.method, path: c.req.path }, "request failed");
  return answerFailure(c, failure("internal", "Something went wrong on our side; it is safe to try again."));
});
