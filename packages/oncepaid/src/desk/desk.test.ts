import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  completed,
  event,
  newPayment,
  type Payment,
  subscriptionObject,
} from "../../../../test/support/events.ts";
import { listActs } from "../audit/list.ts";
import type { Caller } from "../caller.ts";
import type { Query } from "../database/database.ts";
import { invite, listSeats, removeSeat, resendInvitation } from "../plans/seats.ts";
import { type DeskEventFilter, deskEvent, deskEvents } from "./events.ts";
import { deskFee } from "./fee.ts";
import { type DeskFilter, deskOrder, deskOrders } from "./orders.ts";
import { type DeskPlanFilter, deskPlan, deskPlans } from "./plans.ts";
import { sales } from "./sales.ts";

let app: TestApi;
let ada: Payment;
let asha: Payment;
let plan: Payment;
let crew: Payment;
const SUBSCRIPTION = "sub_of_the_desk";
const CUSTOMER = "cus_of_the_desk";
const SUPPORT = {
  kind: "user",
  userId: "support-of-the-desk",
  email: "support@example.com",
  isOperator: true,
} as const satisfies Caller;

beforeAll(async () => {
  app = await startApi();
  ada = await app.order("ebook");
  asha = await app.order("workshop", { slotId: await app.slot() });
  plan = await app.order("pro", { quantity: 2 });
  await app.deliver(completed(ada, { customer_details: { email: "Ada@example.com", name: "Ada Lovelace" } }));
  await app.deliver(completed(asha, { customer_details: { email: "rao@example.in", name: "आशा राव" } }));
  const bought = {
    mode: "subscription",
    payment_intent: null,
    subscription: SUBSCRIPTION,
    customer: CUSTOMER,
  };
  await app.deliver(
    completed(plan, { ...bought, customer_details: { email: "team@example.com", name: null } }),
  );
});
afterAll(() => app.close());

const ids = async (filter: DeskFilter) => (await deskOrders(app.engine, filter)).orders.map(({ id }) => id);
const found = async (search: string) => ids({ search });

test("an order is found by its buyer's address, or how that begins, in any case", async () => {
  expect(await found("ada@EXAMPLE.com")).toEqual([ada.orderId]);
  expect(await found("ada")).toEqual([ada.orderId]);
  expect(await found("_da@example.com")).toEqual([]);
  expect(await found("%")).toEqual([]);
});

test("by words of the buyer's name in any script, the last one as far as it is typed", async () => {
  expect(await found("lovelace")).toEqual([ada.orderId]);
  expect(await found("Lovelace Ad")).toEqual([ada.orderId]);
  expect(await found("राव")).toEqual([asha.orderId]);
  expect(await found("lovelace rao")).toEqual([]);
  expect(await found("' | &:* !")).toEqual([]);
});

test("by its id and by its number, with dashes or without", async () => {
  const digits = ada.orderId.replaceAll("-", "");
  expect(await found(ada.orderId)).toEqual([ada.orderId]);
  expect(await found(` ${digits.slice(0, 16).toUpperCase()} `)).toContain(ada.orderId);
  expect(await found(`#${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8, 16)}`)).toContain(
    ada.orderId,
  );
});

test("by the id of every object of Stripe's that belongs to it", async () => {
  const refund = {
    id: "re_of_the_desk",
    object: "refund",
    amount: 500,
    charge: ada.charge,
    status: "succeeded",
  };
  await app.deliver(
    event("refund.created", {
      ...refund,
      payment_intent: ada.paymentIntent,
      created: Math.floor(Date.now() / 1000),
      currency: "usd",
      metadata: { order_id: ada.orderId },
    }),
  );
  for (const id of [ada.sessionId, ada.paymentIntent, "re_of_the_desk"]) {
    expect(await found(id), id).toEqual([ada.orderId]);
  }
  for (const id of [SUBSCRIPTION, CUSTOMER]) expect(await found(id), id).toEqual([plan.orderId]);
  expect(await found("pi_of_nobody")).toEqual([]);
});

test("what narrows the list narrows what is found too, and pages go on where the one before ended", async () => {
  expect(await ids({ productKey: "pro" })).toEqual([plan.orderId]);
  expect(await ids({ search: "ada", status: "PENDING" })).toEqual([]);
  const all = await ids({});
  expect(all).toHaveLength(3);
  const first = await deskOrders(app.engine, { limit: 2 });
  expect(first.next).toBe(all[1]);
  expect(await ids({ limit: 2, after: first.next ?? "" })).toEqual(all.slice(2));
  expect(await ids({ after: "no id" })).toEqual([]);
});

test("an order says who bought it, what was paid and what it is at Stripe", async () => {
  expect(await deskOrder(app.engine, plan.orderId)).toMatchObject({
    email: "team@example.com",
    name: null,
    items: [{ productKey: "pro", quantity: 2 }],
    stripe: { session: plan.sessionId, paymentIntent: null, subscription: SUBSCRIPTION, customer: CUSTOMER },
  });
  expect(await deskOrder(app.engine, ada.orderId)).toMatchObject({
    name: "Ada Lovelace",
    amountRefunded: 500,
  });
  expect(await deskOrder(app.engine, "no id")).toBeUndefined();
});

test("the day's figures are the sums of its orders, each currency by itself", async () => {
  const rupees = await app.order("ebook");
  await app.deliver(completed(rupees, { currency: "inr", amount_total: 149_900 }));
  const state = subscriptionObject(plan, { quantity: 2 });
  await app.deliver(
    event("customer.subscription.deleted", { ...state, id: SUBSCRIPTION, status: "canceled" }),
  );
  const { days, from, until } = await sales(app.engine, { days: 7 });
  const today = new Date().toISOString().slice(0, 10);
  expect(until).toBe(today);
  expect(Date.parse(until) - Date.parse(from)).toBe(6 * 86_400_000);
  const { orders } = await deskOrders(app.engine, {});
  const sum = (currency: string) =>
    orders
      .filter((o) => o.currency === currency && o.paidAt)
      .reduce((all, o) => all + (o.amountTotal ?? 0), 0);
  expect(days).toEqual([
    {
      day: today,
      currency: "inr",
      orders: 1,
      revenue: sum("inr"),
      refunded: 0,
      newSubscriptions: 0,
      lostSubscriptions: 0,
    },
    {
      day: today,
      currency: "usd",
      orders: 3,
      revenue: sum("usd"),
      refunded: 500,
      newSubscriptions: 1,
      lostSubscriptions: 1,
    },
  ]);
});

test("a renewal is revenue of its own day, and the invoice a plan was bought with isn't counted again", async () => {
  const [before] = (await sales(app.engine, { days: 1 })).days.filter(({ currency }) => currency === "usd");
  const bought = newPayment(plan.orderId, plan.sessionId);
  for (const [id, amount] of [
    ["in_first", 5800],
    ["in_second", 5900],
  ] as const) {
    await app.rows(
      `update "order" set facts = jsonb_set(jsonb_set(facts, array['invoices', $2::text], jsonb_build_object(
              'amountPaid', $3::int, 'currency', 'usd', 'paidAt', extract(epoch from now())::bigint)),
              array['sessions', $4::text, 'invoice'], '"in_first"') where id = $1`,
      [plan.orderId, id, amount, bought.sessionId],
    );
  }
  const [after] = (await sales(app.engine, { days: 1 })).days.filter(({ currency }) => currency === "usd");
  expect(after?.revenue).toBe((before?.revenue ?? 0) + 5900);
});

test("an invoice that is told before the session it paid for is no renewal in the end", async () => {
  const early = await app.order("pro");
  const tell = (path: string[], value: unknown) =>
    app.rows(
      `update "order" set facts = jsonb_set(facts, $2::text[], $3::jsonb), stripe_subscription_id = 'sub_early' where id = $1`,
      [early.orderId, path, JSON.stringify(value)],
    );
  const renewals = () => app.rows(`select amount::int from renewal where order_id = $1`, [early.orderId]);
  await tell(["invoices", "in_early"], { amountPaid: 2900, currency: "usd", paidAt: 1_800_000_000 });
  expect(await renewals()).toEqual([{ amount: 2900 }]);
  await tell(["sessions", early.sessionId], { invoice: "in_early" });
  expect(await renewals()).toEqual([]);
});

test("the invoice a subscription was claimed with is in its order's amount, and only later ones are renewals", async () => {
  const { orderId } = await app.order("pro");
  const claims = { sub_claimed: { paidAt: 1_800_000_000, amountTotal: 5800, invoice: "in_claimed" } };
  const paid = (amountPaid: number) => ({ amountPaid, currency: "usd", paidAt: 1_800_000_000 });
  const invoices = { in_claimed: paid(5800), in_later: paid(5900) };
  await app.rows(
    `update "order" set facts = facts || $2::jsonb, stripe_subscription_id = 'sub_claimed' where id = $1`,
    [orderId, JSON.stringify({ claims, invoices })],
  );
  expect(await app.rows("select amount::int from renewal where order_id = $1", [orderId])).toEqual([
    { amount: 5900 },
  ]);
});

test("whatever is looked for, only what is found is read, and of what is frequent the newest", async () => {
  const many = 20_000;
  await app.rows(
    `insert into "order" (id, cart_id, user_id, email, status, mode, livemode, facts, paid_at)
     select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'cart-many-' || n, 'user-many', 'many' || n || '@example.org',
            'FULFILLED', 'payment', false, jsonb_build_object('sessions', jsonb_build_object('cs_' || n, '{"name":"Frequent Name"}'::jsonb)), now()
       from generate_series(1, ${many}) n`,
  );
  await app.rows('vacuum analyze oncepaid."order"');
  const { database } = app.engine;
  const read = async (filter: DeskFilter): Promise<number> => {
    let orders = 0;
    const query: Query = async (statement, values) => {
      if (typeof statement !== "string") throw new Error("The desk has no prepared statements.");
      const { rows } = await database.query(`explain (analyze, format json) ${statement}`, values);
      orders += rowsRead(rows, "order");
      return database.query(statement, values);
    };
    await deskOrders({ ...app.engine, database: { ...database, query } }, filter);
    return orders;
  };
  for (const search of [ada.sessionId, "re_of_the_desk", CUSTOMER]) {
    expect(await read({ search }), search).toBeLessThan(20);
  }
  // Words are looked for among the newest 500 first: what those have often is frequent, and found there.
  for (const search of ["ada@example.com", "many777@", "Lovelace", "nobody"]) {
    expect(await read({ search }), search).toBeLessThan(520);
  }
  for (const search of ["many", "frequent"]) expect(await read({ search }), search).toBeLessThan(100);
  const page = await deskOrders(app.engine, { search: "frequent na", limit: 2 });
  expect(page.orders.map(({ email }) => email)).toEqual([
    `many${many}@example.org`,
    `many${many - 1}@example.org`,
  ]);
});

/** How many rows of a table a plan has looked at, as `explain (analyze, format json)` tells it. */
function rowsRead(plan: unknown, table: string): number {
  if (Array.isArray(plan)) return plan.reduce((all: number, part) => all + rowsRead(part, table), 0);
  if (typeof plan !== "object" || plan === null) return 0;
  const node: Record<string, unknown> = { ...plan };
  const here =
    node["Relation Name"] === table
      ? number(node["Actual Rows"]) + number(node["Rows Removed by Filter"])
      : 0;
  return Object.values(node).reduce(
    (all: number, part) => all + rowsRead(part, table),
    here * number(node["Actual Loops"] ?? 1),
  );
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

test("Stripe's events are listed the newest first, page by page, by type and by outcome", async () => {
  const all = await deskEvents(app.engine, { limit: 100 });
  expect(all.next).toBeNull();
  const times = all.events.map(({ receivedAt }) => receivedAt);
  expect(times).toEqual(times.toSorted().toReversed());
  expect(all.types).toEqual([...new Set(all.events.map(({ type }) => type))].toSorted());
  const read: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await deskEvents(app.engine, { limit: 2, after });
    read.push(...page.events.map(({ id }) => id));
    after = page.next;
  }
  expect(read).toEqual(all.events.map(({ id }) => id));
  const type = "refund.created";
  const expected = all.events.filter((one) => one.type === type && one.outcome === "applied");
  expect(expected).not.toEqual([]);
  expect((await deskEvents(app.engine, { type, outcome: "applied" })).events).toEqual(expected);
  expect((await deskEvents(app.engine, { type, outcome: "failed" })).events).toEqual([]);
});

test("of many events only those of the page are read, whatever the list is narrowed to", async () => {
  await app.rows(
    `insert into oncepaid.stripe_event (id, type, created, livemode, payload, outcome, received_at)
     select 'evt_many_' || n, case when n % 2 = 0 then 'invoice.paid' else 'customer.updated' end, now(), false, '{}',
            case when n % 1000 = 0 then 'ignored' else 'applied' end, now() - n * interval '1 second'
       from generate_series(1, 20000) n`,
  );
  await app.rows("vacuum analyze oncepaid.stripe_event");
  const { database } = app.engine;
  const filters: DeskEventFilter[] = [
    {},
    { type: "invoice.paid" },
    { type: "refund.created" },
    { outcome: "ignored" },
    { outcome: "failed" },
    { outcome: "applied", after: "evt_many_15000" },
  ];
  for (const filter of filters) {
    let read = 0;
    const query: Query = async (statement, values) => {
      const { rows } = await database.query(`explain (analyze, format json) ${statement}`, values);
      read += rowsRead(rows, "stripe_event");
      return database.query(statement, values);
    };
    const { events } = await deskEvents({ ...app.engine, database: { ...database, query } }, filter);
    // The page, one row more, and a step for each type there is; of a type that is frequent the others between may be read too.
    expect(read, JSON.stringify(filter)).toBeLessThan(3 * events.length + 20);
  }
});

test("plans are listed with their seats, by product, by state and by their owner's address", async () => {
  crew = await app.order("pro", { quantity: 2 });
  const bought = { mode: "subscription", payment_intent: null, subscription: "sub_of_the_crew" };
  await app.deliver(
    completed(crew, { ...bought, customer_details: { email: "crew@example.com", name: null } }),
  );
  const [team] = (await deskPlans(app.engine, {})).plans;
  expect(team).toMatchObject({
    productKey: "pro",
    state: "active",
    orderId: crew.orderId,
    ownerEmail: "crew@example.com",
    seats: 2,
    members: 0,
    invited: 0,
  });
  const invited = await invite(app.engine, team?.id ?? "", "member@example.com", SUPPORT, "en");
  expect(invited.ok).toBe(true);
  const found = async (filter: DeskPlanFilter) =>
    (await deskPlans(app.engine, filter)).plans.find(({ id }) => id === team?.id);
  const fitting = [{ productKey: "pro" }, { state: "active" }, { owner: "Crew@" }] as const;
  for (const filter of fitting)
    expect(await found(filter), JSON.stringify(filter)).toMatchObject({ members: 0, invited: 1 });
  const others = [
    { productKey: "ebook" },
    { state: "ended" },
    { owner: "cre_" },
    { after: team?.id },
  ] as const;
  for (const filter of others) expect(await found(filter), JSON.stringify(filter)).toBeUndefined();
  expect(await deskPlan(app.engine, team?.id ?? "")).toMatchObject({ invited: 1 });
  const ended = (await deskPlans(app.engine, { state: "ended" })).plans;
  expect(ended).toMatchObject([{ orderId: plan.orderId, ownerEmail: "team@example.com" }]);
});

test("of many plans only those of the page are read", async () => {
  await app.rows(
    `insert into oncepaid.entitlement (id, order_id, user_id, product_key, kind, state, quantity, starts_at)
     select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
            ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'user-' || n,
            case when n % 2 = 0 then 'pro' else 'team' end, 'plan', case when n % 1000 = 0 then 'suspended' else 'active' end, 1, now()
       from generate_series(1, 20000) n`,
  );
  await app.rows("vacuum analyze oncepaid.entitlement");
  for (const filter of [{}, { productKey: "pro" }, { state: "suspended" }, { owner: "many777" }] as const) {
    const { plans, read } = await reading(filter);
    expect(read, JSON.stringify(filter)).toBeLessThan(3 * plans.length + 20);
  }
});

async function reading(filter: DeskPlanFilter) {
  const { database } = app.engine;
  let read = 0;
  const query: Query = async (statement, values) => {
    const { rows } = await database.query(`explain (analyze, format json) ${statement}`, values);
    read += rowsRead(rows, "entitlement");
    return database.query(statement, values);
  };
  return { ...(await deskPlans({ ...app.engine, database: { ...database, query } }, filter)), read };
}

test("what an operator does about somebody's seats is written down, what their owner does isn't", async () => {
  const [team] = (await deskPlans(app.engine, { owner: "crew@" })).plans;
  const planId = team?.id ?? "";
  const owner: Caller = {
    kind: "user",
    userId: team?.ownerId ?? "",
    email: "crew@example.com",
    isOperator: false,
  };
  const listed = await listSeats(app.engine, planId, SUPPORT);
  const seatId = listed.ok ? (listed.seats[0]?.id ?? "") : "";
  await resendInvitation(app.engine, planId, seatId, SUPPORT, "en");
  expect(await removeSeat(app.engine, planId, seatId, SUPPORT)).toEqual({ ok: true });
  const acts = async () => (await listActs(app.engine, { what: "seat" })).entries;
  const done = { by: SUPPORT.userId, about: seatId, details: { orderId: crew.orderId, productKey: "pro" } };
  expect(await acts()).toMatchObject(
    ["seat.removed", "seat.invited_again", "seat.invited"].map((what) => ({ what, ...done })),
  );
  const own = await invite(app.engine, planId, "own@example.com", owner, "en");
  expect(own.ok && (await removeSeat(app.engine, planId, own.seat.id, owner))).toEqual({ ok: true });
  expect(await acts()).toHaveLength(3);
});

test("one event is shown with what Stripe sent, as long as that is kept", async () => {
  const [first] = (await deskEvents(app.engine, { type: "refund.created" })).events;
  const shown = await deskEvent(app.engine, first?.id ?? "");
  expect(shown).toMatchObject({ ...first, orderId: ada.orderId, livemode: false });
  expect(JSON.parse(shown?.payload ?? "")).toMatchObject({ data: { object: { id: "re_of_the_desk" } } });
  expect(await deskEvent(app.engine, "evt_of_nobody")).toBeUndefined();
});

test("an order tells what a discount took off and the taxes in its total, as Stripe says; null where it said nothing", async () => {
  const taxed = await app.order("ebook");
  const total_details = { amount_discount: 200, amount_shipping: 0, amount_tax: 272 };
  await app.deliver(completed(taxed, { amount_total: 1700, total_details }));
  const amounts = { amountTotal: 1700, amountDiscount: 200, amountTax: 272 };
  expect(await deskOrder(app.engine, taxed.orderId)).toMatchObject(amounts);
  expect(await app.oncepaid.order(taxed.orderId)).toMatchObject(amounts);
  expect(await deskOrder(app.engine, ada.orderId)).toMatchObject({ amountDiscount: null, amountTax: null });
});

test("what Stripe took of a payment is asked of Stripe: null before it is booked, and said where Stripe can't be asked", async () => {
  const asked = () => deskFee(app.engine, ada.orderId);
  expect(await asked()).toEqual({ ok: true, fee: null });
  const charge = { id: "ch_of_the_desk", balance_transaction: null };
  const paid = { id: ada.paymentIntent, object: "payment_intent", latest_charge: charge };
  app.stripe.objects.set(ada.paymentIntent, paid);
  expect(await asked()).toEqual({ ok: true, fee: null });
  const booked = { id: "txn_of_the_desk", fee: 85, currency: "eur" };
  app.stripe.objects.set(ada.paymentIntent, {
    ...paid,
    latest_charge: { ...charge, balance_transaction: booked },
  });
  expect(await asked()).toEqual({ ok: true, fee: { amount: 85, currency: "eur" } });
  app.stripe.script.status = 500;
  expect(await asked()).toMatchObject({ ok: false, code: "stripe_unavailable" });
  delete app.stripe.script.status;
  expect(await deskFee(app.engine, plan.orderId)).toEqual({ ok: true, fee: null });
  expect(await deskFee(app.engine, "no order")).toMatchObject({ code: "not_found" });
});
