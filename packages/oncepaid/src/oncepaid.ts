import { cancelSlot } from "#/bookings/cancel.ts";
import { changeSlot } from "#/bookings/change.ts";
import { createSlot, listSlots, type NewSlot, type SlotChange } from "#/bookings/manage.ts";
import { upcomingSlots } from "#/bookings/slots.ts";
import type { Caller } from "#/caller.ts";
import { catalogOf } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import { type CheckoutInput, checkOut } from "#/checkout/check-out.ts";
import { viewReturnedOrder } from "#/checkout/returned.ts";
import { downloadsOf, giveLink } from "#/downloads/downloads.ts";
import { type AppQueues, closeEngine, createEngine, type Engine } from "#/engine.ts";
import { hooksOf } from "#/hooks/hooks.ts";
import { apiOf } from "#/http/app.ts";
import { createLog } from "#/log.ts";
import { checkHealth } from "#/operations/health.ts";
import { migrate } from "#/operations/migrate.ts";
import { type OncepaidOptions, settingsOf } from "#/options.ts";
import { listJobs, replayJobs } from "#/outbox/given-up.ts";
import { openBillingPortal } from "#/plans/billing-portal.ts";
import { acceptSeat, invitationOf, leaveSeat } from "#/plans/membership.ts";
import { invite, listSeats, removeSeat, resendInvitation } from "#/plans/seats.ts";
import { offers } from "#/prices/offers.ts";
import { planPush } from "#/prices/plan-push.ts";
import { push } from "#/prices/push.ts";
import { entitlementsOf } from "#/purchases/entitlements.ts";
import { explainAccess, explainEntitlement } from "#/purchases/explain.ts";
import { has } from "#/purchases/has.ts";
import { listOrders, type OrderFilter } from "#/purchases/list-orders.ts";
import { type Move, moveOrders } from "#/purchases/move.ts";
import { viewOrder } from "#/purchases/orders.ts";
import { rule } from "#/purchases/rulings.ts";
import { timelineOf } from "#/purchases/timeline.ts";
import { type ReconcileOptions, reconcile } from "#/recovery/reconcile/reconcile.ts";
import { dismissEvent, listEvents, replayEvent } from "#/webhooks/inbox.ts";
import { receive } from "#/webhooks/receive.ts";
import { workAfterAnswer, workOnce } from "#/work/round.ts";
import { startWorker } from "#/work/worker.ts";

/** The app itself asks, so nothing is kept from it. */
const APP: Caller = { kind: "server" };
const BASE_PATH = "/api/oncepaid";

/** Under this name an engine's inside is found by the commands, whichever copy of this package made it. */
export const ENGINE = Symbol.for("oncepaid.engine");

export type Oncepaid<P extends Product = Product> = ReturnType<typeof createOncepaid<P>>;

/**
 * Orders, webhooks, access and recovery around Stripe Checkout, inside an app.
 *
 * Opens nothing and throws nothing for what is missing: the database and Stripe are connected at their first use, which says
 * what is missing by name.
 *
 * @example
 * export const oncepaid = createOncepaid({
 *   database: process.env.DATABASE_URL,
 *   stripe: { secretKey: process.env.STRIPE_SECRET_KEY, webhookSecret: process.env.STRIPE_WEBHOOK_SECRET },
 *   appUrl: process.env.APP_URL,
 *   products: [plan({ key: "pro", name: "Pro", price: { amount: 2900, currency: "usd", interval: "month" } })],
 *   identify: async (request) => userOf(request),
 * });
 */
export function createOncepaid<const P extends Product>(options: OncepaidOptions<P>) {
  const engine = engineOf(options);
  const api = apiOf(engine, options.basePath ?? BASE_PATH);
  type Key = P["key"];
  return {
    /** @internal For the commands. */
    [ENGINE]: engine,
    /** Answers the requests under `basePath`: checkout, webhook, orders, downloads. Web standard, for any host. */
    handle: async (request: Request): Promise<Response> => api.fetch(request),
    /** One delivery of Stripe's: the raw bytes and the `stripe-signature` header. Anything but `ok` is to be sent again. */
    receive: (body: Uint8Array, signature: string | undefined) =>
      receive(engine, Buffer.from(body.buffer, body.byteOffset, body.byteLength), signature),
    /** Makes or finds the order of a cart and the page it can be paid on. Safe to call again, any number of times at once. */
    checkout: (input: CheckoutInput<Key>) => checkOut(engine, input),
    /** Whether a user may use a product now: one indexed query. */
    has: (userId: string, productKey: Key) => has(engine, userId, productKey),
    /** What a user has, ended ones included. */
    entitlements: (userId: string) => entitlementsOf(engine, userId),
    /** Why, or why not: the orders, refunds, disputes and seats that decide it. */
    explain: (userId: string, productKey: Key) => explainAccess(engine, userId, productKey),
    explainEntitlement: (entitlementId: string) => explainEntitlement(engine, entitlementId),
    order: (orderId: string) => viewOrder(engine, orderId, APP),
    /** The order of the session a buyer came back with; while it is pending Stripe is asked. */
    returned: (sessionId: string, userId: string) =>
      viewReturnedOrder(engine, sessionId, { kind: "user", userId, email: null, isOperator: false }),
    /** Newest first; `next` of one page is `after` of the following one. */
    orders: (filter: OrderFilter = {}) => listOrders(engine, filter),
    timeline: (orderId: string) => timelineOf(engine, orderId),
    /** What is for sale, with prices as Stripe has them. */
    products: ({ currency }: { currency?: string } = {}) => offers(engine, currency),
    /** A link to a file that works for five minutes, and counts; the file's key where there are several. */
    download: async (entitlementId: string, file?: string) => {
      const given = await giveLink(engine, entitlementId, file, APP);
      const base = `${engine.settings.appUrl}${options.basePath ?? BASE_PATH}`;
      return given.ok ? { ok: true as const, url: `${base}/files/${given.token}` } : given;
    },
    /** The files of one entitlement, with how often each may still be downloaded. */
    downloads: (entitlement: { id: string; productKey: string; quantity: number }) =>
      downloadsOf(engine, entitlement),
    /** Stripe's page on which a customer changes cards, seats and the end of a subscription. */
    portal: ({ userId, entitlementId }: { userId: string; entitlementId?: string }) =>
      openBillingPortal(engine, userId, entitlementId),
    /** Everything of an account, or one order, becomes another's: call it once an address is verified. Tells how many orders. */
    move: (move: Move) => moveOrders(engine, move),
    /** Ends the access an order gives, whatever Stripe says of it later; `by` stands in the timeline. */
    end: (entitlementId: string, { by }: { by: string }) => rule(engine, entitlementId, "ended", by),
    /** Takes that back. */
    restore: (entitlementId: string, { by }: { by: string }) => rule(engine, entitlementId, "restored", by),
    slots: {
      upcoming: (productKey: Key) => upcomingSlots(engine, productKey),
      list: () => listSlots(engine),
      create: (slot: NewSlot, { by }: { by: string }) => createSlot(engine, slot, by),
      change: (id: string, change: SlotChange, { by }: { by: string }) => changeSlot(engine, id, change, by),
      /** With `refund` everybody who booked gets the money back. */
      cancel: (id: string, { refund, by }: { refund: boolean; by: string }) =>
        cancelSlot(engine, id, refund, by),
    },
    seats: {
      list: (entitlementId: string) => listSeats(engine, entitlementId, APP),
      invite: (entitlementId: string, email: string, { locale = "en" }: { locale?: string } = {}) =>
        invite(engine, entitlementId, email, APP, locale),
      resend: (entitlementId: string, seatId: string, { locale = "en" }: { locale?: string } = {}) =>
        resendInvitation(engine, entitlementId, seatId, APP, locale),
      remove: (entitlementId: string, seatId: string) => removeSeat(engine, entitlementId, seatId, APP),
      invitation: (seatId: string) => invitationOf(engine, seatId),
      /** By a user whose address the app has verified. */
      accept: (seatId: string, { userId, email }: { userId: string; email: string }) =>
        acceptSeat(engine, seatId, { kind: "user", userId, email: email.toLowerCase(), isOperator: false }),
      leave: (seatId: string, { userId }: { userId: string }) =>
        leaveSeat(engine, seatId, { kind: "user", userId, email: null, isOperator: false }),
    },
    events: {
      list: (outcome: "failed" | "quarantined") => listEvents(engine, outcome),
      replay: (id: string) => replayEvent(engine, id),
      dismiss: (id: string, { by }: { by: string }) => dismissEvent(engine, id, by),
    },
    /** Work that was given up, and what waits. */
    jobs: {
      list: () => listJobs(engine),
      replay: (ids?: string[]) => replayJobs(engine, ids),
    },
    health: () => checkHealth(engine),
    /** Compares what is here with what Stripe says, and sets right what was missed. */
    reconcile: (asked: ReconcileOptions = {}) => reconcile(engine, asked),
    /** Makes or brings up to date the two schemas of the engine, and touches nothing else. */
    migrate: () => migrate(engine.settings, Object.keys(engine.queues.work)),
    /** Makes the prices of the catalog's amounts at Stripe; with `dryRun` only says what would be done. Safe to repeat. */
    push: ({ dryRun = false }: { dryRun?: boolean } = {}) => (dryRun ? planPush(engine) : push(engine)),
    /** Does queued and scheduled work in this process until `stop` is called. Any number of processes share it. */
    work: () => startWorker(engine),
    /** One bounded round of everything that is due, for a host that has only a cron. */
    sweep: () => workOnce(engine),
    /** Does the work that requests of this process have left, where no worker runs in it: `oncepaid/next` calls it. */
    workAfterAnswer: () => workAfterAnswer(engine),
    /** Ends the connections that were opened here. */
    close: () => closeEngine(engine),
  };
}

const NO_QUEUES: AppQueues = { after: () => [], work: {}, sweeps: [] };

function engineOf(options: OncepaidOptions<Product>): Engine {
  return createEngine({
    settings: settingsOf(options),
    catalog: catalogOf(options.products),
    accounts: {
      guests: options.guests ?? true,
      identify: async (headers) => {
        const user = await options.identify(new Request(options.appUrl ?? "http://localhost", { headers }));
        if (!user) return null;
        const email = user.email?.trim().toLowerCase() ?? null;
        return {
          userId: user.userId,
          email: user.emailVerified ? email : null,
          prefill: email,
          operator: user.operator ?? false,
        };
      },
    },
    queues: { ...NO_QUEUES, ...options.queues },
    hooks: hooksOf(options),
    log: options.log ?? createLog("warn"),
  });
}
