import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningSandbox, startSandbox } from "../server.ts";
import { sdkFor } from "../test-shop.ts";
import { TestReceiver } from "./test-receiver.ts";

const PURCHASES = 2_000;
/** Purchases under way at once: enough to keep the sandbox busy all the time. */
const BUYERS = 16;
const SEED = 20_261_123;
/** Every fault of a delivery, each rare enough that some of everything gets through at once. */
const FAULTS = [
  { fault: "duplicate", probability: 0.05 },
  { fault: "twin", probability: 0.05 },
  { fault: "reorder", probability: 0.2 },
  { fault: "burst", probability: 0.05 },
  { fault: "delay", probability: 0.05, seconds: 90 },
  { fault: "drop", probability: 0.05 },
  { fault: "tamper", probability: 0.03 },
  { fault: "bad_signature", probability: 0.03 },
  { fault: "stale_signature", probability: 0.03 },
  { fault: "reset_after", probability: 0.05 },
  { fault: "slow", probability: 0.02, milliseconds: 50 },
  { fault: "down", probability: 0.05 },
];

let sandbox: RunningSandbox;
let receivers: TestReceiver[];

beforeAll(async () => {
  receivers = [await TestReceiver.open(), await TestReceiver.open()];
  const [first, second] = receivers;
  sandbox = await startSandbox({ port: 0, webhook: { url: first?.url ?? "" } });
  const made = await sdkFor(sandbox.port).webhookEndpoints.create({
    url: second?.url ?? "",
    enabled_events: ["checkout.session.completed", "charge.updated"],
  });
  if (first) first.secret = sandbox.webhookSecret ?? "";
  if (second) second.secret = made.secret ?? "";
  // A receiver that itself fails now and then, as one does that is being deployed.
  let asked = 0;
  if (second) second.answer = (_, response) => response.writeHead(++asked % 10 === 0 ? 503 : 200).end();
});
afterAll(async () => {
  await sandbox.close();
  for (const receiver of receivers) await receiver.close();
});

async function control(path: string, body: object = {}): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return response.json();
}

async function drained(): Promise<void> {
  while (Object(await control("webhooks/idle")).idle !== true) {}
}

async function buy(): Promise<void> {
  const stripe = sdkFor(sandbox.port);
  const session = await stripe.checkout.sessions.create({
    mode: "payment",
    success_url: "http://shop.test/thanks",
    line_items: [
      {
        price_data: { currency: "inr", unit_amount: 49_900, product_data: { name: "Handbook" } },
        quantity: 1,
      },
    ],
  });
  await stripe.rawRequest("POST", `/v1/payment_pages/${session.id}/confirm`, {
    payment_method: "pm_card_visa",
  });
}

test("after 2,000 purchases with every fault at once, each endpoint has verified every event at least once", {
  timeout: 600_000,
}, async () => {
  await control("webhooks/in_flight", { most: 16 });
  await control("webhooks/retries", { schedule: "live", faster: 60 });
  for (const fault of FAULTS) await control("faults/deliveries", { ...fault, seed: SEED });

  let left = PURCHASES;
  const buyer = async () => {
    while (left-- > 0) await buy();
  };
  await Promise.all(Array.from({ length: BUYERS }, buyer));
  await drained();

  // Half of the time that the retries take, with the faults still on; then the weather clears.
  for (let hour = 0; hour < 3; hour++) {
    await control("clock/advance", { seconds: 600 });
    await drained();
  }
  const struck = Object(await (await fetch(`${sandbox.url}/sandbox/faults`)).json()).data;
  expect(struck).toHaveLength(FAULTS.length);
  for (const fault of struck) expect(fault.struck, fault.rule.fault).toBeGreaterThan(0);
  await fetch(`${sandbox.url}/sandbox/faults`, { method: "DELETE" });
  for (let hour = 0; hour < 12; hour++) {
    await control("clock/advance", { seconds: 600 });
    await drained();
  }

  for (const receiver of receivers) {
    const verified = new Set(receiver.events.map(({ id }) => id));
    const due = await deliveredTo(receiver.url);
    expect(due.length).toBeGreaterThanOrEqual(PURCHASES * 2);
    expect(due.filter(({ event_id, state }) => !verified.has(event_id) || state !== "succeeded")).toEqual([]);
    const paid = receiver.events.filter(({ type }) => type === "checkout.session.completed");
    expect(new Set(paid.map(({ data }) => Object(data.object).id)).size).toBe(PURCHASES);
    // It did not come easily: some came twice, some were not to be believed.
    expect(receiver.events.length).toBeGreaterThan(verified.size);
    expect(receiver.arrivals.filter(({ refusal }) => refusal !== undefined).length).toBeGreaterThan(100);
  }
});

interface Delivered {
  id: number;
  event_id: string;
  state: string;
}

/** All that an endpoint was to be told. */
async function deliveredTo(url: string): Promise<Delivered[]> {
  const endpoints = (await sdkFor(sandbox.port).webhookEndpoints.list()).data;
  const endpoint = endpoints.find((known) => known.url === url)?.id;
  const found: Delivered[] = [];
  for (;;) {
    const before = found.at(-1)?.id ?? Number.MAX_SAFE_INTEGER;
    const page = await fetch(
      `${sandbox.url}/sandbox/deliveries?endpoint=${endpoint}&before=${before}&limit=1000`,
    );
    const { data } = Object(await page.json());
    if (data.length === 0) return found;
    found.push(...data);
  }
}
