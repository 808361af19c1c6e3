import { cancelSlot } from "#/bookings/cancel.ts";
import { changeSlot } from "#/bookings/change.ts";
import { createSlot, listSlots, type NewSlot, type SlotChange } from "#/bookings/manage.ts";
import { upcomingSlots } from "#/bookings/slots.ts";
import type { Caller } from "#/caller.ts";
import { catalogOf } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import { type CheckoutInput, checkOut } from "#/checkout/check-out.ts";
import { embeddedCheckout, stripeScript } from "#/checkout/embedded.ts";
import { viewReturnedOrder } from "#/checkout/returned.ts";
import { type DeskFilter, deskOrder, deskOrders } from "#/desk/orders.ts";
import { sales } from "#/desk/sales.ts";
import { downloadsOf, giveLink } from "#/downloads/downloads.ts";
import { type Accounts, type AppJob, closeEngine, createEngine, type Engine } from "#/engine.ts";
import { hooksOf } from "#/hooks/hooks.ts";
import { apiOf } from "#/http/app.ts";
import { identify as callerOf } from "#/http/caller.ts";
import type { Host } from "#/http/context.ts";
import { guestOf } from "#/http/guest.ts";
import { createLog } from "#/log.ts";
import { checkHealth } from "#/operations/health.ts";
import { migrate } from "#/operations/migrate.ts";
import { type OncepaidOptions, settingsOf } from "#/options.ts";
import { listJobs, replayJobs } from "#/outbox/given-up.ts";
import { enqueue } from "#/outbox/jobs.ts";
import { openBillingPortal } from "#/plans/billing-portal.ts";
import { acceptSeat, invitationOf, leaveSeat } from "#/plans/membership.ts";
import { invite, listSeats, removeSeat, resendInvitation } from "#/plans/seats.ts";
import { offers } from "#/prices/offers.ts";
import { planPush } from "#/prices/plan-push.ts";
import { push } from "#/prices/push.ts";
import { aboutOrder } from "#/purchases/about.ts";
import { entitlementsOf } from "#/purchases/entitlements.ts";
import { explainAccess, explainEntitlement } from "#/purchases/explain.ts";
import { featuresOf } from "#/purchases/features.ts";
import { has } from "#/purchases/has.ts";
import { listOrders, type OrderFilter } from "#/purchases/list-orders.ts";
import { hasMovedOrders, type Move, moveOrders } from "#/purchases/move.ts";
import { maskedEmailOf, paidOrdersOf, viewOrder } from "#/purchases/orders.ts";
import { ownersAmong, ownershipOf, ownershipsUnder } from "#/purchases/owners.ts";
import { rule } from "#/purchases/rulings.ts";
import { timelineOf } from "#/purchases/timeline.ts";
import { type ReconcileOptions, reconcile } from "#/recovery/reconcile/reconcile.ts";
import type { Asking } from "#/support/action.ts";
import { type CancelRequest, cancel } from "#/support/cancel.ts";
import { correct } from "#/support/correct.ts";
import { type RefundRequest, refund } from "#/support/refund.ts";
import { resend } from "#/support/resend.ts";
import { dismissEvent, listEvents, replayEvent } from "#/webhooks/inbox.ts";
import { receive } from "#/webhooks/receive.ts";
import { workAfterAnswer, workOnce } from "#/work/round.ts";
import { startWorker } from "#/work/worker.ts";

/** The app itself asks, so nothing is kept from it. */
const APP: Caller = { kind: "server" };

/** Under this name an engine's inside is found by the commands, whichever copy of this package made it. */
const ENGINE = Symbol.for("oncepaid.engine");

export type Oncepaid<P extends Product = Product> = ReturnType<typeof createOncepaid<P>>;

/** What `createOncepaid` returned, whatever is sold by it. */
export type AnyOncepaid = { readonly [ENGINE]: object };

/** @internal The inside of an engine, for what belongs to it and lies in other entries of this package. */
export function engineIn(oncepaid: AnyOncepaid): Engine {
  const inside = oncepaid[ENGINE];
  if (isEngine(inside)) return inside;
  throw new TypeError("This is nothing that createOncepaid has returned.");
}

function isEngine(inside: object): inside is Engine {
  return "settings" in inside && "catalog" in inside && "shared" in inside;
}

/** @internal */
export function isOncepaid(value: unknown): value is AnyOncepaid {
  return typeof value === "object" && value !== null && ENGINE in value;
}

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
  const api = apiOf(engine, engine.settings.basePath);
  const inside: object = engine;
  type Key = P["key"];
  return {
    /** @internal For the commands. */
    [ENGINE]: inside,
    /**
     * Answers the requests under `basePath`: checkout, webhook, orders, downloads. Web standard, for any host. `host` is what the
     * host knows beside the request.
     */
    handle: async (request: Request, host: Host = {}): Promise<Response> => api.fetch(request, host),
    /** One delivery of Stripe's: the raw bytes and the `stripe-signature` header. Anything but `ok` is to be sent again. */
    receive: (body: Uint8Array, signature: string | undefined) =>
      receive(engine, Buffer.from(body.buffer, body.byteOffset, body.byteLength), signature),
    /** Makes or finds the order of a cart and the page it can be paid on. Safe to call again, any number of times at once. */
    checkout: (input: CheckoutInput<Key>) => checkOut(engine, input),
    /** Whether a user may use a product now: one indexed query. */
    has: (userId: string, productKey: Key) => has(engine, userId, productKey),
    /** What a user has, ended ones included. */
    entitlements: (userId: string) => entitlementsOf(engine, userId),
    /**
     * What a user may use now, by the names that the products give it (`features`).
     *
     * @example
     * const features = await oncepaid.features(userId);
     * if (!features.includes("export")) return upgrade();
     */
    features: (userId: string) => featuresOf(engine, userId),
    /** Why, or why not: the orders, refunds, disputes and seats that decide it. */
    explain: (userId: string, productKey: Key) => explainAccess(engine, userId, productKey),
    explainEntitlement: (entitlementId: string) => explainEntitlement(engine, entitlementId),
    /**
     * Who sent a request: a user of the app's, a guest, a server with an API key, or nobody. A wrong key is a failure.
     *
     * @example
     * const caller = await oncepaid.caller(await headers());
     * const order = "ok" in caller ? undefined : await oncepaid.order(orderId, { as: caller });
     */
    caller: (headers: Headers) => callerOf(engine, headers),
    /**
     * The guest whose browser sent a request, null where it isn't one's: a user id to show what was bought, and to move it by.
     *
     * @example
     * const visitor = await oncepaid.visitor(request);
     * if (visitor) await oncepaid.move({ from: visitor, to: user.id }); // after sign-in
     */
    visitor: async ({ headers }: Pick<Request, "headers">) => (await guestOf(engine, headers)) ?? null,
    /** With `as`, what `caller` answered, an order that isn't theirs doesn't exist. */
    order: (orderId: string, { as = APP }: { as?: Caller } = {}) => viewOrder(engine, orderId, as),
    /** The order of the session a buyer came back with, by id or as `caller` knows them; while it is pending Stripe is asked. */
    returned: (sessionId: string, buyer: string | Caller) =>
      viewReturnedOrder(
        engine,
        sessionId,
        typeof buyer === "string" ? { kind: "user", userId: buyer, email: null, isOperator: false } : buyer,
      ),
    /**
     * The open payment page of an order, to be shown within the app's own (`ui: "embedded_page"`).
     *
     * @example
     * const page = await oncepaid.embedded(orderId, { as: caller });
     * if (page?.state === "open") mountStripe(page.scriptUrl, page.publishableKey, page.clientSecret);
     */
    embedded: (orderId: string, { as = APP }: { as?: Caller } = {}) => embeddedCheckout(engine, orderId, as),
    /** Where that page's script comes from, for a content security policy. */
    stripeScript: () => stripeScript(engine),
    /**
     * An order as whoever writes to its buyer needs it: address, payments, refunds, disputes, the booked date.
     *
     * @example
     * "order.refunded": async ({ orderId, refundId }) => {
     *   const order = await oncepaid.about(orderId);
     *   const refund = order?.refunds.find(({ id }) => id === refundId);
     *   if (order?.email && refund && !refund.failed) await mailRefund(order.email, refund.amount, order.currency);
     * }
     */
    about: (orderId: string) => aboutOrder(engine, orderId),
    /** The address an order's mail goes to as a page may show it, `a…@e….com`; null while none is known. */
    maskedEmail: (orderId: string) => maskedEmailOf(engine, orderId),
    /** Newest first; `next` of one page is `after` of the following one. */
    orders: (filter: OrderFilter = {}) => listOrders(engine, filter),
    /** For those who serve buyers. */
    desk: {
      /**
       * Found by an address or how it begins, words of a name, an order's number, or any id of Stripe's.
       *
       * @example
       * const { orders, next } = await oncepaid.desk.orders({ search: "ada@example.com", status: "FULFILLED" });
       */
      orders: (filter: DeskFilter = {}) => deskOrders(engine, filter),
      order: (orderId: string) => deskOrder(engine, orderId),
      /** What was sold on each of the last days (30), by currency. */
      sales: (period: { days?: number } = {}) => sales(engine, period),
    },
    /** What a user has paid for, whatever became of it since: the newest hundred. */
    paidOrders: (userId: string) => paidOrdersOf(engine, userId, APP),
    timeline: (orderId: string) => timelineOf(engine, orderId),
    /** What is for sale, with prices as Stripe has them. */
    products: ({ currency }: { currency?: string | undefined } = {}) =>
      offers(engine, options.products, currency),
    /** A link to a file that works for five minutes, and counts; the file's key where there are several. */
    download: async (entitlementId: string, file?: string) => {
      const given = await giveLink(engine, entitlementId, file, APP);
      const { appUrl, basePath } = engine.settings;
      return given.ok ? { ok: true as const, url: `${appUrl}${basePath}/files/${given.token}` } : given;
    },
    /** The files of one entitlement, with how often each may still be downloaded. */
    downloads: (entitlement: { id: string; productKey: string; quantity: number }) =>
      downloadsOf(engine, entitlement),
    /** Stripe's page on which a customer changes cards, seats and the end of a subscription. */
    portal: ({ userId, entitlementId }: { userId: string; entitlementId?: string }) =>
      openBillingPortal(engine, userId, entitlementId),
    /** Everything of an account, or one order, becomes another's: call it once an address is verified. Tells how many orders. */
    move: (move: Move) => moveOrders(engine, move),
    /**
     * Whose purchases are, for an app that decides what is to move.
     *
     * @example
     * for (const { orderId, userId } of await oncepaid.owners.under("ada@example.com")) {
     *   if (await isAnonymous(userId)) await oncepaid.move({ from: userId, to: "ada", orderId });
     * }
     */
    owners: {
      /** Of one order, once it is paid. */
      of: (orderId: string) => ownershipOf(engine, orderId),
      /** Of everything that was paid under an address. */
      under: (email: string) => ownershipsUnder(engine, email.toLowerCase()),
      /** Which of these users have an order, an entitlement or a seat. */
      among: (userIds: readonly string[]) => ownersAmong(engine, userIds),
      /** Whether anything of this user's was moved to another. */
      hasMoved: (userId: string) => hasMovedOrders(engine, userId),
    },
    /**
     * Gives money back, an amount in minor units or everything that is left; of a plan, from its newest payment. Without `key` each
     * call is another refund. What it means for the order is told by Stripe's events, as `order.refunded`.
     *
     * @example
     * const refunded = await oncepaid.refund(orderId, { amount: 500, reason: "requested_by_customer", by: staff.email });
     * if (!refunded.ok) show(refunded.error);
     */
    refund: (orderId: string, request: RefundRequest) => refund(engine, orderId, request),
    /**
     * Ends the plan of an order, now or when what was paid for is over. Its end is told by Stripe's events, as `order.canceled`.
     *
     * @example
     * await oncepaid.cancel(orderId, { when: "period_end", by: staff.email });
     */
    cancel: (orderId: string, request: CancelRequest) => cancel(engine, orderId, request),
    /**
     * Corrects the address an order's mail goes to. It gives nobody access: that is `move`.
     *
     * @example
     * await oncepaid.correct(orderId, { email: "ada@example.com", by: staff.email });
     * await oncepaid.resend(orderId, { by: staff.email });
     */
    correct: (orderId: string, { email, ...asking }: Asking & { email: string }) =>
      correct(engine, orderId, { ...asking, email: email.trim().toLowerCase() }),
    /**
     * Sends a receipt again: the app is told `receipt.wanted`, with a new key each time, and writes the mail.
     *
     * @example
     * after: { "receipt.wanted": async ({ order }, { key }) => sendReceipt(order, key) }
     * await oncepaid.resend(orderId, { by: staff.email });
     */
    resend: (orderId: string, asking: Asking) => resend(engine, orderId, asking),
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
      /**
       * Writes jobs for queues of the app's own (the option `queues`).
       *
       * @example
       * await oncepaid.jobs.add([{ queue: "mail", key: `code:${id}`, data: { email } }]);
       */
      add: (jobs: readonly AppJob[]) => enqueue(engine, engine.database, jobs),
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

function engineOf(options: OncepaidOptions<Product>): Engine {
  return createEngine({
    settings: settingsOf(options),
    catalog: catalogOf(options.products),
    accounts: accountsOf(options),
    queues: { after: () => [], work: {}, sweeps: [], ...options.queues },
    hooks: hooksOf(options),
    log: options.log ?? createLog("warn"),
  });
}

function accountsOf({ identify, newcomer, guests = true, appUrl }: OncepaidOptions<Product>): Accounts {
  const asked = (headers: Headers) => new Request(appUrl ?? "http://localhost", { headers });
  return {
    guests,
    ...(newcomer && { newcomer: async (headers) => newcomer(asked(headers)) }),
    identify: async (headers) => {
      const user = await identify(asked(headers));
      if (!user) return null;
      const email = user.email?.trim().toLowerCase() ?? null;
      return {
        userId: user.userId,
        email: user.emailVerified ? email : null,
        prefill: email,
        operator: user.operator ?? false,
      };
    },
  };
}
