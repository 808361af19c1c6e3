import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import type { PgBoss } from "pg-boss";
import Stripe from "stripe";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { subscribed } from "#/events/routes.ts";
import { createConfiguration } from "#/stripe/portal.ts";
import { type MailCatcher, startMailCatcher } from "../../../../../shop/embedded/mail/catcher.ts";
import type { NodeChild } from "../../../../../shop/embedded/node-child.ts";
import { ROOT } from "../../../../../shop/embedded/places.ts";
import { freePortsFrom } from "../../../../../shop/embedded/ports.ts";
import { sandboxEnv, startSandbox } from "../../../../../shop/embedded/sandbox.ts";
import { type CountingProxy, startCountingProxy } from "../../../../../test/support/counting-proxy.ts";
import {
  createDatabase,
  openPool,
  runFolder,
  type TestDatabase,
} from "../../../../../test/support/database.ts";
import { sandboxAt } from "../../../../../test/support/sandbox.ts";
import { withoutSettings } from "../../../../../test/support/settings.ts";

/** A shop that is ready for buyers, and everything that can be wrong with it, one at a time. */

const WEBHOOK = "https://shop.example/api/stripe/webhook";
const secret = () => randomBytes(32).toString("hex");

let database: TestDatabase;
let pool: pg.Pool;
let sandbox: NodeChild;
let proxy: CountingProxy;
let stripe: Stripe;
let mail: MailCatcher;
let boss: PgBoss;
let dir: string;
let env: NodeJS.ProcessEnv;
let endpoint: string;

beforeAll(async () => {
  dir = mkdtempSync(join(runFolder(), "doctor-"));
  const nextPort = freePortsFrom(25_000 + Math.floor(Math.random() * 5_000));
  [database, sandbox, mail] = await Promise.all([
    createDatabase(),
    startSandbox({ dir, nextPort, onSpawn: () => undefined }),
    startMailCatcher(dir, nextPort),
  ]);
  pool = openPool(database.url, 2);
  proxy = await startCountingProxy(sandbox.url);
  stripe = sandboxAt(sandbox.url).stripe;
  cpSync(join(ROOT, "shop", "examples", "files"), join(dir, "files"), { recursive: true });
  env = {
    ...withoutSettings(),
    ...(await sandboxEnv(sandbox.url, 3000, dir)),
    APP_URL: "https://shop.example",
    DATABASE_URL: database.url,
    STRIPE_SECRET_KEY: "sk_test_doctor",
    STRIPE_API_BASE: proxy.url,
    AUTH_SECRET: secret(),
    API_KEYS: secret(),
    ADMIN_EMAILS: "owner@shop.example",
    SMTP_URL: mail.smtpUrl,
    MAIL_FROM: "Shop <shop@shop.example>",
    STORAGE_URL: pathToFileURL(join(dir, "files")).href,
  };
  endpoint = await createEndpoint();
  const { id, product } = await stripe.prices.create({
    currency: "usd",
    unit_amount: 900,
    recurring: { interval: "month" },
    product_data: { name: "Portal" },
  });
  await createConfiguration(stripe, "https://shop.example/account", [
    { product: String(product), prices: [id] },
  ]);
  await pool.query("insert into reconcile (livemode, compared_until) values (false, now())");
  Object.assign(process.env, env);
  const { startBoss } = await import("#/outbox/boss.ts");
  const { engineIn } = await import("#/oncepaid.ts");
  const { oncepaid } = await import("../../../../../shop/src/oncepaid.ts");
  boss = await startBoss(engineIn(oncepaid()));
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  proxy.close();
  await Promise.all([sandbox.stop(), mail.stop(), pool.end()]);
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
});

type Finding = { level: string; what: string; todo?: string };
type Report = { healthy: boolean; checks: { check: string; findings: Finding[] }[] };
type Settings = Record<string, string>;
type Run = { code: number; stdout: string; stderr: string };

function doctor(more: Settings, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const command = [join(ROOT, "bin", "doctor.ts"), ...args];
    execFile(process.execPath, command, { cwd: ROOT, env: { ...env, ...more } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

async function examined(more: Settings = {}): Promise<Report & { code: number }> {
  const { code, stdout, stderr } = await doctor(more, "--json");
  if (!stdout) throw new Error(stderr);
  return { code, ...JSON.parse(stdout) };
}

const routed = subscribed();

async function createEndpoint(more: Partial<Stripe.WebhookEndpointCreateParams> = {}): Promise<string> {
  const made = await stripe.webhookEndpoints.create({
    url: WEBHOOK,
    enabled_events: routed,
    api_version: Stripe.API_VERSION,
    ...more,
  });
  return made.id;
}

const event = (outcome: string, age: string) =>
  pool.query(
    `insert into stripe_event (id, type, created, livemode, payload, outcome, received_at)
     values ('evt_planted', 'charge.refunded', now(), false, '{}', $1, now() - $2::interval)`,
    [outcome, age],
  );
const price = (more: Partial<Stripe.PriceCreateParams>) =>
  stripe.prices.create({ currency: "usd", unit_amount: 500, product_data: { name: "Planted" }, ...more });
/** The prices that push made of the catalog's amounts are off sale, until the test is over. */
const archived =
  (...keys: string[]) =>
  async () => {
    const lookup_keys = keys.map((key) => `oncepaid:${key}`);
    const { data } = await stripe.prices.list({ lookup_keys });
    for (const { id } of data) {
      await stripe.prices.update(id, { active: false });
      undo.push(() => stripe.prices.update(id, { active: true }));
    }
    return undefined;
  };
const refused = (status: number, type: string) => ({
  status,
  body: { error: { type, message: "Refused." } },
});

/** Undone in reverse after each test. */
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  proxy.answer(undefined);
  for (const again of undo.splice(0).reverse()) await again();
});

type Planted = {
  plant: string;
  with: () => Promise<Settings | undefined>;
  check: string;
  level: "warn" | "fail";
  what: RegExp;
  todo: RegExp;
};

const set = (more: Settings) => async () => more;
const sql = (text: string, back: string) => async () => {
  await pool.query(text);
  undo.push(() => pool.query(back));
  return undefined;
};
/** One endpoint more, besides the right one or in its place. */
const withEndpoint = (more: Partial<Stripe.WebhookEndpointCreateParams>) => async () => {
  undo.push(onlyTheRightEndpoint);
  await createEndpoint(more);
  return undefined;
};
const insteadOf = (more: Partial<Stripe.WebhookEndpointCreateParams>) => async () => {
  await stripe.webhookEndpoints.del(endpoint);
  return withEndpoint(more)();
};

async function onlyTheRightEndpoint(): Promise<void> {
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
  for (const { id, url } of data) if (url === WEBHOOK) await stripe.webhookEndpoints.del(id);
  endpoint = await createEndpoint();
}

const PLANTED: Planted[] = [
  {
    plant: "a setting that is no setting",
    with: set({ PORT: "many" }),
    check: "configuration",
    level: "fail",
    what: /PORT must be a port number/,
    todo: /\.env/,
  },
  {
    plant: "http in live mode",
    with: set({ STRIPE_SECRET_KEY: "sk_live_doctor", APP_URL: "http://shop.example", STRIPE_API_BASE: "" }),
    check: "configuration",
    level: "fail",
    what: /APP_URL must be https/,
    todo: /\.env/,
  },
  {
    plant: "no webhook secret",
    with: set({ STRIPE_WEBHOOK_SECRET: "" }),
    check: "configuration",
    level: "fail",
    what: /STRIPE_WEBHOOK_SECRET is missing/,
    todo: /\.env/,
  },
  {
    plant: "a loopback address with a real key",
    with: set({ APP_URL: "http://localhost:3000" }),
    check: "configuration",
    level: "warn",
    what: /Stripe can't deliver to/,
    todo: /APP_URL.*stripe listen/,
  },
  {
    plant: "no https",
    with: set({ APP_URL: "http://shop.example" }),
    check: "configuration",
    level: "warn",
    what: /without https/,
    todo: /https/,
  },
  {
    plant: "a guessable cookie secret",
    // Over https the shop doesn't even start with one.
    with: set({ APP_URL: "http://shop.example", AUTH_SECRET: "x".repeat(40) }),
    check: "secrets",
    level: "fail",
    what: /AUTH_SECRET is easy to guess/,
    todo: /openssl rand/,
  },
  {
    plant: "a guessable API key",
    with: set({ APP_URL: "http://shop.example", API_KEYS: "letmein" }),
    check: "secrets",
    level: "fail",
    what: /API_KEYS holds a key/,
    todo: /openssl rand/,
  },
  {
    plant: "no admin",
    with: set({ ADMIN_EMAILS: "" }),
    check: "admins",
    level: "warn",
    what: /ADMIN_EMAILS is empty/,
    todo: /Set ADMIN_EMAILS/,
  },
  {
    plant: "no database",
    with: set({ DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" }),
    check: "database",
    level: "fail",
    what: /can't be reached/,
    todo: /DATABASE_URL/,
  },
  {
    plant: "another time zone",
    with: set({ PGOPTIONS: "-c timezone=Asia/Kolkata" }),
    check: "database",
    level: "warn",
    what: /time zone is Asia\/Kolkata/,
    todo: /set timezone/,
  },
  {
    plant: "a migration that is missing",
    with: sql(
      "update oncepaid.migration set name = '0003_accessed' where name = '0003_access'",
      "update oncepaid.migration set name = '0003_access' where name = '0003_accessed'",
    ),
    check: "migrations",
    level: "fail",
    what: /./,
    todo: /npm start|above/,
  },
  {
    plant: "a key that Stripe refuses",
    with: async () => {
      proxy.answer(() => refused(401, "invalid_request_error"));
      return undefined;
    },
    check: "Stripe key",
    level: "fail",
    what: /refuses STRIPE_SECRET_KEY/,
    todo: /API keys/,
  },
  {
    plant: "a restricted key that may not refund",
    with: async () => {
      proxy.answer((method, path) =>
        method === "POST" && path.startsWith("/v1/refunds")
          ? refused(403, "invalid_request_error")
          : undefined,
      );
      return { STRIPE_SECRET_KEY: "rk_test_doctor" };
    },
    check: "Stripe key",
    level: "fail",
    what: /lacks “Refunds: Write”/,
    todo: /API keys/,
  },
  ...[
    ["POST /v1/subscriptions", "Subscriptions: Write", "cancel"],
    ["POST /v1/billing_portal/sessions", "Customer portal: Write", "open the portal"],
    ["GET /v1/payment_methods", "Payment Methods: Read", "see the card of a trial"],
  ].map(([call = "", permission, what]) => ({
    plant: `a restricted key that may not ${what}`,
    with: async () => {
      proxy.answer((method, path) =>
        `${method} ${path}`.startsWith(call) ? refused(403, "invalid_request_error") : undefined,
      );
      return { STRIPE_SECRET_KEY: "rk_test_doctor" };
    },
    check: "Stripe key",
    level: "fail" as const,
    what: new RegExp(`lacks “${permission}”`),
    todo: /API keys/,
  })),
  {
    plant: "a backlog nobody can look at",
    with: set({ DATABASE_URL: "postgres://127.0.0.1:1/gone" }),
    check: "backlog",
    level: "fail",
    what: /could not be looked at/,
    todo: /doctor again/,
  },
  {
    plant: "a Stripe that isn't there",
    with: set({ STRIPE_API_BASE: "http://127.0.0.1:1" }),
    check: "Stripe key",
    level: "fail",
    what: /can't be reached/,
    todo: /STRIPE_API_BASE/,
  },
  {
    plant: "a clock ten minutes off",
    with: async () => {
      proxy.answer(() => ({ headers: { date: new Date(Date.now() + 600_000).toUTCString() } }));
      return undefined;
    },
    check: "clock",
    level: "fail",
    what: /(599|600) s behind Stripe's/,
    todo: /timedatectl/,
  },
  {
    plant: "a clock two minutes off",
    with: async () => {
      proxy.answer(() => ({ headers: { date: new Date(Date.now() - 120_000).toUTCString() } }));
      return undefined;
    },
    check: "clock",
    level: "warn",
    what: /ahead of Stripe's/,
    todo: /timedatectl/,
  },
  {
    plant: "a price that isn't there",
    with: set({ STRIPE_PRICE_EBOOK: "price_gone" }),
    check: "prices",
    level: "fail",
    what: /STRIPE_PRICE_EBOOK.*doesn't have/,
    todo: /Product catalog/,
  },
  {
    plant: "nothing for sale",
    with: archived("ebook:default", "pro:default", "pro:year", "workshop:default"),
    check: "prices",
    level: "fail",
    what: /nothing is for sale/,
    todo: /STRIPE_PRICE_EBOOK/,
  },
  {
    plant: "a product without a price",
    with: archived("workshop:default"),
    check: "prices",
    level: "warn",
    what: /“workshop” has no price/,
    todo: /STRIPE_PRICE_WORKSHOP/,
  },
  {
    plant: "an archived price",
    with: async () => {
      const { id } = await price({});
      await stripe.prices.update(id, { active: false });
      return { STRIPE_PRICE_EBOOK: id };
    },
    check: "prices",
    level: "fail",
    what: /is archived/,
    todo: /Unarchive/,
  },
  {
    plant: "a plan with a price that is paid once",
    with: async () => ({ STRIPE_PRICE_PRO: (await price({ product_data: { name: "P" } })).id }),
    check: "prices",
    level: "fail",
    what: /sold as a plan/,
    todo: /recurring price/,
  },
  {
    plant: "an e-book that renews",
    with: async () => ({ STRIPE_PRICE_EBOOK: (await price({ recurring: { interval: "month" } })).id }),
    check: "prices",
    level: "fail",
    what: /its price renews/,
    todo: /one-off price/,
  },
  {
    plant: "prices in two currencies",
    with: async () => ({ STRIPE_PRICE_EBOOK: (await price({ currency: "inr" })).id }),
    check: "prices",
    level: "fail",
    what: /usd and inr|inr and usd/,
    todo: /one currency/,
  },
  {
    plant: "no webhook endpoint",
    with: set({ APP_URL: "https://other.example" }),
    check: "webhook endpoint",
    level: "fail",
    what: /no webhook endpoint for https:\/\/other\.example/,
    todo: /--fix/,
  },
  {
    plant: "a second webhook endpoint",
    with: withEndpoint({}),
    check: "webhook endpoint",
    level: "fail",
    what: /2 enabled webhook endpoints/,
    todo: /--fix/,
  },
  {
    plant: "a webhook endpoint that is disabled",
    with: async () => {
      await stripe.webhookEndpoints.update(endpoint, { disabled: true });
      undo.push(() => stripe.webhookEndpoints.update(endpoint, { disabled: false }));
      return undefined;
    },
    check: "webhook endpoint",
    level: "fail",
    what: /is disabled/,
    todo: /--fix.*reconcile/,
  },
  {
    plant: "an endpoint that isn't told of refunds",
    with: insteadOf({ enabled_events: routed.filter((type) => type !== "charge.refunded") }),
    check: "webhook endpoint",
    level: "fail",
    what: /not told of charge\.refunded/,
    todo: /--fix/,
  },
  {
    plant: "an endpoint that is told of everything",
    with: insteadOf({ enabled_events: ["*"] }),
    check: "webhook endpoint",
    level: "warn",
    what: /told of everything/,
    todo: /--fix/,
  },
  {
    plant: "an endpoint of another API version",
    with: insteadOf({ api_version: "2026-09-30.endive" }),
    check: "webhook endpoint",
    level: "fail",
    what: /API version 2026-09-30\.endive/,
    todo: /another one/,
  },
  {
    plant: "plans without a customer portal",
    with: async () => {
      proxy.answer((_, path) =>
        path.startsWith("/v1/billing_portal/configurations")
          ? { body: { object: "list", data: [], has_more: false, url: "/v1/billing_portal/configurations" } }
          : undefined,
      );
      return undefined;
    },
    check: "customer portal",
    level: "fail",
    what: /no configuration/,
    todo: /--fix/,
  },
  {
    plant: "no mail server",
    with: set({ SMTP_URL: "smtp://127.0.0.1:1" }),
    check: "mail",
    level: "fail",
    what: /doesn't take mail/,
    todo: /SMTP_URL/,
  },
  {
    plant: "mail switched off",
    with: set({ SMTP_URL: "" }),
    check: "mail",
    level: "warn",
    what: /SMTP_URL is not set/,
    todo: /Set SMTP_URL/,
  },
  {
    plant: "files that are not where they are looked for",
    with: set({ STORAGE_URL: "file:///nowhere/at/all" }),
    check: "files",
    level: "fail",
    what: /field-guide\.pdf/,
    todo: /Put the file there/,
  },
  {
    plant: "no worker",
    with: sql(
      "update oncepaid_jobs.instance set stopped_on = now()",
      "update oncepaid_jobs.instance set stopped_on = null",
    ),
    check: "workers",
    level: "fail",
    what: /No worker is alive/,
    todo: /Start the app/,
  },
  {
    plant: "work that nobody queues",
    with: sql(
      "insert into outbox (queue, key, data, created_at) values ('mail', 'planted', '{}', now() - interval '1 hour')",
      "delete from outbox where key = 'planted'",
    ),
    check: "workers",
    level: "fail",
    what: /1 pieces of work wait/,
    todo: /log/,
  },
  {
    plant: "an event that fails for hours",
    with: async () => {
      await event("failed", "5 hours");
      undo.push(() => pool.query("delete from stripe_event where id = 'evt_planted'"));
      return undefined;
    },
    check: "backlog",
    level: "fail",
    what: /could not be applied, the oldest 5 h ago/,
    todo: /npm run replay/,
  },
  {
    plant: "an event in quarantine",
    with: async () => {
      await event("quarantined", "1 hour");
      undo.push(() => pool.query("delete from stripe_event where id = 'evt_planted'"));
      return undefined;
    },
    check: "backlog",
    level: "warn",
    what: /1 events are quarantined/,
    todo: /outcome=quarantined/,
  },
  {
    plant: "a product that people have, which has left the catalog",
    with: sql(
      `with sold as (
         insert into "order" (id, cart_id, user_id, status, mode, livemode, facts)
         values ('01890000-0000-7000-8000-00000000d0c2', 'cart-left', 'buyer', 'FULFILLED', 'payment', false, '{}') returning id)
       insert into entitlement (id, order_id, user_id, product_key, kind, state, quantity, starts_at)
       select gen_random_uuid(), id, 'buyer', 'atlas', 'download', 'active', 1, now() from sold`,
      `with gone as (delete from entitlement where product_key = 'atlas') delete from "order" where cart_id = 'cart-left'`,
    ),
    check: "catalog",
    level: "warn",
    what: /“atlas” is not in the catalog any more, and people have it \(1\)/,
    todo: /products\.ts/,
  },
  {
    plant: "an order that was paid for a product which has left the catalog",
    with: sql(
      `with sold as (
         insert into "order" (id, cart_id, user_id, status, mode, livemode, facts, paid_at)
         values ('01890000-0000-7000-8000-00000000d0c3', 'cart-left', 'buyer', 'PAID', 'payment', false, '{}', now()) returning id)
       insert into order_item (order_id, product_key, quantity) select id, 'globe', 1 from sold`,
      `with gone as (delete from order_item where product_key = 'globe') delete from "order" where cart_id = 'cart-left'`,
    ),
    check: "catalog",
    level: "fail",
    what: /“globe” is not in the catalog any more, and was paid without being granted/,
    todo: /products\.ts/,
  },
  {
    plant: "a paid order nobody fulfilled",
    with: sql(
      `insert into "order" (id, cart_id, user_id, status, mode, livemode, facts, paid_at)
       values ('01890000-0000-7000-8000-00000000d0c1', 'cart-planted', 'buyer', 'PAID', 'payment', false, '{}', now() - interval '1 hour')`,
      "delete from \"order\" where cart_id = 'cart-planted'",
    ),
    check: "backlog",
    level: "fail",
    what: /paid 60 min ago and is not fulfilled/,
    todo: /npm run reconcile/,
  },
  {
    plant: "an endpoint of outbound webhooks that took nothing for days",
    with: sql(
      "update webhook_endpoint set disabled_at = now(), disabled_because = 'failing' where url is null",
      "update webhook_endpoint set disabled_at = null, disabled_because = null where url is null",
    ),
    check: "backlog",
    level: "fail",
    what: /took nothing for days/,
    todo: /PATCH \/api\/webhook-endpoints\//,
  },
  {
    plant: "nothing compared for two days",
    with: sql(
      "update reconcile set compared_until = now() - interval '2 days'",
      "update reconcile set compared_until = now()",
    ),
    check: "reconcile",
    level: "warn",
    what: /last compared .* 2 days ago/,
    todo: /npm run reconcile/,
  },
];

test("a shop that is ready is all green", async () => {
  const { healthy, checks, code } = await examined();
  expect(checks.flatMap(({ findings }) => findings.filter(({ level }) => level !== "ok"))).toEqual([]);
  expect({ healthy, code }).toEqual({ healthy: true, code: 0 });
});

test.each(PLANTED)("$plant is found, with what to do", async (planted) => {
  const { healthy, checks, code } = await examined(await planted.with());
  const findings = checks.find(({ check }) => check === planted.check)?.findings ?? [];
  expect(findings).toContainEqual({
    level: planted.level,
    what: expect.stringMatching(planted.what),
    todo: expect.stringMatching(planted.todo),
  });
  if (planted.level === "fail") expect({ healthy, code }).toEqual({ healthy: false, code: 1 });
});

test("--fix makes the endpoint in the right version, shows its secret once, then disables the old one", async () => {
  await insteadOf({ api_version: "2026-09-30.endive" })();
  const calls = proxy.calls().length;
  const { code, stdout, stderr } = await doctor({}, "--fix");
  expect(code, stdout + stderr).toBe(0);
  expect(stderr).toMatch(/Made the webhook endpoint we_\w+[\s\S]*whsec_\w+[\s\S]*STRIPE_WEBHOOK_SECRET/);
  const changed = proxy
    .calls()
    .slice(calls)
    .filter((call) => call.startsWith("POST /v1/webhook_endpoints"));
  // First the new one, then the old one: between them both deliver, and never none.
  expect(changed).toEqual([
    "POST /v1/webhook_endpoints",
    expect.stringMatching(/^POST \/v1\/webhook_endpoints\/we_/),
  ]);
  const again = await doctor({}, "--fix");
  expect(again.stderr).toBe("");
});

test("--fix shows the new endpoint's secret although the old one can't be disabled then", async () => {
  await insteadOf({ api_version: "2026-09-30.endive" })();
  proxy.answer((method, path) =>
    method === "POST" && path.startsWith("/v1/webhook_endpoints/we_")
      ? refused(403, "invalid_request_error")
      : undefined,
  );
  const { code, stdout, stderr } = await doctor({}, "--fix");
  expect(code).toBe(1);
  expect(stderr).toMatch(/Made the webhook endpoint we_\w+[\s\S]*whsec_\w+[\s\S]*STRIPE_WEBHOOK_SECRET/);
  expect(stdout).toMatch(/could not be set right to the end: Refused\.\n +→ .*--fix/);
});

test("--fix makes the first endpoint although its secret, the database and AUTH_SECRET are still to come", async () => {
  const first = {
    APP_URL: "https://first.example",
    STRIPE_WEBHOOK_SECRET: "",
    DATABASE_URL: "",
    AUTH_SECRET: "",
  };
  const without = await doctor(first);
  expect([without.code, without.stderr]).toEqual([1, ""]);
  const { code, stdout, stderr } = await doctor(first, "--fix");
  expect(stderr).toMatch(/Made the webhook endpoint we_\w+[\s\S]*whsec_\w+/);
  expect(code).toBe(1);
  for (const missing of Object.keys(first).slice(1)) expect(stdout).toContain(`${missing} is missing`);
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
  const made = data.filter(({ url }) => url === "https://first.example/api/stripe/webhook");
  expect(made).toMatchObject([{ status: "enabled", api_version: Stripe.API_VERSION }]);
  // A value that is wrong, not missing, is set right first.
  const wrong = await doctor({ ...first, APP_URL: "https://second.example", WORKER: "perhaps" }, "--fix");
  expect([wrong.code, wrong.stderr]).toEqual([1, ""]);
});

test("--fix makes a portal where seats and plans can be changed, and one that can't is told of", async () => {
  const { configurations } = stripe.billingPortal;
  const { data } = await configurations.list({ active: true });
  for (const { id } of data) await configurations.update(id, { active: false });
  await doctor({}, "--fix");
  const [made] = (await configurations.list({ active: true, limit: 1 })).data;
  expect(made?.features.subscription_update).toMatchObject({
    enabled: true,
    default_allowed_updates: ["quantity", "price"],
    // By the month and by the year.
    products: [
      {
        adjustable_quantity: { enabled: true },
        prices: [expect.stringMatching(/^price_/), expect.stringMatching(/^price_/)],
      },
    ],
  });
  const found = async () =>
    (await examined()).checks.find(({ check }) => check === "customer portal")?.findings;
  expect(await found()).toMatchObject([{ level: "ok" }]);
  const poor = await configurations.create({ features: { invoice_history: { enabled: true } } });
  expect(await found()).toMatchObject([{ level: "warn", what: expect.stringContaining(poor.id) }]);
  await configurations.update(poor.id, { active: false });
});

test("an event destination with thin payloads is an endpoint too, beside a webhook endpoint or in place of it", async () => {
  const { core } = stripe.v2;
  const destination = await core.eventDestinations.create({
    name: "Thin",
    type: "webhook_endpoint",
    event_payload: "thin",
    enabled_events: routed.map((type) => `v1.${type}`),
    webhook_endpoint: { url: WEBHOOK },
  });
  const found = async () =>
    (await examined()).checks.find(({ check }) => check === "webhook endpoint")?.findings;
  try {
    expect(await found()).toMatchObject([{ level: "ok", what: expect.stringContaining(endpoint) }]);
    await stripe.webhookEndpoints.del(endpoint);
    expect(await found()).toMatchObject([
      { level: "ok", what: expect.stringMatching(/ed_.* thin: each costs a call/) },
    ]);
    await core.eventDestinations.update(destination.id, {
      enabled_events: ["v1.checkout.session.completed"],
    });
    expect(await found()).toMatchObject([
      { level: "fail", what: expect.stringContaining("customer.deleted") },
    ]);
  } finally {
    await core.eventDestinations.del(destination.id);
    await onlyTheRightEndpoint();
  }
});

test("what a person reads holds no secret, whatever is wrong", async () => {
  const more = {
    APP_URL: "http://shop.example",
    AUTH_SECRET: "y".repeat(40),
    API_KEYS: "letmein-now",
    SMTP_URL: "smtp://shop:p4ssw0rd@127.0.0.1:1",
  };
  const { stdout, stderr } = await doctor(more);
  for (const word of ["yyyy", "letmein", "p4ssw0rd", "sk_test_doctor", "whsec_", "postgres://"]) {
    expect(stdout + stderr).not.toContain(word);
  }
  expect(stdout).toMatch(/✗ secrets/);
  expect(stdout).toMatch(/4 to set right before buyers come/);
});
