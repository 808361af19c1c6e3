import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routesWith } from "../../../packages/oncepaid/src/http/app.ts";
import { ROUTES as ENGINE_ROUTES } from "../../../packages/oncepaid/src/http/routes.ts";
import { API_KEY, startApi, type TestApi } from "../../../test/support/api.ts";
import { type Browser, browserOf } from "../../../test/support/browser-of.ts";
import { runFolder } from "../../../test/support/database.ts";
import { completed, event, type Payment, subscriptionObject } from "../../../test/support/events.ts";

/**
 * Who may ask what: every route of app.ts, asked by everybody, about things of the owner. A route without a row here fails
 * the test.
 *
 * - nobody: no cookie, no key
 * - visitor: bought something of their own without signing in
 * - other: signed in, bought something of their own
 * - owner: signed in; the order, the plan and the download are theirs
 * - member: signed in, has a seat of the owner's plan
 * - admin: signed in with an admin's address
 * - server: an API key of the settings, which opens everything
 * - scope: what a key that was made needs; `-` where keys aren't looked at
 *
 * 404 is also what everybody gets who may not know that a thing exists; 400 and 409 mean that who asked may, and
 * asked for something that doesn't work.
 */
const MATRIX = `
route                                                    nobody visitor other owner member admin server scope
POST   /api/checkout                                     200    200     200   200   200    200   200    sell
POST   /api/stripe/webhook                               400    400     400   400   400    400   400    -
GET    /api/products                                     200    200     200   200   200    200   200    -
GET    /api/orders                                       404    404     404   200   404    200   200    read
GET    /api/orders/:id                                   404    404     404   200   404    200   200    read
POST   /api/orders/:id/refund                            401    403     403   403   403    200   200    support
POST   /api/orders/:id/cancel                            401    403     403   403   403    200   200    support
GET    /api/orders/:id/booking                           404    404     404   200   404    200   200    read
POST   /api/orders/:id/booking/move                      404    404     404   200   404    200   200    sell
POST   /api/orders/:id/booking/cancel                    404    404     404   200   404    200   200    sell
POST   /api/orders/:id/email                             401    403     403   403   403    200   200    support
POST   /api/orders/:id/resend                            401    403     403   403   403    200   200    support
POST   /api/orders/:id/review                            401    403     403   403   403    404   404    support
POST   /api/orders/:id/change-plan                       401    403     403   403   403    409   409    support
POST   /api/orders/:id/preview-plan-change               401    403     403   403   403    409   409    support
POST   /api/orders/:id/move-booking                      401    403     403   403   403    200   200    support
POST   /api/orders/:id/move                              401    403     403   403   403    200   200    support
POST   /api/entitlements                                 401    403     403   403   403    200   200    support
POST   /api/entitlements/:id/end                         401    403     403   403   403    404   404    support
POST   /api/entitlements/:id/restore                     401    403     403   403   403    404   404    support
GET    /api/subscriptions/unclaimed                      401    403     403   403   403    200   200    support
POST   /api/subscriptions/:id/claim                      401    403     403   403   403    404   404    support
GET    /api/desk/orders                                  401    403     403   403   403    200   200    read
GET    /api/desk/orders/:id                              401    403     403   403   403    200   200    read
GET    /api/desk/sales                                   401    403     403   403   403    200   200    read
POST   /api/persons/export                               403    403     403   403   403    200   200    operator
POST   /api/persons/erase                                403    403     403   403   403    200   200    operator
GET    /api/slots                                        200    200     200   200   200    200   200    -
GET    /api/bookings/:file{.+\\.ics}                     404    404     404   200   404    200   200    read
GET    /api/entitlements                                 401    403     403   200   403    200   200    read
GET    /api/entitlements/explain                         401    403     403   403   403    200   200    read
GET    /api/downloads/:entitlementId                     401    404     404   302   404    302   302    read
GET    /api/files/:token                                 200    200     200   200   200    200   200    -
GET    /api/plans/:id/seats                              404    404     404   200   404    200   200    read
POST   /api/plans/:id/seats                              404    404     404   200   404    200   200    sell
POST   /api/plans/:id/seats/:seatId/resend               404    404     404   200   404    200   200    sell
DELETE /api/plans/:id/seats/:seatId                      404    404     404   200   404    200   200    sell
POST   /api/seats/:seatId/accept                         401    401     403   403   200    403   403    sell
POST   /api/seats/:seatId/leave                          404    404     404   404   200    404   404    sell
POST   /api/billing-portal                               401    404     404   200   404    404   400    sell
GET    /api/me                                           200    200     200   200   200    200   200    read
POST   /api/auth/email-otp/send-verification-otp         200    200     200   200   200    200   200    -
POST   /api/auth/sign-in/email-otp                       400    400     400   400   400    400   400    -
GET    /api/cron                                         404    404     404   404   404    404   404    -
POST   /api/cron                                         404    404     404   404   404    404   404    -
GET    /api/health                                       200    200     200   200   200    200   200    read
GET    /api/metrics                                      403    403     403   403   403    200   200    read
GET    /api/admin/events                                 403    403     403   403   403    200   200    operator
POST   /api/admin/events/replay                          403    403     403   403   403    200   200    operator
POST   /api/admin/events/:id/replay                      403    403     403   403   403    404   404    operator
POST   /api/admin/events/:id/dismiss                     403    403     403   403   403    404   404    operator
GET    /api/admin/jobs                                   403    403     403   403   403    200   200    operator
POST   /api/admin/jobs/replay                            403    403     403   403   403    200   200    operator
GET    /api/admin/orders/:id                             403    403     403   403   403    200   200    read
POST   /api/admin/entitlements/:id/end                   403    403     403   403   403    200   200    support
POST   /api/admin/entitlements/:id/restore               403    403     403   403   403    200   200    support
POST   /api/admin/entitlements/:id/reissue               403    403     403   403   403    200   200    support
GET    /api/admin/slots                                  403    403     403   403   403    200   200    operator
POST   /api/admin/slots                                  403    403     403   403   403    400   400    operator
PATCH  /api/admin/slots/:id                              403    403     403   403   403    200   200    operator
DELETE /api/admin/slots/:id                              403    403     403   403   403    200   200    operator
POST   /api/admin/slots/:id/reschedule                   403    403     403   403   403    200   200  operator
GET    /api/admin/slots/:id/attendees                    403    403     403   403   403    200   200  operator
POST   /api/admin/slots/:id/message                      403    403     403   403   403    200   200  operator
POST   /api/admin/orders/:id/check-in                    403    403     403   403   403    200   200  operator
DELETE /api/admin/orders/:id/check-in                    403    403     403   403   403    200   200  operator
GET    /api/admin/reconcile                              403    403     403   403   403    200   200    operator
GET    /api/admin/audit                                  403    403     403   403   403    200   200    operator
GET    /api/admin/operators                              403    403     403   403   403    200   200    operator
POST   /api/admin/operators                              403    403     403   403   403    200   200    operator
DELETE /api/admin/operators/:email                       403    403     403   403   403    404   404    operator
GET    /api/keys                                         403    403     403   403   403    200   200    operator
POST   /api/keys                                         403    403     403   403   403    201   201    operator
DELETE /api/keys/:id                                     403    403     403   403   403    404   404    operator
GET    /api/promotion-codes                              403    403     403   403   403    200   200    operator
POST   /api/promotion-codes                              403    403     403   403   403    409   409    operator
POST   /api/promotion-codes/:id/deactivate               403    403     403   403   403    404   404    operator
GET    /api/webhook-endpoints                            403    403     403   403   403    200   200    operator
POST   /api/webhook-endpoints                            403    403     403   403   403    201   201    operator
PATCH  /api/webhook-endpoints/:id                        403    403     403   403   403    404   404    operator
DELETE /api/webhook-endpoints/:id                        403    403     403   403   403    404   404    operator
POST   /api/webhook-endpoints/:id/secret                 403    403     403   403   403    404   404    operator
GET    /api/webhook-endpoints/:id/deliveries             403    403     403   403   403    200   200    operator
GET    /api/webhook-deliveries/:id                       403    403     403   403   403    404   404    operator
POST   /api/webhook-deliveries/:id/resend                403    403     403   403   403    404   404    operator
POST   /api/waiting                                      401    401     200   200   200    200   401    sell
DELETE /api/waiting/:slotId                              401    401     200   200   200    200   401    sell
POST   /api/cart-reminders                               401    401     404   404   404    404   401    sell
DELETE /api/cart-reminders                               401    401     200   200   200    200   401    sell
POST   /api/cart-reminders/stop                             404    404     404   404   404    404   404    -
GET    /api/admin/passkeys                                  403    403     403   403   403    200   403    operator
POST   /api/admin/passkeys/options                          403    403     403   403   403    200   403    operator
POST   /api/admin/passkeys                                  403    403     403   403   403    400   403    operator
DELETE /api/admin/passkeys/:id                              403    403     403   403   403    404   403    operator
POST   /api/auth/passkey/options                            200    200     200   200   200    200   200    -
POST   /api/auth/sign-in/passkey                            400    400     400   400   400    400   400    -
POST   /api/auth/sign-in/anonymous                       200    400     200   200   200    200   200    sell
GET    /api/auth/get-session                             200    200     200   200   200    200   200    -
POST   /api/auth/sign-in/link                            400    400     400   400   400    400   400    -
POST   /api/auth/sign-out                                200    200     200   200   200    200   200    -
POST   /api/auth/sign-out-everywhere                     200    200     200   200   200    200   200    -
GET    /api/openapi.json                                 200    200     200   200   200    200   200    -
GET    /api/docs                                         200    200     200   200   200    200   200    -
GET    /api/llms.txt                                     200    200     200   200   200    200   200    -
`;

/** As a browser would send it, of a device nobody has. */
const NO_PASSKEY = {
  id: "bm9ib2R5",
  rawId: "bm9ib2R5",
  type: "public-key",
  clientExtensionResults: {},
  response: { clientDataJSON: "e30", authenticatorData: "e30", attestationObject: "e30", signature: "e30" },
};
const NO_ID = "00000000-0000-7000-8000-000000000000";

/** What is asked for where the route's pattern alone doesn't say it; ids are the owner's. */
const ASKED: Record<string, () => Asked | Promise<Asked>> = {
  "POST   /api/checkout": () => ({ body: { cartId: newCart(), productKey: "ebook" } }),
  "POST   /api/stripe/webhook": () => ({ body: { id: "evt_unsigned" } }),
  "GET    /api/orders": () => ({ path: `/api/orders?sessionId=${of.ebook.sessionId}` }),
  "GET    /api/orders/:id": () => ({ path: `/api/orders/${of.ebook.orderId}` }),
  "POST   /api/orders/:id/refund": () => ({
    path: `/api/orders/${of.ebook.orderId}/refund`,
    body: { amount: 100 },
  }),
  "POST   /api/orders/:id/cancel": () => ({
    path: `/api/orders/${of.planOrderId}/cancel`,
    body: { when: "period_end" },
  }),
  "GET    /api/orders/:id/booking": () => ({ path: `/api/orders/${of.workshop.orderId}/booking` }),
  // The date it is booked for, so that it can be asked for again.
  "POST   /api/orders/:id/booking/move": () => ({
    path: `/api/orders/${of.workshop.orderId}/booking/move`,
    body: { slotId: of.slotId },
  }),
  "POST   /api/orders/:id/booking/cancel": async () => {
    const booked = await app.order("workshop", { slotId: await app.slot(), userId: of.ownerId });
    await app.deliver(completed(booked));
    return { path: `/api/orders/${booked.orderId}/booking/cancel` };
  },
  "POST   /api/orders/:id/email": () => ({
    path: `/api/orders/${of.ebook.orderId}/email`,
    body: { email: newAddress() },
  }),
  "POST   /api/orders/:id/resend": () => ({ path: `/api/orders/${of.ebook.orderId}/resend` }),
  "POST   /api/orders/:id/review": () => ({ path: `/api/orders/${of.ebook.orderId}/review` }),
  "POST   /api/orders/:id/change-plan": () => ({
    path: `/api/orders/${of.ebook.orderId}/change-plan`,
    body: { quantity: 2, when: "now" },
  }),
  "POST   /api/orders/:id/preview-plan-change": () => ({
    path: `/api/orders/${of.ebook.orderId}/preview-plan-change`,
    body: { quantity: 2, when: "now" },
  }),
  "POST   /api/orders/:id/move-booking": async () => {
    const booked = await app.order("workshop", { slotId: await app.slot(), userId: of.ownerId });
    await app.deliver(completed(booked));
    return { path: `/api/orders/${booked.orderId}/move-booking`, body: { slotId: await app.slot() } };
  },
  "POST   /api/orders/:id/move": () => ({
    path: `/api/orders/${of.ebook.orderId}/move`,
    body: { to: of.ownerId },
  }),
  "POST   /api/entitlements": () => ({ body: { userId: "somebody-else", productKey: "ebook" } }),
  "POST   /api/entitlements/:id/end": () => ({ path: `/api/entitlements/${NO_ID}/end` }),
  "POST   /api/entitlements/:id/restore": () => ({ path: `/api/entitlements/${NO_ID}/restore` }),
  "POST   /api/subscriptions/:id/claim": () => ({
    path: "/api/subscriptions/sub_none/claim",
    body: { userId: "somebody-else" },
  }),
  "GET    /api/slots": () => ({ path: "/api/slots?productKey=workshop" }),
  "GET    /api/bookings/:file{.+\\.ics}": () => ({ path: `/api/bookings/${of.workshop.orderId}.ics` }),
  "GET    /api/entitlements": () => ({ path: `/api/entitlements?userId=${of.ownerId}` }),
  "GET    /api/entitlements/explain": () => ({
    path: `/api/entitlements/explain?userId=${of.ownerId}&productKey=pro`,
  }),
  "GET    /api/downloads/:entitlementId": () => ({ path: `/api/downloads/${of.downloadId}` }),
  "GET    /api/files/:token": () => ({ path: of.link }),
  "GET    /api/plans/:id/seats": () => ({ path: `/api/plans/${of.planId}/seats` }),
  "POST   /api/plans/:id/seats": () => ({
    path: `/api/plans/${of.planId}/seats`,
    body: { email: newAddress() },
  }),
  "POST   /api/plans/:id/seats/:seatId/resend": async () => ({
    path: `/api/plans/${of.planId}/seats/${await invited(newAddress())}/resend`,
  }),
  "DELETE /api/plans/:id/seats/:seatId": async () => ({
    path: `/api/plans/${of.planId}/seats/${await invited(newAddress())}`,
  }),
  "POST   /api/seats/:seatId/accept": async () => ({ path: `/api/seats/${await memberInvited()}/accept` }),
  "POST   /api/seats/:seatId/leave": async () => ({ path: `/api/seats/${await memberJoined()}/leave` }),
  "POST   /api/billing-portal": () => ({ body: { entitlementId: of.planId } }),
  "POST   /api/auth/email-otp/send-verification-otp": () => ({ body: { email: newAddress() } }),
  "POST   /api/auth/sign-in/email-otp": () => ({ body: { email: newAddress(), otp: "00000000" } }),
  "POST   /api/cart-reminders/stop": () => ({ path: "/api/cart-reminders/stop?for=somebody&sign=nobodys" }),
  "POST   /api/admin/operators": () => ({ body: { email: newAddress(), role: "support" } }),
  "DELETE /api/admin/operators/:email": () => ({ path: `/api/admin/operators/${newAddress()}` }),
  "GET    /api/desk/orders/:id": () => ({ path: `/api/desk/orders/${of.ebook.orderId}` }),
  "POST   /api/persons/export": () => ({ body: { email: newAddress() } }),
  "POST   /api/persons/erase": () => ({ body: { email: newAddress() } }),
  "POST   /api/admin/passkeys": () => ({ body: { name: "A phone", credential: NO_PASSKEY } }),
  "DELETE /api/admin/passkeys/:id": () => ({ path: `/api/admin/passkeys/${NO_ID}` }),
  "POST   /api/auth/sign-in/passkey": () => ({ body: { credential: NO_PASSKEY } }),
  "POST   /api/keys": () => ({ body: { name: newAddress(), scopes: ["read"] } }),
  // The other Stripe makes none.
  "POST   /api/promotion-codes": () => ({ body: { code: "AUTUMN", percentOff: 20 } }),
  "POST   /api/promotion-codes/:id/deactivate": () => ({
    path: "/api/promotion-codes/promo_none/deactivate",
    body: {},
  }),
  "POST   /api/webhook-endpoints": () => ({ body: { url: "https://crm.example.com/oncepaid" } }),
  "PATCH  /api/webhook-endpoints/:id": () => ({ path: `/api/webhook-endpoints/${NO_ID}` }),
  "DELETE /api/webhook-endpoints/:id": () => ({ path: `/api/webhook-endpoints/${NO_ID}` }),
  "POST   /api/webhook-endpoints/:id/secret": () => ({ path: `/api/webhook-endpoints/${NO_ID}/secret` }),
  "GET    /api/webhook-endpoints/:id/deliveries": () => ({
    path: `/api/webhook-endpoints/${NO_ID}/deliveries`,
  }),
  "GET    /api/webhook-deliveries/:id": () => ({ path: `/api/webhook-deliveries/${NO_ID}` }),
  "POST   /api/webhook-deliveries/:id/resend": () => ({ path: `/api/webhook-deliveries/${NO_ID}/resend` }),
  "DELETE /api/keys/:id": () => ({ path: `/api/keys/${NO_ID}` }),
  "GET    /api/admin/events": () => ({ path: "/api/admin/events?outcome=failed" }),
  "POST   /api/admin/events/replay": () => ({ body: { ids: ["evt_unknown"] } }),
  "POST   /api/admin/events/:id/replay": () => ({ path: "/api/admin/events/evt_unknown/replay" }),
  "POST   /api/admin/events/:id/dismiss": () => ({ path: "/api/admin/events/evt_unknown/dismiss" }),
  "POST   /api/admin/jobs/replay": () => ({ body: { all: true } }),
  "GET    /api/admin/orders/:id": () => ({ path: `/api/admin/orders/${of.ebook.orderId}` }),
  "POST   /api/admin/entitlements/:id/end": () => ({ path: `/api/admin/entitlements/${of.downloadId}/end` }),
  "POST   /api/admin/entitlements/:id/restore": () => ({
    path: `/api/admin/entitlements/${of.downloadId}/restore`,
  }),
  "POST   /api/admin/entitlements/:id/reissue": () => ({
    path: `/api/admin/entitlements/${of.downloadId}/reissue`,
  }),
  "PATCH  /api/admin/slots/:id": () => ({ path: `/api/admin/slots/${of.slotId}`, body: { capacity: 20 } }),
  "POST   /api/admin/slots/:id/reschedule": () => ({
    path: `/api/admin/slots/${of.slotId}/reschedule`,
    body: { startsAt: "2035-05-04T09:00:00Z", endsAt: "2035-05-04T12:00:00Z" },
  }),
  "GET    /api/admin/slots/:id/attendees": () => ({ path: `/api/admin/slots/${of.slotId}/attendees` }),
  "POST   /api/admin/slots/:id/message": () => ({
    path: `/api/admin/slots/${of.slotId}/message`,
    body: { subject: "Bring a pencil", text: "Paper is there." },
  }),
  "POST   /api/admin/orders/:id/check-in": () => ({
    path: `/api/admin/orders/${of.workshop.orderId}/check-in`,
  }),
  "DELETE /api/admin/orders/:id/check-in": () => ({
    path: `/api/admin/orders/${of.workshop.orderId}/check-in`,
  }),
  "POST   /api/waiting": async () => {
    const slotId = await app.slot({ capacity: 1 });
    await app.order("workshop", { slotId });
    return { body: { slotId } };
  },
  "DELETE /api/waiting/:slotId": () => ({ path: `/api/waiting/${of.slotId}` }),
  "DELETE /api/admin/slots/:id": async () => ({ path: `/api/admin/slots/${await app.slot()}` }),
};

type Asked = { path?: string; body?: object };

const [HEAD = "", ...LINES] = MATRIX.trim().split("\n");
const CALLERS = HEAD.trim().split(/\s+/).slice(1, -1);
const ROWS = LINES.map((line) => {
  const [method = "", pattern = "", ...rest] = line.trim().split(/\s+/);
  const expected = rest.slice(0, CALLERS.length);
  return {
    method,
    pattern,
    route: `${method.padEnd(6)} ${pattern}`,
    expected: expected.join(" "),
    server: Number(expected.at(-1)),
    scope: rest[CALLERS.length],
  };
});

let app: TestApi;
let browsers: Record<string, Browser>;
const SCOPES = ["read", "sell", "support", "operator"] as const;
const keys: Partial<Record<(typeof SCOPES)[number], string>> = {};
const MEMBER = "member@example.com";
const of = {
  ownerId: "",
  planId: "",
  planOrderId: "",
  downloadId: "",
  link: "",
  slotId: "",
  ebook: unknownPayment(),
  workshop: unknownPayment(),
};

beforeAll(async () => {
  const folder = mkdtempSync(join(runFolder(), "files-"));
  writeFileSync(join(folder, "field-guide.pdf"), "The guide.");
  app = await startApi({
    ADMIN_EMAILS: "admin@example.com",
    STORAGE_URL: pathToFileURL(folder).href,
    SMTP_URL: "smtp://127.0.0.1:1",
  });
  const [nobody, visitor, other, owner, member, admin] = Array.from({ length: 6 }, () => browserOf(app));
  if (!nobody || !visitor || !other || !owner || !member || !admin)
    throw new Error("Six browsers were made.");
  browsers = { nobody, visitor, other, owner, member, admin };
  await visitor.buy("visitor@example.com");
  await other.buy("other@example.com");
  await other.signIn("other@example.com");
  await owner.signIn("owner@example.com");
  await member.signIn(MEMBER);
  await admin.signIn("admin@example.com");

  for (const scope of SCOPES) {
    const made = await app.oncepaid.keys.create({ name: scope, scopes: [scope], by: "the matrix" });
    keys[scope] = made.ok ? made.key : undefined;
  }
  of.ebook = await owner.buy("owner@example.com");
  of.slotId = await app.slot();
  of.workshop = await owner.buy("owner@example.com", "workshop", { slotId: of.slotId });
  const plan = await owner.order("pro", { quantity: 200 });
  const subscription = { subscription: `sub_${plan.charge}`, customer: `cus_${plan.charge}` };
  await app.deliver(completed(plan, { mode: "subscription", payment_intent: null, ...subscription }));
  const made = subscriptionObject(plan, { quantity: 200 });
  app.stripe.objects.set(made.id, made);
  await app.deliver(event("customer.subscription.created", made));
  const [row] = await app.rows<{ user_id: string }>(`select user_id from "order" where id = $1`, [
    plan.orderId,
  ]);
  of.ownerId = row?.user_id ?? "";
  of.planOrderId = plan.orderId;
  of.planId = await entitlementOf(plan);
  of.downloadId = await entitlementOf(of.ebook);
  of.link =
    (await ask("GET", `/api/downloads/${of.downloadId}`, owner.headers())).headers.get("location") ?? "";
});
afterAll(() => app.close());

test("every route has a row", async () => {
  const { ROUTES } = await import("#/http/routes.ts");
  const routes = routesWith(ROUTES, "/api").map(({ method, path }) => `${method.padEnd(6)} /api${path}`);
  expect(ROWS.map(({ route }) => route).sort()).toEqual([...new Set(routes)].sort());
});

test("every route of the engine that takes an API key says which scope", () => {
  const silent = ENGINE_ROUTES.filter(({ access }) => access.proofs.includes("apiKey") && !access.scope);
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

/** What is asked without a cookie, by whoever holds something signed: an origin says nothing of them. */
const SIGNED = ["POST   /api/stripe/webhook", "POST   /api/cart-reminders/stop"];

test.each(ROWS.filter(({ method, route }) => method !== "GET" && !SIGNED.includes(route)))(
  "$route is refused from another site's page, whoever's cookie comes along",
  async ({ method, pattern, route }) => {
    const { path = pattern, body } = (await ASKED[route]?.()) ?? {};
    const headers = { ...headersOf("admin"), origin: "https://evil.example" };
    const answer = await ask(method, path, headers, body);
    expect(await answer.json()).toEqual({
      code: "forbidden",
      error: "This request comes from another site's page.",
    });
  },
);

test.each(ROWS)("$route", async ({ method, pattern, route, expected }) => {
  const statuses = [];
  for (const caller of CALLERS) {
    const { path = pattern, body } = (await ASKED[route]?.()) ?? {};
    statuses.push((await ask(method, path, headersOf(caller), body)).status);
  }
  expect(statuses.join(" ")).toBe(expected);
});

test.each(ROWS)("$route for a key with one scope", async ({ method, pattern, route, server, scope }) => {
  for (const given of SCOPES) {
    const { path = pattern, body } = (await ASKED[route]?.()) ?? {};
    const answer = await ask(method, path, { authorization: `Bearer ${keys[given]}` }, body);
    const opens = scope === "-" || given === scope || given === "operator";
    expect(answer.status, given).toBe(opens || pattern === "/api/health" ? server : 403);
    if (!opens && answer.status === 403) expect(await answer.json()).toMatchObject(lacking(scope));
  }
});

test("an owner gives a role: from the next request on it may do that, and no more; what was given is written down", async () => {
  const email = newAddress();
  const helper = browserOf(app);
  await helper.signIn(email);
  const statusOf = async (method: string, path: string, body?: object) =>
    (await ask(method, path, helper.headers(), body)).status;
  const give = (role: string) =>
    ask("POST", "/api/admin/operators", headersOf("server"), { email: email.toUpperCase(), role });
  const may = async () => [
    await statusOf("GET", "/api/admin/slots"),
    await statusOf("POST", "/api/admin/entitlements/none/end"),
    await statusOf("GET", "/api/keys"),
    await statusOf("POST", "/api/admin/operators", { email, role: "owner" }),
    (await helper.get("/api/me")).json.isAdmin,
  ];
  expect(await may()).toEqual([403, 403, 403, 403, false]);
  await give("read");
  expect(await may()).toEqual([200, 403, 403, 403, true]);
  await give("support");
  expect(await may()).toEqual([200, 404, 403, 403, true]);
  await give("owner");
  expect(await may()).toEqual([200, 404, 200, 200, true]);
  await ask("DELETE", `/api/admin/operators/${email}`, headersOf("server"));
  expect(await may()).toEqual([403, 403, 403, 403, false]);
  const settled = { email: "admin@example.com", role: "read" };
  expect((await ask("POST", "/api/admin/operators", headersOf("server"), settled)).status).toBe(403);

  const { entries } = await app.oncepaid.audit.list({ what: "operator" });
  const mine = entries.filter(({ about }) => about === email);
  expect(mine.map(({ what }) => what).reverse()).toEqual([
    "operator.added",
    "operator.changed",
    "operator.changed",
    "operator.changed",
    "operator.removed",
  ]);
  expect(mine[0]).toMatchObject({ details: { was: { role: "owner" } } });
});

function lacking(scope: string | undefined) {
  return { code: "insufficient_scope", error: `This takes an API key with the scope ${scope}.` };
}

function headersOf(caller: string): Record<string, string> {
  return caller === "server" ? { authorization: `Bearer ${API_KEY}` } : (browsers[caller]?.headers() ?? {});
}

function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Response> {
  return fetch(app.url + path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    redirect: "manual",
    ...(method !== "GET" && { body: JSON.stringify(body ?? {}) }),
  });
}

async function entitlementOf({ orderId }: Payment): Promise<string> {
  const [row] = await app.rows<{ id: string }>("select id from entitlement where order_id = $1", [orderId]);
  return row?.id ?? "";
}

async function invited(email: string): Promise<string> {
  const { json } = await app.post(`/api/plans/${of.planId}/seats`, { email }, app.asServer);
  return String(Object(json.seat).id);
}

/** A new invitation of the member, whatever became of the one before. */
async function memberInvited(): Promise<string> {
  await app.rows(
    "update seat set ended_at = now(), end_reason = 'removed' where email = $1 and ended_at is null",
    [MEMBER],
  );
  return invited(MEMBER);
}

async function memberJoined(): Promise<string> {
  const seatId = await memberInvited();
  await browsers.member?.post(`/api/seats/${seatId}/accept`);
  return seatId;
}

let carts = 0;
function newCart(): string {
  return `cart-of-the-matrix-${++carts}`;
}

let people = 0;
function newAddress(): string {
  return `somebody-${++people}@example.com`;
}

function unknownPayment(): Payment {
  return { orderId: "", sessionId: "", paymentIntent: "" };
}
