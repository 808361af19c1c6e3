import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestReceiver } from "../delivery/test-receiver.ts";
import { refusal, sdkFor, TestShop } from "../test-shop.ts";

const SHIM = createRequire(import.meta.url).resolve("@stripe/cli/bin/shim.js");
const KEY = "sk_test_sandbox1234567890";

let shop: TestShop;
let receiver: TestReceiver;
let home: string;
let child: ChildProcess | undefined;
let said = "";
beforeEach(async () => {
  shop = await TestShop.open();
  receiver = await TestReceiver.open();
  home = mkdtempSync(join(tmpdir(), "stripe-listen-"));
});
afterEach(async () => {
  // The shim is not told what happens to it by the program that it started: both are stopped.
  if (child?.pid) process.kill(-child.pid, "SIGINT");
  child = undefined;
  await receiver.close();
  await shop.close();
  rmSync(home, { recursive: true, force: true });
});

/** Starts the unmodified CLI and waits until it says that it is ready. */
async function start(words: readonly string[], key = KEY): Promise<void> {
  said = "";
  const env = {
    ...process.env,
    HOME: home,
    NO_COLOR: "1",
    STRIPE_CLI_TELEMETRY_OPTOUT: "1",
    XDG_CONFIG_HOME: home,
  };
  const run = spawn(process.execPath, [SHIM, ...words, "--api-base", shop.sandbox.url, "--api-key", key], {
    detached: true,
    env,
  });
  child = run;
  for (const stream of [run.stdout, run.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  await until(() => said.includes("Ready!"));
}

/** Polls what other processes do. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("`stripe listen` forwards a purchase's events, signed with the secret it prints", async () => {
  await start(["listen", "--skip-update", "--forward-to", receiver.url]);
  receiver.secret = /whsec_\w+/.exec(said)?.[0] ?? "";
  await shop.confirm((await shop.session()).id);
  // The CLI forwards each by itself, in no order.
  await until(() => receiver.arrivals.length >= 4);
  expect(receiver.arrivals.every(({ event }) => event !== undefined)).toBe(true);
  expect(new Set(receiver.types)).toEqual(
    new Set([
      "charge.succeeded",
      "checkout.session.completed",
      "payment_intent.created",
      "payment_intent.succeeded",
    ]),
  );
  await until(() => said.includes("<--  [200] POST"));
});

test("`stripe listen` is sent an event again, and thin ones where they are asked for, of the account of its key", async () => {
  const thin = await TestReceiver.open();
  const { secretKey } = shop.sandbox.account("listening");
  const stripe = sdkFor(shop.sandbox.port, secretKey);
  const whole = ["listen", "--skip-update", "--events", "product.created", "--forward-to", receiver.url];
  await start([...whole, "--thin-events", "v1.product.created", "--forward-thin-to", thin.url], secretKey);
  receiver.secret = /whsec_\w+/.exec(said)?.[0] ?? "";
  await shop.stripe.products.create({ name: "Of another account" });
  await stripe.products.create({ name: "Handbook" });
  await until(() => receiver.arrivals.length === 1 && thin.arrivals.length === 1);
  expect(thin.arrivals[0]?.body).toContain('"type": "v1.product.created"');
  const [event] = receiver.events;
  await stripe.rawRequest("POST", `/v1/events/${event?.id}/retry`, { for_stripecli: true });
  await until(() => receiver.arrivals.length === 2);
  expect(receiver.events.map(({ id }) => id)).toEqual([event?.id, event?.id]);
  await thin.close();
});

test("`stripe listen --print-secret` prints the same secret every time", async () => {
  const secrets: unknown[] = [];
  for (const _ of [1, 2]) {
    const session = await shop.stripe.rawRequest("POST", "/v1/stripecli/sessions", {
      websocket_features: ["webhooks"],
    });
    secrets.push(Object(session).secret);
  }
  expect(secrets[0]).toMatch(/^whsec_/);
  expect(secrets[1]).toBe(secrets[0]);
});

test("`stripe logs tail` shows each request, with its refusal", async () => {
  await start(["logs", "tail", "--filter-request-status", "FAILED"]);
  await shop.stripe.products.create({ name: "Seen by nobody" });
  await refusal(shop.stripe.products.retrieve("prod_nothing"));
  await refusal(shop.stripe.v2.core.events.retrieve("evt_test_nothing"));
  await until(() => said.includes("/v1/products/prod_nothing"));
  await until(() => said.includes("/v2/core/events/evt_test_nothing"));
  expect(said).toContain("404");
  expect(said).not.toMatch(/POST \/v1\/products/);
});

test.each(["{", "[]", "7", '"all"'])("filters that are no JSON object, %s, are refused", async (filters) => {
  const params = { filters, websocket_features: ["request_logs"] };
  const error = await refusal(shop.stripe.rawRequest("POST", "/v1/stripecli/sessions", params));
  expect(error).toMatchObject({ param: "filters", statusCode: 400 });
});

test("a connection that no session was made for is refused", async () => {
  const socket = new WebSocket(`${shop.sandbox.url.replace("http", "ws")}/stripecli/socket`);
  const failed = await new Promise((resolve) => socket.addEventListener("error", () => resolve(true)));
  expect(failed).toBe(true);
});
