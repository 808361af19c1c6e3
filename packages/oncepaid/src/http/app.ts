import { Hono } from "hono";
import { isUnkeepableText } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { failure } from "#/failure.ts";
import { getEvents, getTimeline, postDismiss, postReplay, postReplayMany } from "#/http/admin.ts";
import { postEnd, postReissue, postRestore } from "#/http/admin-entitlements.ts";
import { getJobs, postReplayJobs } from "#/http/admin-jobs.ts";
import { getReconcile } from "#/http/admin-reconcile.ts";
import { deleteSlot, getAllSlots, patchSlot, postSlot } from "#/http/admin-slots.ts";
import { answerFailure } from "#/http/answer.ts";
import { postBillingPortal } from "#/http/billing-portal.ts";
import { limitBody } from "#/http/body-limit.ts";
import { postCheckout } from "#/http/checkout.ts";
import type { HttpEnv } from "#/http/context.ts";
import { getDownload, getFile } from "#/http/downloads.ts";
import { getEntitlements, getExplanation } from "#/http/entitlements.ts";
import { getHealth } from "#/http/health.ts";
import { getMetrics } from "#/http/metrics.ts";
import { getOrder, getOrderOfSession } from "#/http/orders.ts";
import { deleteSeat, getSeats, postAccept, postLeave, postResend, postSeat } from "#/http/seats.ts";
import { getSlots } from "#/http/slots.ts";
import { postStripeWebhook } from "#/http/stripe-webhook.ts";

/** The HTTP side of an engine, under `basePath`; the routes of `own` come first, for what an app adds or answers otherwise. */
export function apiOf(engine: Engine, basePath: string, own?: Hono<HttpEnv>): Hono<HttpEnv> {
  const api = new Hono<HttpEnv>().basePath(basePath);
  api.use((c, next) => {
    c.set("engine", engine);
    return next();
  });
  if (own) api.route("/", own);

  api.post("/checkout", limitBody, postCheckout);
  api.post("/stripe/webhook", limitBody, postStripeWebhook);
  api.get("/orders", getOrderOfSession);
  api.get("/orders/:id", getOrder);
  api.get("/slots", getSlots);
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
    engine.log.error({ err: error, method: c.req.method, path: c.req.path }, "request failed");
    return answerFailure(
      c,
      failure("internal", "Something went wrong on our side; it is safe to try again."),
    );
  });
  return api;
}
