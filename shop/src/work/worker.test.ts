import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { enqueue, type Job } from "../../../packages/oncepaid/src/outbox/jobs.ts";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { type Command, runCommand } from "../../../test/support/command.ts";
import { runFolder } from "../../../test/support/database.ts";
import { completed, event } from "../../../test/support/events.ts";
import { until } from "../../embedded/alive.ts";
import { type MailCatcher, startMailCatcher } from "../../embedded/mail/catcher.ts";
import { freePortsFrom } from "../../embedded/ports.ts";

/** Workers are processes of their own here, as `npm run worker` starts them, and some of them are killed. */
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
/** Milliseconds; a killed worker is replaced within 30 s, and this machine may be busy. */
const PATIENCE = 60_000;
vi.setConfig({ testTimeout: 3 * PATIENCE });

type Told = { id: string; body: string };
const receiver = {
  told: [] as Told[],
  answer: 200,
  delayMs: 0,
  unsigned: 0,
  /** After this many nothing is answered until it is let go. */
  holdAfter: Number.POSITIVE_INFINITY,
  letGo: Promise.withResolvers<void>(),
};

let app: TestApi;
let mail: MailCatcher;
let server: Server;
const workers: Command[] = [];

beforeAll(async () => {
  mail = await startMailCatcher(runFolder(), freePortsFrom(43_000));
  server = createServer(async (request, response) => {
    const { answer } = receiver;
    let body = "";
    for await (const chunk of request) body += chunk;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    try {
      new Webhook(SECRET).verify(body, headers);
    } catch {
      receiver.unsigned++;
    }
    receiver.told.push({ id: headers["webhook-id"] ?? "", body });
    if (receiver.told.length > receiver.holdAfter) await receiver.letGo.promise;
    await pause(receiver.delayMs);
    response.writeHead(answer, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server.address());
  app = await startApi({
    SMTP_URL: mail.smtpUrl,
    OUTBOUND_WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
    OUTBOUND_WEBHOOK_SECRET: SECRET,
  });
});
afterAll(async () => {
  await app.close();
  await mail.stop();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  Object.assign(receiver, { told: [], answer: 200, delayMs: 0, holdAfter: Number.POSITIVE_INFINITY });
});
afterEach(async () => {
  app.stripe.script.status = undefined;
  for (const worker of workers.splice(0)) {
    worker.send("SIGKILL");
    await worker.ended;
  }
});

async function startWorker(env: Record<string, string> = {}): Promise<Command> {
  const worker = runCommand("worker", { ...process.env, LOG_LEVEL: "info", ...env });
  workers.push(worker);
  await worker.says("The worker is running");
  return worker;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** The keys it says it has done, of those that begin with the stem. */
const done = (worker: Command, stem: string) =>
  [...worker.output().matchAll(/"job":"([^"]+)".*"msg":"job done"/g)].filter(([, key]) =>
    key?.startsWith(`${stem}:`),
  );

/** Writes jobs the way a transaction does. */
async function write(jobs: Job[]): Promise<void> {
  await enqueue(app.engine, app.engine.database, jobs);
}

/** Orders that were paid, one webhook each, without the jobs their payment made: what is told of one order is told one after the other. */
async function webhooks(count: number, stem: string): Promise<Job[]> {
  const { orderId } = await app.order();
  const orders = await app.rows<{ id: string }>(
    `insert into "order"
     select (jsonb_populate_record(null::"order", to_jsonb(o) || jsonb_build_object(
               'id', gen_random_uuid(), 'cart_id', $2 || n, 'stripe_checkout_session_id', null))).*
       from "order" o cross join generate_series(1, $3::integer) as n where o.id = $1 returning id`,
    [orderId, `cart-${stem}-`, count],
  );
  return orders.map(({ id }, number) => ({
    queue: "outbound_webhook",
    key: `${stem}:${number}`,
    data: { type: "order.fulfilled", orderId: id },
  }));
}

/** What was told of an order, or of the jobs' orders. Work of earlier tests, whose workers were killed, may be told beside it. */
function toldOf(of: string | Job[]): Told[] {
  const orders = typeof of === "string" ? [of] : of.map(({ data }) => String(Reflect.get(data, "orderId")));
  const wanted = new Set(orders);
  return receiver.told.filter(({ body }) => wanted.has(JSON.parse(body).data.orderId));
}

const inQueues = async (stem: string) =>
  (
    await app.rows<{ waiting: number; queued: number }>(
      `select (select count(*)::int from outbox where key like $1) as waiting,
              (select count(*)::int from oncepaid_jobs.job where data->>'key' like $1) as queued`,
      [`${stem}:%`],
    )
  )[0] ?? { waiting: 0, queued: 0 };

test("a worker killed in the middle of 1,000 jobs: none is lost, another takes over, and repeats can be told", async () => {
  const mails: Job[] = Array.from({ length: 200 }, (_, number) => ({
    queue: "mail",
    key: `kill-mail:${number}`,
    data: { mail: "sign_in_code", email: `kill-${number}@example.com`, browser: "one", locale: "en" },
  }));
  const [victim] = await Promise.all([startWorker(), startWorker()]);
  receiver.holdAfter = 200;
  await write([...(await webhooks(800, "kill")), ...mails]);
  // Both have told as much as they do at once, and wait for the answers; on a busy machine one may have told again already.
  const inHand = async () => {
    const [active] = await app.rows<{ count: number }>(
      "select count(*)::int from oncepaid_jobs.job where name = 'outbound_webhook' and state = 'active'",
    );
    return active?.count === 2 * 10 && receiver.told.length >= 200 + 2 * 10;
  };
  expect(await until(inHand, PATIENCE)).toBe(true);
  victim.send("SIGKILL");
  await victim.ended;
  receiver.letGo.resolve();
  const mailed = () => mail.store.list().filter(({ to }) => to[0]?.startsWith("kill-"));
  const effects = () =>
    new Set(receiver.told.map(({ id }) => id)).size + new Set(mailed().map(({ to }) => to[0])).size;
  const all = async () =>
    (
      await app.rows<{ count: number }>(
        "select count(*)::int from oncepaid_jobs.job where data->>'key' like 'kill%' and state = 'completed'",
      )
    )[0]?.count;
  expect(await until(async () => (await all()) === 1000, PATIENCE)).toBe(true);
  expect(effects()).toBe(1000);
  expect(receiver.told.length).toBeGreaterThan(800);

  const byAddress = Map.groupBy(mailed(), ({ to }) => to[0]);
  for (const same of byAddress.values()) expect(new Set(same.map(({ messageId }) => messageId)).size).toBe(1);
  expect(new Set(mailed().map(({ messageId }) => messageId)).size).toBe(200);
  expect(receiver.unsigned).toBe(0);
  expect(await inQueues("kill")).toEqual({ waiting: 0, queued: 800 });
});

test("two workers share the work, and each job is done by one of them", async () => {
  const [one, two] = await Promise.all([startWorker(), startWorker()]);
  receiver.delayMs = 20;
  const jobs = await webhooks(300, "share");
  await write(jobs);
  expect(await until(() => done(one, "share").length + done(two, "share").length === 300, PATIENCE)).toBe(
    true,
  );
  expect(done(one, "share").length).toBeGreaterThan(0);
  expect(done(two, "share").length).toBeGreaterThan(0);
  expect(toldOf(jobs)).toHaveLength(300);
});

test("a relay killed while it hands jobs on leaves each in the outbox or in a queue, never in both or neither", async () => {
  receiver.answer = 500;
  await write(await webhooks(6_000, "relay"));
  const worker = await startWorker();
  expect(await until(async () => (await inQueues("relay")).queued > 0, PATIENCE)).toBe(true);
  worker.send("SIGKILL");
  await worker.ended;
  const { waiting, queued } = await inQueues("relay");
  expect(waiting + queued).toBe(6_000);
  await app.rows("delete from outbox where key like 'relay:%'");
  await app.rows("delete from oncepaid_jobs.job where data->>'key' like 'relay:%'");
});

test("a key that is written twice is done once while it is remembered", async () => {
  const jobs = await webhooks(1, "twice");
  await startWorker();
  await write(jobs);
  expect(await until(() => toldOf(jobs).length === 1, PATIENCE)).toBe(true);
  await write(jobs);
  expect(await until(async () => (await inQueues("twice")).waiting === 0, PATIENCE)).toBe(true);
  const after = await webhooks(1, "after-twice");
  await write(after);
  expect(await until(() => toldOf(after).length === 1, PATIENCE)).toBe(true);
  expect(toldOf(jobs)).toHaveLength(1);
  expect((await inQueues("twice")).queued).toBe(1);
});

test("a sweep runs once per interval, however many processes there are", async () => {
  await app.rows(
    `insert into stripe_event (id, type, created, livemode, api_version, payload, outcome, received_at)
     values ('evt_swept', 'charge.refunded', now(), false, '2019-01-01', $1, 'failed', now() - interval '31 seconds')`,
    [
      JSON.stringify(
        event(
          "charge.refunded",
          { id: "ch_1", object: "charge" },
          { id: "evt_swept", api_version: "2019-01-01" },
        ),
      ),
    ],
  );
  const marker = await webhooks(1, "after-sweep");
  app.stripe.script.status = 500;
  await Promise.all([startWorker(), startWorker()]);
  const attempts = async () =>
    (await app.rows<{ attempts: number }>("select attempts from stripe_event where id = 'evt_swept'"))[0]
      ?.attempts;
  expect(await until(async () => ((await attempts()) ?? 0) > 1, PATIENCE)).toBe(true);
  await write(marker);
  expect(await until(() => toldOf(marker).length === 1, PATIENCE)).toBe(true);
  expect(await attempts()).toBe(2);
  const asked = await app.rows(
    "select from oncepaid_jobs.job where name = 'sweep' group by singleton_key, singleton_on having count(*) > 1",
  );
  expect(asked).toEqual([]);
});

test("a receiver that fails is told again with the same webhook-id, and a redirect is not followed", async () => {
  receiver.answer = 302;
  await startWorker();
  const jobs = await webhooks(1, "again");
  await write(jobs);
  expect(await until(() => toldOf(jobs).length === 1, PATIENCE)).toBe(true);
  receiver.answer = 204;
  expect(await until(() => toldOf(jobs).length === 2, PATIENCE)).toBe(true);
  expect(new Set(toldOf(jobs).map(({ id }) => id)).size).toBe(1);
});

test("what the shop's own server is told has ids, statuses and amounts, and no address", async () => {
  await startWorker();
  const payment = await app.order();
  await app.deliver(completed(payment, { customer_details: { email: "private@example.com" } }));
  expect(await until(() => toldOf(payment.orderId).length === 2, PATIENCE)).toBe(true);
  const told = toldOf(payment.orderId)
    .map(({ body }) => JSON.parse(body))
    .sort((a, b) => (a.type > b.type ? 1 : -1));
  expect(told).toEqual([
    {
      type: "entitlement.changed",
      timestamp: expect.any(String),
      data: expect.objectContaining({ orderId: payment.orderId, productKey: "ebook", state: "active" }),
    },
    {
      type: "order.fulfilled",
      timestamp: expect.any(String),
      data: expect.objectContaining({ orderId: payment.orderId, status: "FULFILLED", amountTotal: 1900 }),
    },
  ]);
  expect(JSON.stringify(told)).not.toContain("private@example.com");
});

test("while the mail server is down the order is granted and answered, and its receipt comes when it is back", async () => {
  const nextPort = freePortsFrom(44_000);
  const port = await nextPort();
  await startWorker({ SMTP_URL: `smtp://127.0.0.1:${port}` });
  const payment = await app.order();
  const to = "patient@example.com";
  const answer = await app.deliver(completed(payment, { customer_details: { email: to } }));
  expect(answer).toMatchObject({ status: 200, json: { outcome: "applied" } });
  expect((await app.get(`/api/orders/${payment.orderId}`, app.asServer)).json.status).toBe("FULFILLED");
  const tried = () => workers[0]?.output().includes("job failed; it is tried again") ?? false;
  expect(await until(tried, PATIENCE)).toBe(true);
  const { startSmtp } = await import("../../embedded/mail/smtp.ts");
  const smtp = await startSmtp(port, mail.store);
  expect(await until(() => mail.store.list(to).length === 1, PATIENCE)).toBe(true);
  workers[0]?.send("SIGTERM");
  expect(await workers[0]?.ended).toBe("exit code 0");
  await smtp.close();
});

test("a mail server that hangs or refuses holds up no other work, and a worker that is stopped leaves none behind", async () => {
  const { SMTPServer } = await import("smtp-server");
  let offers = 0;
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData: (stream, _session, callback) => {
      stream.resume();
      offers++;
      // The first is refused, the second never answered.
      if (offers === 1) stream.on("end", () => callback(new Error("Mailbox full")));
    },
  });
  smtp.on("error", () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const port = portOf(smtp.server.address());
  const worker = await startWorker({ SMTP_URL: `smtp://127.0.0.1:${port}` });
  const data = { mail: "sign_in_code", email: "refused@example.com", browser: "one", locale: "en" } as const;
  await write([{ queue: "mail", key: "refused:1", data }]);
  expect(await until(() => offers >= 2, PATIENCE)).toBe(true);
  const meanwhile = await webhooks(5, "meanwhile");
  await write(meanwhile);
  expect(await until(() => toldOf(meanwhile).length >= 5, PATIENCE)).toBe(true);
  worker.send("SIGTERM");
  expect(await worker.ended).toBe("exit code 0");
  await startWorker();
  // Once it is known to be left over, it waits longer after each try: not here.
  const due = async () => {
    await app.rows(
      "update oncepaid_jobs.job set start_after = now() where data->>'key' = 'refused:1' and state = 'retry'",
    );
    return mail.store.list("refused@example.com").length > 0;
  };
  expect(await until(due, PATIENCE)).toBe(true);
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});
