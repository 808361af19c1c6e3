import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { entitlementsOf } from "./entitlements.ts";
import { HAS, has } from "./has.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
  // Plans with more members than seats come about when seats are given up; here they are written as they are then.
  await app.rows("alter table seat disable trigger seat_is_sold");
});
afterAll(() => app.close());

const STATES = ["active", "suspended", "ended"] as const;
const SEATS = ["joined", "invited", "removed", null] as const;
let rows = 0;
const uuid = () => `01890000-0000-7000-8000-${String(++rows).padStart(12, "0")}`;

async function order(userId: string): Promise<string> {
  const id = uuid();
  await app.rows(
    `insert into "order" (id, cart_id, user_id, mode, livemode, facts) values ($1, $2, $3, 'payment', false, '{}')`,
    [id, `cart-${id}`, userId],
  );
  return id;
}

async function grant(
  orderId: string,
  userId: string,
  more: { productKey?: string; kind?: string; state?: string; reason?: string | null; quantity?: number },
): Promise<void> {
  const { productKey = "pro", kind = "plan", state = "active", reason = null, quantity = 1 } = more;
  await app.rows(
    `insert into entitlement (id, order_id, user_id, product_key, kind, state, reason, quantity, starts_at, ends_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now() - interval '2 days', case $6 when 'ended' then now() - interval '1 day' end)`,
    [uuid(), orderId, userId, productKey, kind, state, reason, quantity],
  );
}

/** `joinedDaysAgo` orders the members of a plan. */
async function seat(orderId: string, number: number, userId: string, state: string, joinedDaysAgo: number) {
  const joined = state === "invited" ? null : joinedDaysAgo;
  await app.rows(
    `insert into seat (id, order_id, number, email, user_id, expires_at, joined_at, ended_at, end_reason)
     values ($1, $2, $3, $4, $5, now() + interval '1 day', now() - $6::integer * interval '1 day',
             case when $7 then now() end, case when $7 then 'removed' end)`,
    [
      uuid(),
      orderId,
      number,
      `${userId}@example.com`,
      joined === null ? null : userId,
      joined,
      state === "removed",
    ],
  );
}

const lives = STATES.flatMap((plan) =>
  [1, 2].flatMap((quantity) =>
    SEATS.flatMap((mine) =>
      [true, false].flatMap((changed) => [0, 1].map((before) => ({ plan, quantity, mine, changed, before }))),
    ),
  ),
);

test("it is true exactly where the list of entitlements has the product as active, whatever the plan and its seats are", async () => {
  const answers = new Set<boolean>();
  for (const [index, { plan, quantity, mine, changed, before }] of lives.entries()) {
    const [owner, member] = [`owner-${index}`, `member-${index}`];
    const orderId = await order(owner);
    await grant(orderId, owner, {
      state: plan,
      quantity,
      reason: plan === "ended" ? "subscription_canceled" : null,
    });
    if (changed) await grant(orderId, owner, { productKey: "other", state: "ended", reason: "plan_changed" });
    for (let other = 0; other < before; other++)
      await seat(orderId, 10 + other, `earlier-${index}`, "joined", 9);
    if (mine) await seat(orderId, 1, member, mine, 3);
    // The buyer may sit in the plan too, and then has what was bought, no more.
    await seat(orderId, 2, owner, "joined", 1);
    for (const userId of [owner, member]) {
      for (const productKey of ["pro", "other", "ebook"]) {
        const listed = (await entitlementsOf(app.engine, userId)).some(
          (entitlement) => entitlement.productKey === productKey && entitlement.state === "active",
        );
        answers.add(listed);
        expect(
          await has(app.engine, userId, productKey),
          JSON.stringify({ plan, quantity, mine, changed, before, userId, productKey }),
        ).toBe(listed);
      }
    }
  }
  expect(answers).toEqual(new Set([true, false]));
});

test("what was bought once counts as long as it is active", async () => {
  for (const state of STATES) {
    const orderId = await order(`reader-${state}`);
    await grant(orderId, `reader-${state}`, { productKey: "ebook", kind: "download", state });
    expect(await has(app.engine, `reader-${state}`, "ebook")).toBe(state === "active");
  }
});

test("it is answered from indexes alone, however many purchases there are", async () => {
  await app.rows(
    `with made as (
       insert into "order" (id, cart_id, user_id, mode, livemode, facts)
       select gen_random_uuid(), 'cart-many-' || n, 'many-' || n, 'payment', false, '{}' from generate_series(1, 5000) n
       returning id, user_id
     ), granted as (
       insert into entitlement (id, order_id, user_id, product_key, kind, state, quantity, starts_at)
       select gen_random_uuid(), id, user_id, 'pro', 'plan', 'active', 9, now() from made
     )
     select 1`,
  );
  await app.rows(
    `insert into seat (id, order_id, number, email, user_id, expires_at, joined_at)
     select gen_random_uuid(), id, 1, 'member@example.com', 'guest-of-' || user_id, now(), now()
       from "order" where user_id like 'many-%'`,
  );
  await app.rows(`analyze "order", entitlement, seat`);
  const text = HAS.text.replaceAll("$1", "'guest-of-many-77'").replaceAll("$2", "'pro'");
  const [row] = await app.rows(`explain (format json) ${text}`);
  const plan = JSON.stringify(row);
  expect(plan).toContain("Index");
  expect(plan).not.toContain("Seq Scan");
});
