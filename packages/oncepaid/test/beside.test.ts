import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { until } from "../../../shop/embedded/alive.ts";
import { startAgent } from "./agent.ts";
import { forge, isHere, pythonClient, shellClient } from "./other-languages.ts";
import { type Beside, startBeside } from "./served.ts";

/** The engine as a process of its own, and the other programs of `npx oncepaid` that stay: what an app beside it is answered. */

vi.setConfig({ testTimeout: 90_000 });
const PATIENCE_MS = 30_000;

let beside: Beside;
beforeAll(async () => {
  beside = await startBeside();
}, 90_000);
afterAll(() => beside.close());

async function buy(userId: string, more: Record<string, unknown> = {}) {
  const body = { cartId: `cart-of-${userId}`, productKey: "ebook", userId, ...more };
  const { status, json } = await beside.ask("POST", "/checkout", body);
  if (status !== 200) throw new Error(JSON.stringify(json));
  const orderId = String(json.orderId);
  const [, sessionId = ""] = /(cs_test_\w+)/.exec(String(json.url)) ?? [];
  return { orderId, sessionId, json };
}

/** Takes the endpoint away, as on a machine that Stripe can't reach. */
async function withoutEndpoint<T>(work: () => Promise<T>): Promise<T> {
  const { webhookEndpoints } = beside.sandbox.stripe;
  const { data } = await webhookEndpoints.list();
  const set = (disabled: boolean) =>
    Promise.all(data.map(({ id }) => webhookEndpoints.update(id, { disabled })));
  await set(true);
  return work().finally(() => set(false));
}

test.each([
  // The worker's own comparison with Stripe may be faster, and then it is the second to hear of it.
  [
    "applied here",
    () => [],
    (id: string) => new RegExp(`<--  (applied|duplicate) \\[${id}\\]`),
    "<--  applied [",
  ],
  [
    "sent on, signed",
    () => ["--forward-to", `${beside.api.replace("http://", "")}/stripe/webhook`],
    (id: string) => `<--  [200] POST ${beside.api}/stripe/webhook [${id}]`,
    "<--  [200] POST ",
  ],
])("listen: without an endpoint what happens is %s, each event once", async (how, args, answer, itself) => {
  await withoutEndpoint(async () => {
    const listener = beside.oncepaid(["listen", ...args()]);
    await listener.says("Ready.");
    const { orderId, sessionId } = await buy(`listener-${how.length}`);
    await beside.sandbox.pay(sessionId);
    expect(await until(async () => (await statusOf(orderId)) === "FULFILLED", PATIENCE_MS)).toBe(true);
    await listener.says(/--> checkout\.session\.completed \[(evt_\w+)\]/);
    const [, id = ""] = /--> checkout\.session\.completed \[(evt_\w+)\]/.exec(listener.output()) ?? [];
    await listener.says(answer(id));
    await beside.sandbox.refund(sessionId);
    expect(await until(async () => (await statusOf(orderId)) === "REFUNDED", PATIENCE_MS)).toBe(true);
    await listener.says(itself);
    listener.send("SIGINT");
    expect(await listener.ended).toBe("exit code 0");
    expect(listener.output().split(`--> checkout.session.completed [${id}]`)).toHaveLength(2);
  });
});

test.each([
  [[], { STRIPE_SECRET_KEY: "sk_live_1" }, 1, /^This is a live key[^\n]*\n$/],
  [["--forward-to", "http://"], {}, 2, /^--forward-to: "http:\/\/" is no address/],
])("listen %j %j ends with %i and says why", async (args, env, code, words) => {
  const refused = beside.oncepaid(["listen", ...args], env);
  expect(await refused.ended).toBe(`exit code ${code}`);
  expect(refused.output()).toMatch(words);
});

async function statusOf(orderId: string): Promise<unknown> {
  return (await beside.ask("GET", `/orders/${orderId}`)).json.status;
}

test("an app beside it sells, is told of by Stripe, looks up and refunds over HTTP alone", async () => {
  const { orderId, sessionId } = await buy("ada");
  await beside.sandbox.pay(sessionId);
  expect(await until(async () => (await statusOf(orderId)) === "FULFILLED", PATIENCE_MS)).toBe(true);
  expect((await beside.ask("GET", "/entitlements?userId=ada")).json).toMatchObject({
    entitlements: [{ productKey: "ebook", state: "active", orderId }],
  });
  const refunded = await beside.ask("POST", `/orders/${orderId}/refund`, {});
  expect(refunded.json).toMatchObject({ refund: { amount: 1900 } });
  expect(await until(async () => (await statusOf(orderId)) === "REFUNDED", PATIENCE_MS)).toBe(true);
});

/**
 * Clients of other languages run wherever their programs are: on a machine that has python3, or curl and openssl, nothing but what is
 * promised lets the test pass. A machine without one can't try that client; the name of the test says so.
 */
const PYTHON = isHere("python3");
const SHELL = isHere("curl") && isHere("openssl");

if (PYTHON) {
  test("a client in Python sells, is told, looks up and refunds; what is forged it refuses", async () => {
    const client = pythonClient(beside, "grace");
    await client.says(/^pay \S+ \S+\n/m);
    const [, receiver = "", , sessionId = ""] =
      /^listens (\S+)\npay (\S+) \S*(cs_test_\w+)/m.exec(client.output()) ?? [];
    expect(await forge(receiver)).toBe(400);
    await beside.sandbox.pay(sessionId);
    expect(`${await client.ended}\n${client.output()}`).toMatch(/^exit code 0\n/);
    const [, orderId = ""] = /^fulfilled (\S+)$/m.exec(client.output()) ?? [];
    expect(client.output()).toMatch(
      /^refused msg_forged\nfulfilled \S+\nagain 409 already_paid\nhas \["ebook"\]\nrefunded 1900 REFUNDED\n$/m,
    );
    expect(await statusOf(orderId)).toBe("REFUNDED");
  });
} else test("no client in Python was tried: there is no python3 on this machine", () => {});

if (SHELL) {
  test("a client in a shell sells, is told, looks up and refunds; what is forged it refuses", async () => {
    const shell = await shellClient(beside);
    const { answer } = await shell.run("sell", "cart-of-linus", "linus", "ebook");
    const orderId = String(answer.orderId);
    expect((await shell.run("sell", "cart-of-linus", "linus", "ebook")).answer).toEqual(answer);
    expect(await forge(shell.receiver)).toBe(400);
    const [sessionId = ""] = /cs_test_\w+/.exec(String(answer.url)) ?? [];
    await beside.sandbox.pay(sessionId);
    const types = () => Object.values(shell.told()).map(({ type }) => type);
    expect(await until(() => types().includes("order.fulfilled"), PATIENCE_MS)).toBe(true);
    expect((await shell.run("order", orderId)).answer).toMatchObject({ status: "FULFILLED" });
    expect((await shell.run("access", "linus")).answer).toMatchObject({
      entitlements: [{ productKey: "ebook", state: "active" }],
    });
    const again = await shell.run("sell", "cart-of-linus", "linus", "ebook");
    expect(again).toMatchObject({ ending: "exit code 22", answer: { code: "already_paid" } });
    for (const _ of [1, 2]) {
      const refunded = await shell.run("refund", orderId, "refund-of-linus");
      expect(refunded).toMatchObject({ ending: "exit code 0", answer: { refund: { amount: 1900 } } });
    }
    expect(await until(() => types().includes("order.refunded"), PATIENCE_MS)).toBe(true);
    const told = Object.entries(shell.told()).find(([, { type }]) => type === "order.refunded");
    expect(told?.[1].data).toMatchObject({ orderId, amountRefunded: 1900 });
    expect(shell.told().msg_forged).toBeUndefined();
    shell.close();
  });
} else test("no client in a shell was tried: there is no curl or no openssl on this machine", () => {});

test("an agent reads why and what happened, without anybody's address, and changes nothing", async () => {
  const { orderId, sessionId } = await buy("edsger", { email: "edsger@example.com" });
  await beside.sandbox.pay(sessionId);
  expect(await until(async () => (await statusOf(orderId)) === "FULFILLED", PATIENCE_MS)).toBe(true);
  const agent = await startAgent(beside);
  expect(await agent.tools()).toEqual(
    Object.fromEntries(
      ["explain", "timeline", "orders", "entitlements", "doctor"].map((name) => [
        name,
        { readOnly: true, destructive: false },
      ]),
    ),
  );
  const answers = {
    explain: await agent.call("explain", { userId: "edsger", productKey: "ebook" }),
    orders: await agent.call("orders", { email: "Edsger@example.com" }),
    timeline: await agent.call("timeline", { orderId }),
    entitlements: await agent.call("entitlements", { userId: "edsger" }),
  };
  expect(answers).toMatchObject({
    explain: { failed: false, told: { access: true } },
    orders: { failed: false, told: { orders: [{ id: orderId, status: "FULFILLED" }], next: null } },
    timeline: { failed: false, told: { order: { id: orderId } } },
    entitlements: { failed: false, told: { entitlements: [{ productKey: "ebook", state: "active" }] } },
  });
  expect(JSON.stringify(answers)).not.toMatch(/edsger@example/i);
  expect((await agent.call("doctor")).told).toMatchObject({ healthy: expect.any(Boolean) });
  const missing = await agent.call("timeline", { orderId: "00000000-0000-7000-8000-000000000000" });
  expect(missing).toEqual({
    failed: true,
    told: { ok: false, code: "not_found", error: "There is no such order." },
  });
  expect((await agent.call("refund", { orderId, key: "not-allowed" })).failed).toBe(true);
  expect((await agent.call("timeline", { orderId: "1 or true" })).failed).toBe(true);
  expect(await statusOf(orderId)).toBe("FULFILLED");
  await agent.close();
});

test("an agent changes what is allowed by name, once per key, and the timeline says who", async () => {
  const { orderId, sessionId } = await buy("barbara");
  await beside.sandbox.pay(sessionId);
  expect(await until(async () => (await statusOf(orderId)) === "FULFILLED", PATIENCE_MS)).toBe(true);
  const agent = await startAgent(beside, ["--allow-changes", "refund,grant", "--by", "ada"]);
  const { refund, grant, cancel } = await agent.tools();
  expect({ refund, grant, cancel }).toEqual({
    refund: { readOnly: false, destructive: true },
    grant: { readOnly: false, destructive: false },
    cancel: undefined,
  });
  const asked = { orderId, amount: 400, key: "four", note: "She asked twice." };
  const refunds = [await agent.call("refund", asked), await agent.call("refund", asked)];
  expect(refunds[0]).toMatchObject({ failed: false, told: { refund: { amount: 400 } } });
  expect(refunds[1]).toMatchObject({ failed: false, told: { refund: { amount: 400 } } });
  const order = () => beside.ask("GET", `/orders/${orderId}`);
  expect(await until(async () => (await order()).json.amountRefunded === 400, PATIENCE_MS)).toBe(true);
  const { json } = await beside.ask("GET", `/admin/orders/${orderId}`);
  expect(json.timeline).toContainEqual(
    expect.objectContaining({ what: "refund", actor: "ada by an agent", note: "She asked twice." }),
  );
  const tooMuch = await agent.call("refund", { orderId, amount: 5_000, key: "much" });
  expect(tooMuch).toMatchObject({ failed: true, told: { code: "refund_too_large" } });
  const given = { userId: "barbara", productKey: "pro", until: "2031-01-01T00:00:00Z", key: "gift" };
  expect(await agent.call("grant", given)).toMatchObject({ failed: false, told: { ok: true } });
  expect((await agent.call("explain", { userId: "barbara", productKey: "pro" })).told).toMatchObject({
    access: true,
  });
  await agent.close();
});

test.each([
  [["--allow-changes", "refund,everything"], 2, /^--allow-changes: "everything" is none of refund, cancel, /],
  [["--loud"], 2, /Unknown option '--loud'/],
])("mcp %j ends with %i and says why", async (args, code, words) => {
  const refused = beside.oncepaid(["mcp", ...args]);
  expect(await refused.ended).toBe(`exit code ${code}`);
  expect(refused.output()).toMatch(words);
});

test("it answers on this machine alone, with headers that guess and frame nothing, and 404 beside its path", async () => {
  const health = await beside.ask("GET", "/health", undefined, {});
  expect(health).toMatchObject({ status: 200, json: { status: "ok" } });
  expect(health.headers.get("x-content-type-options")).toBe("nosniff");
  const outside = await fetch(new URL("/", beside.api));
  expect([outside.status, Object(await outside.json()).code]).toEqual([404, "not_found"]);
  // Every address of 127.0.0.0/8 is this machine; it listens on the first alone, and so on no other one.
  await expect(fetch(beside.api.replace("127.0.0.1", "127.0.0.9"))).rejects.toThrow("fetch failed");
});

test.each([
  [["--port", "x"], {}, 2, /^--port or PORT must be a whole number up to 65535, not "x"\.\n/],
  [[], { WORKER: "on" }, 2, /^WORKER must be inline or off, not "on"\.\n/],
  [["--fast"], {}, 2, /Unknown option '--fast'/],
  [[], { API_KEYS: "" }, 1, /^Port \d+ is taken by another program; choose one: --port\.\n$/],
  [
    [],
    { DATABASE_URL: "", APP_URL: "", STRIPE_SECRET_KEY: "", STRIPE_WEBHOOK_SECRET: "" },
    1,
    /not given `appUrl`.*\n.*not given `database`.*\n.*not given `stripe\.secretKey`.*\n.*not given `stripe\.webhookSecret`[^\n]*\n$/,
  ],
  [
    ["--port", "0"],
    { DATABASE_URL: "postgres://a:secret@127.0.0.1:1/x" },
    1,
    /^The database can't be reached: [^\n]*\n$/,
  ],
])("serve %j %j ends with %i and says why", async (args, env, code, words) => {
  const refused = beside.oncepaid(["serve", ...args], env);
  expect(await refused.ended).toBe(`exit code ${code}`);
  expect(refused.output()).toMatch(words);
  expect(refused.output()).not.toContain("secret@");
});

test("serve --help tells its options", async () => {
  const help = beside.oncepaid(["serve", "--help"]);
  expect(await help.ended).toBe("exit code 0");
  expect(help.output()).toContain("--drain <s>");
});

test("asked to stop, its health is 503 while it drains, a request that is under way is finished, and it ends with 0", async () => {
  const second = beside.oncepaid(["serve", "--port", "0", "--drain", "1", "--no-worker"]);
  await second.says("Answering on");
  const [, url = ""] = /Answering on (\S+)/.exec(second.output()) ?? [];
  expect(second.output()).toContain("npx oncepaid worker");
  const { hostname, port, pathname } = new URL(url);
  const slow = connect(Number(port), hostname);
  let answered = "";
  slow.on("data", (chunk) => (answered += chunk));
  const closed = new Promise((resolve) => slow.once("close", resolve));
  slow.write(`POST ${pathname}/checkout HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{`);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  second.send("SIGTERM");
  expect(await until(async () => (await fetch(`${url}/health`)).status === 503, PATIENCE_MS)).toBe(true);
  slow.write("}");
  await closed;
  expect(answered).toMatch(/^HTTP\/1\.1 400 /);
  expect(await second.ended).toBe("exit code 0");
});
