import pg from "pg";
import { makeSignInCode } from "../shop/src/accounts/codes.ts";
import { quantile } from "./load.ts";
import type { BenchedShop } from "./shop.ts";

/** What an operator waits for, in a shop that has sold for long (stored.ts). */

export const OPERATOR = "operator@example.com";
const VISITS = 5;
/** Of the export so many lines say how fast it is. */
const EXPORTED = 20_000;

export type DeskPage = { path: string; milliseconds: number };

/** The middle of some visits to each page, the whole of it; and how many orders a second the export writes. */
export async function measureDeskPages(
  shop: BenchedShop,
  count: number,
): Promise<{ pages: DeskPage[]; ordersPerSecond: number }> {
  const client = new pg.Client({ connectionString: shop.databaseUrl });
  await client.connect();
  try {
    const cookie = await signIn(shop, client);
    const pages: DeskPage[] = [];
    for (const path of await pathsOf(client, count)) {
      const taken: number[] = [];
      // The first one fills caches.
      for (let visit = 0; visit <= VISITS; visit++) taken.push(await visited(shop, path, cookie));
      pages.push({ path, milliseconds: quantile(taken.slice(1), 0.5) });
    }
    return { pages, ordersPerSecond: await exported(shop, cookie) };
  } finally {
    await client.end();
  }
}

async function signIn({ url }: BenchedShop, client: pg.Client): Promise<string> {
  const post = (path: string, body: object, cookie = "") =>
    fetch(`${url}/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url, cookie },
      body: JSON.stringify(body),
    });
  const asked = await post("email-otp/send-verification-otp", { email: OPERATOR });
  const { rows } = await client.query<{ browser: string }>(
    `select data ->> 'browser' as browser from oncepaid.outbox where queue = 'mail' and data ->> 'email' = $1
      order by id desc limit 1`,
    [OPERATOR],
  );
  const [mail] = rows;
  if (!mail) throw new Error("No code was sent to the operator.");
  const otp = await makeSignInCode({ browser: mail.browser, email: OPERATOR });
  const answer = await post("sign-in/email-otp", { email: OPERATOR, otp }, cookiesOf(asked));
  if (!answer.ok) throw new Error(`Signing in was answered ${answer.status}.`);
  return cookiesOf(answer);
}

function cookiesOf({ headers }: Response): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** Every page of the desk, and the searches that are hardest for it: for what few orders have, and for what all of them have. */
async function pathsOf(client: pg.Client, count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string; user: string; payment: string; event: string }>(
    `select o.id, o.user_id as user, o.stripe_payment_intent_id as payment,
            (select e.id from oncepaid.stripe_event e where e.order_id = o.id limit 1) as event
       from oncepaid."order" o where o.user_id like '%x' || $1`,
    [Math.floor(count / 2)],
  );
  const [one] = rows;
  if (!one) throw new Error("There is no order in the middle.");
  const { id, user, payment, event } = one;
  const orders = [
    "",
    `after=${id}`,
    `q=${user.replace("buyer-", "")}`,
    "q=storedcopy0x77",
    "q=stored",
    "q=lovelace",
    "q=nobody",
    "q=ada+lovelace&status=REFUNDED",
    `q=${payment}`,
    `q=${id.slice(0, 8)}`,
    "status=FULFILLED",
    "status=REFUNDED",
    "status=PENDING",
    "product=ebook",
    "product=pro",
  ];
  return [
    "/admin",
    ...orders.map((query) => `/admin/orders${query && `?${query}`}`),
    `/admin/orders/${id}`,
    `/admin/customers/${user}`,
    "/admin/plans",
    "/admin/slots",
    "/admin/codes",
    "/admin/events",
    "/admin/events?type=checkout.session.completed",
    "/admin/events?outcome=quarantined",
    `/admin/events/${event}`,
    "/admin/jobs",
    "/admin/recovery",
    "/admin/audit",
    "/admin/audit?by=one@example.com",
    "/admin/audit?by=nobody@example.com",
    "/admin/audit?area=slot",
    "/admin/operators",
    "/admin/passkeys",
    "/admin/keys",
    "/admin/endpoints",
  ];
}

async function visited({ url }: BenchedShop, path: string, cookie: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(url + path, { headers: { cookie } });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}.`);
  return performance.now() - began;
}

async function exported({ url }: BenchedShop, cookie: string): Promise<number> {
  const enough = new AbortController();
  const began = performance.now();
  const answer = await fetch(`${url}/admin/orders/export`, { headers: { cookie }, signal: enough.signal });
  let lines = -1;
  for await (const chunk of answer.body ?? []) {
    lines += chunk.filter((byte) => byte === 10).length;
    if (lines >= EXPORTED) break;
  }
  const seconds = (performance.now() - began) / 1000;
  enough.abort();
  return lines / seconds;
}
