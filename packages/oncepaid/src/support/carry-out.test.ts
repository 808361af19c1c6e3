import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOncepaid, engineIn } from "#/oncepaid.ts";
import { carryOut } from "#/support/carry-out.ts";
import { completed, event, subscriptionObject } from "../../../../test/support/events.ts";
import { PRODUCTS, startEngine, type TestEngine } from "../../test/engine.ts";

/** An action that is carried out twice at once: by whoever waits for the answer, and by its job. */

let app: TestEngine;
let closing: (() => Promise<void>)[] = [];
beforeEach(async () => {
  app = await startEngine();
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  await app.close();
});

/** As it is written down. */
async function action() {
  const { rows } = await engineIn(app.oncepaid).database.query<{
    id: string;
    done: boolean;
    refused: string | null;
  }>("select id, done_at is not null as done, refused from oncepaid.support_action");
  const [row] = rows;
  if (!row) throw new Error("Nothing was asked for.");
  return row;
}

/** A change of a plan that couldn't be asked for yet. */
async function waiting() {
  const payment = await app.order("pro");
  const plan = subscriptionObject(payment);
  const paid = completed(payment, { mode: "subscription", payment_intent: null, subscription: plan.id });
  await app.deliver(paid);
  await app.deliver(event("customer.subscription.created", plan));
  app.stripe.script.status = 503;
  const asked = await app.oncepaid.changePlan(payment.orderId, { quantity: 3, when: "now", by: "ada" });
  expect(asked).toEqual({ ok: true, state: "asked" });
  const { id } = await action();
  const [item] = plan.items.data;
  const subscription = { ...plan, items: { data: [{ ...item, id: "si_1" }] }, schedule: "sub_sched_1" };
  return { id, subscription };
}

type Rules = {
  /** Whether a request under a key that it has seen is answered as before. */
  knowsKeys: boolean;
  /** Before what was refused is answered, and before the change is. */
  refusal?: Promise<unknown>;
  change?: Promise<unknown>;
};

/** A Stripe with one subscription, under a schedule of ours that can be released once. It lets two read before anything changes. */
async function startStripe(subscription: { id: string }, { knowsKeys, refusal, change }: Rules) {
  const schedule = { id: "sub_sched_1", status: "active", metadata: { support_action: "before" } };
  const phases = { current_phase: { start_date: 1, end_date: 2 }, phases: [{ start_date: 1, end_date: 2 }] };
  const reads: (() => void)[] = [];
  let releasedBy: unknown;
  const answer = async (path: string, key: unknown) => {
    if (path.endsWith("/release")) {
      const isReplay = knowsKeys && key !== undefined && key === releasedBy;
      if (releasedBy === undefined || isReplay) {
        releasedBy = key ?? "";
        return { status: 200, json: schedule };
      }
      await refusal;
      const message = "You cannot release a subscription schedule that is `released`.";
      return { status: 400, json: { error: { type: "invalid_request_error", message } } };
    }
    await change;
    return { status: 200, json: subscription };
  };
  const read = async (path: string) => {
    if (path.includes("/subscription_schedules/")) return { ...schedule, ...phases };
    await new Promise<void>((resolve) => {
      reads.push(resolve);
      if (reads.length === 2) for (const goOn of reads) goOn();
    });
    return subscription;
  };
  const send = (response: ServerResponse, status: number, json: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  const server = createServer(async (request, response) => {
    const { method, url = "", headers } = request;
    if (method === "GET") return send(response, 200, await read(url));
    const { status, json } = await answer(url, headers["idempotency-key"]);
    return send(response, status, json);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const oncepaid = createOncepaid({
    database: app.database.url,
    stripe: { secretKey: "sk_test_other", webhookSecret: "whsec_1", apiBase: `http://127.0.0.1:${port}` },
    appUrl: "http://localhost:3000",
    products: PRODUCTS,
    identify: () => null,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  closing.push(() => oncepaid.close());
  return engineIn(oncepaid);
}

test("of two that release the schedule at once both have made the change", async () => {
  const { id, subscription } = await waiting();
  const engine = await startStripe(subscription, { knowsKeys: true });
  const both = await Promise.all([carryOut(engine, id), carryOut(engine, id)]);
  expect(both.map(({ refused }) => refused)).toEqual([null, null]);
  expect(await action()).toEqual({ id, done: true, refused: null });
});

test.each(["first", "last"])(
  "what one has made is made, though the other was refused, %s",
  async (refusedIs) => {
    const { id, subscription } = await waiting();
    const over = Promise.withResolvers<void>();
    const engine = await startStripe(subscription, {
      knowsKeys: false,
      [refusedIs === "first" ? "change" : "refusal"]: over.promise,
    });
    const both = [carryOut(engine, id), carryOut(engine, id)];
    await Promise.race(both);
    over.resolve();
    const told = (await Promise.all(both)).map(({ doneAt, refused }) => doneAt !== null && refused === null);
    // Who asks after the change was made hears of it; who was refused before couldn't know.
    expect(told.filter((made) => made)).toHaveLength(refusedIs === "first" ? 1 : 2);
    expect(await action()).toEqual({ id, done: true, refused: null });
  },
);

test("a refund whose 500 was heard twice is left to the job: Stripe may still make what it has answered so just now", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  app.stripe.script.keepsError = true;
  const asked = await app.oncepaid.refund(payment.orderId, { amount: 900, by: "ada" });
  expect(asked).toMatchObject({ ok: true, refund: { state: "asked" } });
  expect(app.stripe.refunds.size).toBe(0);
  await app.oncepaid.sweep();
  const { id, ...state } = await action();
  expect(state).toEqual({ done: true, refused: null });
  expect([...app.stripe.refunds.values()].map(({ amount }) => amount)).toEqual([900]);
  const keys = app.stripe.calls.flatMap(({ path, method, key }) =>
    path === "/v1/refunds" && method === "POST" ? [key] : [],
  );
  const own = `support:${id}`;
  const ofHour = expect.stringMatching(new RegExp(`^${own}:\\d{4}-\\d\\d-\\d\\dT\\d\\d$`));
  expect(keys.slice(0, 2)).toEqual([own, own]);
  expect(keys.at(-1)).toEqual(ofHour);
});
