import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deliver } from "#/notify/deliver.ts";
import { listDeliveries, showDelivery } from "#/notify/deliveries.ts";
import type { WebhookEndpoint } from "#/notify/endpoints.ts";
import { announceStuckDeliveries } from "#/notify/stuck.ts";
import { withBoss } from "#/outbox/boss.ts";
import { enqueue, type WebhookDelivery } from "#/outbox/jobs.ts";
import { relayOnce } from "#/outbox/relay.ts";
import { removeOldRows } from "#/recovery/old-rows.ts";
import { until } from "../../../../shop/embedded/alive.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed } from "../../../../test/support/events.ts";

/** Without a worker: what is queued is handed to the handler here, so that each order of steps can be had. */

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
type Told = { path: string; headers: IncomingHttpHeaders; body: string };

let app: TestApi;
let server: Server;
let base: string;
let told: Told[] = [];
/** What is answered, by path; 204 where nothing is said. */
let answers: Record<string, number> = {};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const path = request.url ?? "";
    told.push({ path, headers: request.headers, body });
    response.writeHead(answers[path] ?? 204).end(answers[path] ? `no: ${path}` : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  app = await startApi({ OUTBOUND_WEBHOOK_URL: `${base}/settings`, OUTBOUND_WEBHOOK_SECRET: SECRET });
});
afterAll(async () => {
  await app.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  told = [];
  answers = {};
  await app.rows("delete from webhook_endpoint where url is not null");
  await app.rows("delete from webhook_delivery");
  await app.rows("delete from outbox");
  await app.rows("delete from oncepaid_jobs.job where name = 'outbound_webhook'");
  for (const { id } of await app.oncepaid.endpoints.list()) {
    await app.oncepaid.endpoints.change(id, { enabled: true, by: "test" });
  }
});

async function endpoint(path: string, more: { events?: WebhookEndpoint["events"] } = {}) {
  const made = await app.oncepaid.endpoints.create({ url: base + path, by: "ada", ...more });
  if (!made.ok) throw new Error(made.error);
  return { ...made.endpoint, secret: made.secret };
}

/** Only endpoints of the test are told. */
async function settingsRest() {
  const [settings] = await app.oncepaid.endpoints.list();
  await app.oncepaid.endpoints.change(settings?.id ?? "", { enabled: false, by: "test" });
}

type Queued = { key: string; data: WebhookDelivery };

/** Hands on what stands in the outbox, and takes what is queued for outbound webhooks. */
async function queued(): Promise<Queued[]> {
  await withBoss(app.engine.settings, { migrate: false }, (boss) => relayOnce(app.engine, boss));
  const rows = await app.rows<{ data: Queued }>(
    "delete from oncepaid_jobs.job where name = 'outbound_webhook' and state = 'created' returning data",
  );
  return rows.map(({ data }) => data).sort((a, b) => (a.key > b.key ? 1 : -1));
}

/** True where it needs no further try. */
const does = ({ key, data }: Queued, isLast = false) =>
  deliver(app.engine, key, data, isLast).then(
    () => true,
    () => false,
  );

/** Does whatever is queued, and what that queues, until there is nothing. */
async function doAll(): Promise<void> {
  for (let jobs = await queued(); jobs.length > 0; jobs = await queued()) {
    for (const job of jobs) await does(job);
  }
}

const tell = (orderId: string, ...keys: string[]) =>
  enqueue(
    app.engine,
    app.engine.database,
    keys.map((key) => ({ queue: "outbound_webhook", key, data: { type: "order.refunded", orderId } })),
  );

const at = (path: string) => told.filter((one) => one.path === path);
const typesAt = (path: string) =>
  at(path)
    .map(({ body }) => JSON.parse(body).type)
    .sort();
const outcomes = async (id: string) =>
  (await listDeliveries(app.engine, id)).deliveries.map(({ outcome }) => outcome).reverse();

function isSignedWith(secret: string, { headers, body }: Told): boolean {
  try {
    new Webhook(secret).verify(
      body,
      Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)])),
    );
    return true;
  } catch {
    return false;
  }
}

test("each endpoint is told the types it wants, signed with its own secret, under one webhook-id", async () => {
  const all = await endpoint("/all");
  const some = await endpoint("/some", { events: ["order.fulfilled"] });
  const payment = await app.order();
  await app.deliver(completed(payment));
  await doAll();
  expect(typesAt("/settings")).toEqual(["entitlement.changed", "order.fulfilled"]);
  expect(typesAt("/all")).toEqual(["entitlement.changed", "order.fulfilled"]);
  expect(typesAt("/some")).toEqual(["order.fulfilled"]);
  for (const one of at("/all"))
    expect([SECRET, some.secret, all.secret].map((s) => isSignedWith(s, one))).toEqual([false, false, true]);
  for (const one of at("/settings")) expect(isSignedWith(SECRET, one)).toBe(true);
  expect(new Set(told.map(({ headers }) => headers["webhook-id"])).size).toBe(2);

  const listed = await app.get("/api/webhook-endpoints", app.asServer);
  expect(JSON.stringify(listed.json)).not.toContain("whsec_");
  expect(listed.json.endpoints).toMatchObject([
    { fromSettings: true, url: `${base}/settings` },
    { url: `${base}/all`, events: null, createdBy: "ada" },
    { url: `${base}/some`, events: ["order.fulfilled"] },
  ]);
});

test("nothing is written for other servers while there are none", async () => {
  await settingsRest();
  const payment = await app.order();
  await app.deliver(completed(payment));
  expect(await app.rows("select from outbox where queue = 'outbound_webhook'")).toEqual([]);
  await endpoint("/late");
  await tell(payment.orderId, "re_late");
  await doAll();
  expect(typesAt("/late")).toEqual(["order.refunded"]);
});

test("of one order an endpoint hears in order, whatever fails; other orders don't wait for it", async () => {
  await settingsRest();
  const { id } = await endpoint("/ordered");
  const [one, other] = [await app.order(), await app.order()];
  answers = { "/ordered": 500 };
  await tell(one.orderId, "a1", "a2", "a3");
  await tell(other.orderId, "b1");
  const jobs = await queued();
  expect(await Promise.all(jobs.map((job) => does(job)))).toEqual([false, true, true, false]);
  expect(told).toHaveLength(2);
  answers = {};
  const [first] = jobs;
  if (first) await does(first);
  await doAll();
  const ids = at("/ordered").map(({ headers }) => headers["webhook-id"]);
  const shown = (await listDeliveries(app.engine, id)).deliveries.reverse();
  // a1 failed and b1 failed, then a1, a2, a3.
  expect(ids.slice(2)).toEqual(shown.slice(0, 3).map(({ webhookId }) => webhookId));
  expect(await outcomes(id)).toEqual(["delivered", "delivered", "delivered", null]);
});

test("what is given up lets the next one go, and a person may have it sent again", async () => {
  await settingsRest();
  const { id } = await endpoint("/lost");
  const { orderId } = await app.order();
  await tell(orderId, "lost", "next");
  const [lost, next] = await queued();
  answers = { "/lost": 503 };
  if (!lost || !next) throw new Error("Two were queued.");
  expect(await does(next)).toBe(true);
  expect(await does(lost, true)).toBe(false);
  answers = {};
  await doAll();
  expect(await outcomes(id)).toEqual(["given_up", "delivered"]);
  // As /admin sends back what was given up: the same job.
  expect(await does(lost)).toBe(true);
  expect(await outcomes(id)).toEqual(["delivered", "delivered"]);
  expect(await does(lost)).toBe(true);
  expect(at("/lost")).toHaveLength(3);
});

test("whoever settles one and whoever looks at the next at the same moment lose none", async () => {
  await settingsRest();
  const { id } = await endpoint("/race");
  for (let round = 0; round < 15; round++) {
    const { orderId } = await app.order();
    await tell(orderId, `first ${round}`, `second ${round}`);
    await Promise.all((await queued()).map((job) => does(job)));
    await doAll();
  }
  const all = await outcomes(id);
  expect(all).toHaveLength(30);
  expect(new Set(all)).toEqual(new Set(["delivered"]));
});

test("who looks at the next one while the one before is being settled waits for that, and then sends it", async () => {
  await settingsRest();
  const { id } = await endpoint("/waits");
  const { orderId } = await app.order();
  await tell(orderId, "waits 1", "waits 2");
  const [, second] = await queued();
  if (!second) throw new Error("Two were queued.");
  const settling = await app.connection();
  try {
    await settling.query("begin");
    await settling.query(
      "update webhook_delivery set outcome = 'delivered', settled_at = now() where endpoint_id = $1 and key = 'waits 1'",
      [id],
    );
    const looks = does(second);
    await until(async () => (await waiting()) > 0, 5_000);
    await settling.query("commit");
    expect(await looks).toBe(true);
  } finally {
    settling.release();
  }
  expect(await outcomes(id)).toEqual(["delivered", "delivered"]);
  expect(at("/waits")).toHaveLength(1);
});

const waiting = async () =>
  (
    await app.rows<{ count: number }>(
      "select count(*)::integer from pg_stat_activity where wait_event_type = 'Lock' and query like '%webhook_delivery%' and datname = current_database()",
    )
  )[0]?.count ?? 0;

test("while one relay makes deliveries no other does, and other work goes on", async () => {
  const { orderId } = await app.order();
  await tell(orderId, "relayed alone");
  await app.oncepaid.jobs.add([{ queue: "mail", key: "relayed:1", data: {} }]);
  const relay = await app.connection();
  try {
    await relay.query("begin");
    await relay.query("select pg_advisory_xact_lock(hashtext('oncepaid.webhook_delivery'))");
    expect(await queued()).toEqual([]);
    const left = await app.rows<{ key: string }>("select key from outbox where key like 'relayed%'");
    expect(left).toEqual([{ key: "relayed alone" }]);
    await relay.query("commit");
  } finally {
    relay.release();
  }
  expect(await queued()).toHaveLength(1);
});

test("two workers at one delivery tell it under one webhook-id and settle it once", async () => {
  await settingsRest();
  const { id } = await endpoint("/twice");
  const { orderId } = await app.order();
  await tell(orderId, "twice", "after twice");
  const [after, twice] = await queued();
  if (!twice || !after) throw new Error("Two were queued.");
  await Promise.all([does(twice), does(twice)]);
  const jobs = await queued();
  expect(jobs).toHaveLength(1);
  for (const job of [...jobs, after]) await does(job);
  const [{ attempts } = { attempts: 0 }] = (await listDeliveries(app.engine, id)).deliveries.reverse();
  expect(at("/twice")).toHaveLength(attempts + 1);
  expect(new Set(at("/twice").map(({ headers }) => headers["webhook-id"])).size).toBe(2);
});

test("two relays at once keep the order in which things happened", async () => {
  await settingsRest();
  const { id } = await endpoint("/relays");
  const { orderId } = await app.order();
  const keys = Array.from({ length: 40 }, (_, n) => `relayed ${String(n).padStart(2, "0")}`);
  for (const key of keys) await tell(orderId, key);
  await withBoss(app.engine.settings, { migrate: false }, (boss) =>
    Promise.all([relayOnce(app.engine, boss), relayOnce(app.engine, boss), relayOnce(app.engine, boss)]),
  );
  await queued();
  const rows = await app.rows<{ key: string }>(
    "select key from webhook_delivery where endpoint_id = $1 order by seq",
    [id],
  );
  expect(rows.map(({ key }) => key)).toEqual(keys);
});

test("each try is kept with what was sent and what was answered, and is shown; one is sent again", async () => {
  const { id } = await endpoint("/shown");
  const { orderId } = await app.order();
  answers = { "/shown": 418 };
  await tell(orderId, "shown");
  await doAll();
  answers = {};
  const page = await app.get(`/api/webhook-endpoints/${id}/deliveries`, app.asServer);
  expect(page.json).toMatchObject({
    deliveries: [{ orderId, outcome: null, attempts: 1, status: 418 }],
    next: null,
  });
  const [{ id: deliveryId } = { id: "" }] = (await listDeliveries(app.engine, id)).deliveries;
  const path = `/api/webhook-deliveries/${deliveryId}`;
  expect((await app.post(`${path}/resend`, {}, app.asServer)).status).toBe(200);
  await doAll();
  const shown = await showDelivery(app.engine, deliveryId);
  if (!shown.ok) throw new Error(shown.error);
  expect(shown.delivery).toMatchObject({ outcome: "delivered", attempts: 2, status: 204 });
  expect(shown.attempts).toMatchObject([
    { status: 204, answer: "" },
    { status: 418, answer: "no: /shown" },
  ]);
  const [first] = at("/shown");
  expect(shown.attempts[1]?.request.body).toBe(first?.body);
  expect(shown.attempts[1]?.request.headers["webhook-signature"]).toBe(first?.headers["webhook-signature"]);
  expect((await app.get(path, app.asServer)).json.attempts).toEqual(shown.attempts);

  await app.oncepaid.endpoints.change(id, { enabled: false, by: "ada" });
  expect((await app.post(`${path}/resend`, {}, app.asServer)).json.code).toBe("endpoint_disabled");
});

test("while a secret is replaced both sign; a second replacement waits, and a leaked one is ended at once", async () => {
  await settingsRest();
  const { id, secret } = await endpoint("/rotated");
  const { orderId } = await app.order();
  const rotations = await Promise.all([
    app.oncepaid.endpoints.rotate(id, { by: "ada" }),
    app.oncepaid.endpoints.rotate(id, { by: "bob" }),
  ]);
  const rotated = rotations.find((one) => one.ok);
  expect(rotations.find((one) => !one.ok)).toMatchObject({ code: "secret_rotating" });
  if (!rotated?.ok) throw new Error("One of them is done.");
  expect(rotated.endpoint.formerSecretUntil).not.toBeNull();
  const isSigned = async (key: string) => {
    await tell(orderId, key);
    await doAll();
    const newest = at("/rotated").at(-1);
    return [secret, rotated.secret].map((one) => newest !== undefined && isSignedWith(one, newest));
  };
  expect(await isSigned("both")).toEqual([true, true]);
  await app.rows("update webhook_endpoint set former_secret_until = now() where id = $1", [id]);
  expect(await isSigned("new alone")).toEqual([false, true]);
  const leaked = await app.post(`/api/webhook-endpoints/${id}/secret`, { overlapHours: 0 }, app.asServer);
  expect(leaked.json).toMatchObject({
    endpoint: { formerSecretUntil: null },
    secret: expect.stringMatching(/^whsec_/),
  });
  expect(await isSigned("neither")).toEqual([false, false]);
});

test("an endpoint that takes nothing for three days rests: what waits is dropped, and it can be woken", async () => {
  await settingsRest();
  const { id } = await endpoint("/dead");
  const { orderId } = await app.order();
  answers = { "/dead": 500 };
  await tell(orderId, "dead 1", "dead 2");
  const [first] = await queued();
  if (!first) throw new Error("It was queued.");
  await app.rows(
    "update webhook_endpoint set failures = 18, failing_since = now() - interval '4 days' where id = $1",
    [id],
  );
  await does(first);
  expect((await app.oncepaid.endpoints.list()).at(-1)).toMatchObject({ failures: 19, disabledAt: null });
  await does(first);
  expect((await app.oncepaid.endpoints.list()).at(-1)).toMatchObject({ disabledBecause: "failing" });
  // Whoever runs the shop gets a mail.
  const mails = await app.rows<{ data: object }>(
    "select data from outbox where queue = 'mail' and key like 'endpoint_rested:%'",
  );
  expect(mails).toMatchObject([{ data: { mail: "endpoint_rested", endpointId: id } }]);
  expect(await outcomes(id)).toEqual(["dropped", "dropped"]);
  // The job of before finds nothing to do.
  expect(await does(first)).toBe(true);
  await tell(orderId, "dead 3");
  expect(await queued()).toEqual([]);
  answers = {};
  const woken = await app.patch(`/api/webhook-endpoints/${id}`, { enabled: true }, app.asServer);
  expect(woken.json.endpoint).toMatchObject({ disabledAt: null, failures: 0, failingSince: null });
  await tell(orderId, "dead 4");
  await doAll();
  expect((await outcomes(id)).at(-1)).toBe("delivered");
});

test("failures that a success parts don't add up, many in a short time rest nobody, and one that is gone rests at once", async () => {
  await settingsRest();
  const { id } = await endpoint("/shaky");
  const { orderId } = await app.order();
  await app.rows(
    "update webhook_endpoint set failures = 900, failing_since = now() - interval '1 day' where id = $1",
    [id],
  );
  answers = { "/shaky": 500 };
  await tell(orderId, "shaky");
  const [job] = await queued();
  if (!job) throw new Error("It was queued.");
  await does(job);
  answers = {};
  await does(job);
  expect((await app.oncepaid.endpoints.list()).at(-1)).toMatchObject({
    failures: 0,
    failingSince: null,
    disabledAt: null,
  });
  answers = { "/shaky": 410 };
  await tell(orderId, "gone");
  await doAll();
  expect((await app.oncepaid.endpoints.list()).at(-1)).toMatchObject({ disabledBecause: "failing" });
});

test("one that is removed while something is sent to it leaves nothing, and that of the settings stays as they say", async () => {
  const { id } = await endpoint("/removed");
  const { orderId } = await app.order();
  await tell(orderId, "removed");
  const jobs = await queued();
  const sent = Promise.all(jobs.map((job) => does(job)));
  expect((await app.delete(`/api/webhook-endpoints/${id}`, app.asServer)).json).toEqual({ removed: true });
  expect(await sent).toEqual([true, true]);
  expect(await app.rows("select from webhook_delivery where endpoint_id = $1", [id])).toEqual([]);
  expect((await app.delete(`/api/webhook-endpoints/${id}`, app.asServer)).status).toBe(404);
  const [settings] = await app.oncepaid.endpoints.list();
  for (const refused of [
    await app.oncepaid.endpoints.remove(settings?.id ?? "", { by: "ada" }),
    await app.oncepaid.endpoints.rotate(settings?.id ?? "", { by: "ada" }),
    await app.oncepaid.endpoints.change(settings?.id ?? "", { url: "https://x.example", by: "ada" }),
  ]) {
    expect(refused).toMatchObject({ ok: false, code: "endpoint_of_settings" });
  }
});

test.each([
  [{ url: "ftp://x.example" }],
  [{ url: "http://x.example" }],
  [{ url: "https://user:password@x.example" }],
  [{ url: "nowhere" }],
  [{ url: "https://x.example", events: [] }],
  [{ url: "https://x.example", events: ["order.made"] }],
  [{}],
])("%j makes no endpoint", async (body) => {
  const { status, json } = await app.post("/api/webhook-endpoints", body, app.asServer);
  expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid_request" });
});

test("a delivery whose job was lost is announced again, once; settled ones are removed after a time", async () => {
  await settingsRest();
  const { id } = await endpoint("/stuck");
  const { orderId } = await app.order();
  await tell(orderId, "stuck 1", "stuck 2");
  await queued();
  expect(await announceStuckDeliveries(app.engine)).toBe(0);
  await app.rows("update webhook_delivery set created_at = now() - interval '3 hours'");
  await Promise.all([announceStuckDeliveries(app.engine), announceStuckDeliveries(app.engine)]);
  expect(await queued()).toHaveLength(1);
  await announceStuckDeliveries(app.engine);
  // The same hour, the same job: what removed it here forgot that.
  await doAll();
  expect(await outcomes(id)).toEqual(["delivered", "delivered"]);
  await app.rows("update webhook_delivery set settled_at = now() - interval '32 days' where key = 'stuck 1'");
  await removeOldRows(app.engine);
  expect(await outcomes(id)).toEqual(["delivered"]);
  expect((await app.rows("select from webhook_attempt")).length).toBe(1);
});

test("a job of the time when there was one endpoint is told too", async () => {
  const { orderId } = await app.order();
  await deliver(app.engine, "old", { type: "order.fulfilled", orderId }, false);
  await doAll();
  expect(typesAt("/settings")).toEqual(["order.fulfilled"]);
});
