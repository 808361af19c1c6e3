import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { plan } from "#/catalog/product.ts";
import { connect, RequestFailed } from "#/client.ts";
import type { Oncepaid } from "#/oncepaid.ts";

/** The client where the other side isn't well. What it is answered by an engine stands in the contract (test/contract-beside.test.ts). */

type Sells = Oncepaid<ReturnType<typeof plan<"pro">>>;
type Answer = { status?: number; headers?: Record<string, string>; body?: unknown; hangUp?: boolean };

const KEY = "a-key-that-is-long-enough";
const BY = { by: "Zoë Müller" };
const DOWN: Answer = { status: 502, body: { code: "stripe_unavailable", error: "Not now." } };
const MADE = { refund: { id: "r", amount: 5, state: "made" } };

let server: Server;
let base = "";
/** What it answers, one after the other; the last one stays. */
let answers: Answer[] = [];
let requests: { method?: string; url?: string; headers: IncomingMessage["headers"]; body?: unknown }[] = [];

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  const body = headers["content-type"] ? await json(request) : undefined;
  requests.push({ ...(method && { method }), ...(url && { url }), headers, body });
  const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
  if (answer.hangUp) return void request.socket.destroy();
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {});
  response.writeHead(answer.status ?? 200, answer.headers).end(text);
}

beforeAll(async () => {
  server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
beforeEach(() => {
  requests = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const connected = () => connect<Sells>({ url: `${base}/api/oncepaid/`, apiKey: KEY });

test("what reads is tried again, with the key, where the other side hangs up or isn't ready", async () => {
  answers = [{ hangUp: true }, { ...DOWN, headers: { "retry-after": "0" } }, { body: { entitlements: [] } }];
  expect(await connected().has("a/b ü", "pro")).toBe(false);
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
    Array.from({ length: 3 }, () => "GET /api/oncepaid/entitlements?userId=a%2Fb+%C3%BC"),
  );
  expect(requests.map(({ headers }) => headers.authorization)).toEqual([1, 2, 3].map(() => `Bearer ${KEY}`));
});

test("a change is tried again under the same key, another one under another, and for the person it says", async () => {
  answers = [{ hangUp: true }, { body: MADE }];
  expect(await connected().refund("o/1", { amount: 5, ...BY })).toEqual({ ok: true, ...MADE });
  expect(await connected().refund("o/1", { amount: 5, key: "mine", ...BY })).toMatchObject({ ok: true });
  const [first, second, third] = requests.map(({ headers }) => headers["idempotency-key"]);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect([second, third]).toEqual([first, "mine"]);
  answers = [DOWN, { status: 201, body: { slot: {} } }];
  const [startsAt, endsAt] = [new Date("2030-05-04T09:00Z"), new Date("2030-05-04T12:00Z")];
  const date = { productKey: "pro", startsAt, endsAt, timeZone: "UTC", place: "Here", capacity: 1 };
  expect(await connected().slots.create(date, BY)).toMatchObject({ ok: true });
  expect(requests[4]?.headers["idempotency-key"]).toBe(requests[3]?.headers["idempotency-key"]);
  expect(requests[4]?.body).toMatchObject({ startsAt: "2030-05-04T09:00:00.000Z" });
  expect(requests[0]).toMatchObject({
    url: "/api/oncepaid/orders/o%2F1/refund",
    body: { amount: 5 },
    headers: { "oncepaid-by": encodeURIComponent(BY.by) },
  });
});

test.each([
  ["an invitation", (to = connected()) => to.seats.invite("e", "bob@example.com")],
  ["a link, which counts", (to = connected()) => to.download("e")],
  ["a seat that is left", (to = connected()) => to.seats.leave("s", { userId: "bob" })],
])("what is done twice by sending it twice is sent once: %s", async (_, ask) => {
  answers = [{ hangUp: true }, { body: {} }];
  expect(await ask()).toMatchObject({ ok: false, code: "unreachable" });
  expect(requests).toHaveLength(1);
});

test.each([
  [
    "it will fail again",
    { status: 409, body: { code: "not_refundable", error: "Nothing is left." } },
    "not_refundable",
    1,
  ],
  [
    "it says to wait long",
    { ...DOWN, status: 429, headers: { "retry-after": "60" } },
    "stripe_unavailable",
    1,
  ],
  ["it stays so", { ...DOWN, headers: { "retry-after": "0" } }, "stripe_unavailable", 3],
  ["it is a proxy's page", { status: 404, body: "<h1>404</h1>" }, "unreachable", 1],
  ["it isn't JSON", { body: "<h1>Welcome</h1>" }, "unreachable", 1],
  [
    "it leads elsewhere",
    { status: 302, headers: { location: "http://127.0.0.1:9/" }, body: "" },
    "unreachable",
    1,
  ],
])("a failure is a value, and no more is asked than helps: %s", async (_, answer, code, times) => {
  answers = [answer];
  expect(await connected().refund("o", BY)).toMatchObject({ ok: false, code });
  expect(requests).toHaveLength(times);
});

test("nobody there, or silent for too long: a value where there are failures, else thrown, and never an answer about access", async () => {
  const nobody = connect({ url: "http://127.0.0.1:9", apiKey: KEY });
  const checkout = { cartId: "cart-of-ada", productKey: "pro", userId: "ada" };
  expect(await nobody.checkout(checkout)).toEqual({
    ok: false,
    code: "unreachable",
    error: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9 can't be reached: /),
  });
  await expect(nobody.has("ada", "pro")).rejects.toThrow(RequestFailed);
  const silent = connect({ url: base, apiKey: KEY, timeoutMs: 1, fetch: (_, init) => hanging(init?.signal) });
  await expect(silent.order("o")).rejects.toMatchObject({ failure: { code: "unreachable" } });
});

function hanging(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

test("what HTTP doesn't carry, and a product that isn't there, doesn't compile", () => {
  const to = connected();
  // @ts-expect-error There is no product "prro".
  void to.has("ada", "prro").catch(() => undefined);
  // @ts-expect-error Its whole account moves inside the engine alone.
  void to.move({ from: "a", to: "b" }).catch(() => undefined);
  expect(to).not.toHaveProperty("migrate");
  // @ts-expect-error It isn't asked for over HTTP.
  expect(to.migrate).toBeUndefined();
});
