import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine } from "#/engine.ts";
import { apiOf } from "#/http/app.ts";
import { identify } from "#/http/caller.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const PLAIN = "a-plain-key-of-at-least-32-characters";
const SECRET = "the-key-of-billing-of-32-characters-and-more";

const engineWith = (...apiKeys: string[]) =>
  createEngine({ ...app.engine, settings: { ...app.engine.settings, apiKeys } });
const callerWith = (key: string, ...apiKeys: string[]) =>
  identify(engineWith(...apiKeys), new Headers({ authorization: `Bearer ${key}` }));

test("a key may have a name, and is one with it and without it", async () => {
  const keys = [PLAIN, `billing:${SECRET}`];
  expect(await callerWith(PLAIN, ...keys)).toEqual({ kind: "server" });
  expect(await callerWith(SECRET, ...keys)).toEqual({ kind: "server", name: "billing" });
  expect(await callerWith(`billing:${SECRET}`, ...keys)).toEqual({ kind: "server", name: "billing" });
});

test.each([
  ["another name", `support:${SECRET}`],
  ["a name alone", "billing"],
  ["no name", `:${SECRET}`],
  ["the beginning of a key", SECRET.slice(0, -1)],
  ["more than a key", `${SECRET}x`],
])("%s is no key", async (_, key) => {
  expect(await callerWith(key, PLAIN, `billing:${SECRET}`)).toMatchObject({ code: "unauthenticated" });
});

test("the end of a key that happens to have a colon in it opens nothing", async () => {
  const key = "a-key-with-a-colon-near-its-end:x";
  expect(await callerWith(key, key)).toEqual({ kind: "server" });
  expect(await callerWith("x", key)).toMatchObject({ code: "unauthenticated" });
});

test("the timeline names the key that did something", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  const [entitlement] = await app.rows<{ id: string }>("select id from entitlement where order_id = $1", [
    payment.orderId,
  ]);
  const api = apiOf(engineWith(PLAIN, `billing:${SECRET}`), "/api");
  const ask = async (method: string, path: string, key: string) => {
    const answer = await api.request(path, { method, headers: { authorization: `Bearer ${key}` } });
    const json: { timeline: { actor: string }[] } = await answer.json();
    return json;
  };
  await ask("POST", `/api/admin/entitlements/${entitlement?.id}/end`, SECRET);
  await ask("POST", `/api/admin/entitlements/${entitlement?.id}/restore`, PLAIN);
  const { timeline } = await ask("GET", `/api/admin/orders/${payment.orderId}`, PLAIN);
  const actors = timeline.map(({ actor }) => actor);
  // What was asked for and what it changed are a line each.
  expect(actors.slice(-4)).toEqual([
    "the API key billing",
    "the API key billing",
    "an API key",
    "an API key",
  ]);
});
