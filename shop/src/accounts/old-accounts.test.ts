import { afterAll, beforeAll, expect, test } from "vitest";
import { removeOldAccounts } from "#/accounts/old-accounts.ts";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { browserOf } from "../../../test/support/browser-of.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const idsOf = async (table: string) =>
  (await app.rows<{ id: string }>(`select id from "${table}" order by 1`)).map(({ id }) => id);

/** Somebody who looked around `days` ago, with or without a session that still runs. */
async function visitor(
  id: string,
  days: number,
  { isAnonymous = true, sessionDays = -1 } = {},
): Promise<void> {
  await app.rows(
    `insert into "user" (id, name, email, "emailVerified", "isAnonymous", "createdAt")
     values ($1, $1, $1 || '@visitor.example', false, $2, now() - make_interval(days => $3))`,
    [id, isAnonymous, days],
  );
  await app.rows(
    `insert into "session" (id, "expiresAt", token, "updatedAt", "userId")
     values ($1, now() + make_interval(days => $2), $1, now(), $1)`,
    [id, sessionDays],
  );
}

test("visitors who bought nothing are forgotten once their session has run out, and everybody else stays", async () => {
  await visitor("gone", 91);
  await visitor("still-signed-in", 91, { sessionDays: 1 });
  await visitor("came-lately", 89);
  await visitor("has-an-account", 400, { isAnonymous: false });
  await visitor("moved-long-ago", 200);
  await visitor("moved-lately", 200);
  await app.rows(
    `insert into visitor_move (visitor_id, user_id, at)
     values ('moved-long-ago', 'has-an-account', now() - interval '91 days'),
            ('moved-lately', 'has-an-account', now() - interval '89 days')`,
  );
  for (const owner of ["has-an-order", "has-a-grant", "has-a-seat"]) await visitor(owner, 400);
  const { orderId } = await app.order("ebook", { userId: "has-an-order" });
  await app.rows(
    `insert into entitlement (id, order_id, user_id, product_key, kind, state, quantity, starts_at)
     values (gen_random_uuid(), $1, 'has-a-grant', 'pro', 'plan', 'active', 1, now())`,
    [orderId],
  );
  await app.rows(
    `insert into seat (id, order_id, number, email, user_id, joined_at, expires_at)
     values (gen_random_uuid(), $1, 1, 'member@example.com', 'has-a-seat', now(), now())`,
    [orderId],
  );
  await removeOldAccounts(app.oncepaid);
  expect(await idsOf("user")).toEqual([
    "came-lately",
    "has-a-grant",
    "has-a-seat",
    "has-an-account",
    "has-an-order",
    "moved-lately",
    "still-signed-in",
  ]);
  expect(await idsOf("session")).toEqual(["still-signed-in"]);
});

test("a browser whose session still runs stays who it is", async () => {
  const browser = browserOf(app);
  await browser.buy("lasting@example.com");
  const me = () => app.get("/api/me", browser.headers());
  const before = await me();
  await removeOldAccounts(app.oncepaid);
  expect((await me()).json).toEqual(before.json);
});

test("codes and links that ran out are forgotten", async () => {
  await app.rows("delete from shop.sign_in_code");
  await app.rows(
    `insert into shop.sign_in_code (browser, email, code, expires_at)
     values ('ended', 'a', 'c', now() - interval '1 second'), ('valid', 'a', 'c', now() + interval '1 minute')`,
  );
  await app.rows(
    `insert into shop.sign_in_link (link, email, expires_at)
     values ('ended', 'a', now() - interval '1 second'), ('valid', 'a', now() + interval '1 minute')`,
  );
  await removeOldAccounts(app.oncepaid);
  expect(await app.rows("select browser from shop.sign_in_code")).toEqual([{ browser: "valid" }]);
  expect(await app.rows("select link from shop.sign_in_link")).toEqual([{ link: "valid" }]);
});
