import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningSandbox, startSandbox } from "../server.ts";
import { sdkFor } from "../test-shop.ts";
import { check, checkLists } from "../test-wire.ts";
import { StripeCli } from "./stripe-cli.ts";

/** The families of events that an integration of Checkout and Billing meets. */
const FAMILIES =
  /^(billing_portal|charge|checkout\.session|coupon|customer|invoice|invoiceitem|payment_intent|payment_method|price|product|promotion_code|quote|setup_intent|test_helpers\.test_clock|subscription\.payment_\w+)(\.|$)/;

/** Triggers whose name is not the event's. */
const EVENTS: Record<string, string> = {
  "subscription.payment_failed": "invoice.payment_failed",
  "subscription.payment_succeeded": "invoice.payment_succeeded",
};

const names = (await new StripeCli("").triggers()).filter((name) => FAMILIES.test(name));
const outcomes = new Map(names.map((name) => [name, "failed"]));

let sandbox: RunningSandbox;
let cli: StripeCli;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  cli = new StripeCli(sandbox.url);
});
afterAll(async () => {
  for (const [name, outcome] of outcomes) console.log(`${outcome} ${name}`);
  cli.close();
  await sandbox.close();
});

test("the CLI knows the families", () => {
  expect(names.length).toBeGreaterThan(70);
});

test.each(names)("stripe trigger %s", async (name) => {
  const type = EVENTS[name] ?? name;
  const events = () => sdkFor(sandbox.port).events.list({ type, limit: 100 });
  const before = (await events()).data.length;
  const { ok, output } = await cli.run("trigger", name);
  expect(ok, output).toBe(true);
  // A bank takes its time: what a debit comes to is known later.
  await fetch(`${sandbox.url}/sandbox/clock/advance`, { method: "POST", body: '{"seconds":600}' });
  expect((await events()).data.length).toBeGreaterThan(before);
  outcomes.set(name, "passed");
});

test("all that was triggered, and every list of it, has all fields that the SDK requires", async () => {
  const stripe = sdkFor(sandbox.port);
  const seen = new Map<string, number>();
  for await (const event of stripe.events.list({ limit: 100 })) check(event, event.type, seen);
  await checkLists(stripe, seen);
  const kinds = ["coupon", "discount", "dispute", "invoiceitem", "promotion_code", "test_helpers.test_clock"];
  expect([...seen.keys()]).toEqual(expect.arrayContaining(kinds));
});
