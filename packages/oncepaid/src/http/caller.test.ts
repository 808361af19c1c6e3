import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError } from "#/cli/command.ts";
import { keysCommand } from "#/cli/keys.ts";
import { createEngine } from "#/engine.ts";
import { apiOf } from "#/http/app.ts";
import { identify } from "#/http/caller.ts";
import { ENGINE_WORDS } from "#/operations/words.ts";
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

test("on one's own machine a key may be short, named or not", async () => {
  expect(await callerWith("shorty", "desk:shorty")).toEqual({ kind: "server", name: "desk" });
  expect(await callerWith("desk:shorty", "desk:shorty")).toEqual({ kind: "server", name: "desk" });
  expect(await callerWith("desk", "desk:shorty")).toMatchObject({ code: "unauthenticated" });
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

test("a key that is made opens what its scopes say, is kept as a hash only, and is named by what it does", async () => {
  const { status, json } = await app.post("/api/keys", { name: "till", scopes: ["support"] }, app.asServer);
  expect(status).toBe(201);
  const key = String(json.key);
  expect(key).toMatch(/^opk_[0-9a-f]{64}$/);
  const stored = await app.rows("select * from api_key where name = 'till'");
  expect(JSON.stringify(stored)).not.toContain(key.slice(4, 20));

  const payment = await app.order();
  await app.deliver(completed(payment));
  const asTill = { authorization: `Bearer ${key}` };
  const refunded = await app.post(`/api/orders/${payment.orderId}/refund`, { amount: 100 }, asTill);
  expect(refunded.status).toBe(200);
  const refused = await app.get(`/api/orders/${payment.orderId}`, asTill);
  expect(refused).toMatchObject({
    status: 403,
    json: { code: "insufficient_scope", error: "This takes an API key with the scope read." },
  });
  expect(refused.headers.get("www-authenticate")).toBe('Bearer error="insufficient_scope", scope="read"');
  expect(await app.oncepaid.timeline(payment.orderId)).toContainEqual(
    expect.objectContaining({ actor: "the API key till" }),
  );

  const listed = await app.get("/api/keys", app.asServer);
  expect(listed.json.keys).toContainEqual(
    expect.objectContaining({
      name: "till",
      ending: key.slice(-4),
      createdBy: "an API key",
      lastUsedAt: expect.any(String),
    }),
  );
  expect(JSON.stringify(listed.json)).not.toContain(key.slice(4, 20));
});

test("what a key changes is logged with its name, and never with the key", async () => {
  const lines: object[] = [];
  const note = (what: object, message: string) => void lines.push({ ...what, message });
  const api = apiOf(createEngine({ ...app.engine, log: { info: note, warn: note, error: note } }), "/api");
  const made = await app.oncepaid.keys.create({ name: "logged", scopes: ["operator"], by: "ada" });
  if (!made.ok) throw new Error(made.error);
  const headers = { authorization: `Bearer ${made.key}`, "content-type": "application/json" };
  await api.request("/api/admin/jobs/replay", { method: "POST", headers, body: '{"all":true}' });
  expect(lines).toContainEqual({
    by: "the API key logged",
    method: "POST",
    path: "/api/admin/jobs/replay",
    status: 200,
    message: "changed by a server",
  });
  expect(JSON.stringify(lines)).not.toContain(made.key);
});

test("a key that is revoked opens nothing from the next request on, and its name is free again", async () => {
  const made = await app.oncepaid.keys.create({ name: "gone", scopes: ["read"], by: "ada" });
  if (!made.ok) throw new Error(made.error);
  const asGone = { authorization: `Bearer ${made.key}` };
  expect((await app.get("/api/orders?userId=x", asGone)).status).toBe(200);
  const path = `/api/keys/${made.apiKey.id}`;
  const revoked = await app.delete(path, app.asServer);
  expect(revoked.json).toMatchObject({ apiKey: { name: "gone", revokedBy: "an API key" } });
  expect((await app.get("/api/orders?userId=x", asGone)).json.code).toBe("unauthenticated");
  // Once more, as after an answer that was lost.
  expect((await app.delete(path, app.asServer)).json).toEqual(revoked.json);
  expect(await app.oncepaid.keys.create({ name: "gone", scopes: ["read"], by: "ada" })).toMatchObject({
    ok: true,
  });
});

test("made twice at once under one name, there is one key", async () => {
  const twice = await Promise.all(
    Array.from({ length: 4 }, () => app.oncepaid.keys.create({ name: "race", scopes: ["sell"], by: "ada" })),
  );
  expect(twice.filter(({ ok }) => ok)).toHaveLength(1);
  expect(twice.filter((one) => !one.ok && one.code === "name_taken")).toHaveLength(3);
});

test("its use is written once a minute at most, by however many requests", async () => {
  const made = await app.oncepaid.keys.create({ name: "busy", scopes: ["read"], by: "ada" });
  if (!made.ok) throw new Error(made.error);
  const use = () => identify(app.engine, new Headers({ authorization: `Bearer ${made.key}` }));
  const used = async () =>
    (
      await app.rows<{ at: Date; version: string }>(
        "select last_used_at as at, xmin::text as version from api_key where name = 'busy'",
      )
    )[0];
  await Promise.all([use(), use(), use()]);
  const first = await used();
  await use();
  expect(await used()).toEqual(first);
  await app.rows("update api_key set last_used_at = now() - interval '61 seconds' where name = 'busy'");
  await use();
  expect((await used())?.at.getTime()).toBeGreaterThanOrEqual(first?.at.getTime() ?? 0);
});

test.each([
  [{ name: "", scopes: ["read"] }],
  [{ name: "x".repeat(61), scopes: ["read"] }],
  [{ name: "two\nlines", scopes: ["read"] }],
  [{ name: "none", scopes: [] }],
  [{ name: "odd", scopes: ["write"] }],
])("%j makes no key", async (body) => {
  const { status, json } = await app.post("/api/keys", body, app.asServer);
  expect({ status, code: json.code }).toEqual({ status: 400, code: "invalid_request" });
});

test("npx oncepaid keys makes, lists and revokes, and says what it can't understand", async () => {
  const keys = async (...args: string[]) => {
    const out: string[] = [];
    const err: string[] = [];
    const context = {
      engine: app.engine,
      words: ENGINE_WORDS,
      checks: [],
      stop: new AbortController().signal,
      color: false,
      print: (text: string) => void out.push(text),
      printError: (text: string) => void err.push(text),
    };
    const code = await keysCommand(context, args);
    return { code, out: out.join("\n"), err: err.join("\n") };
  };
  const made = await keys("create", "a terminal's", "--scopes", "sell, read", "--by", "ada", "--json");
  const { key, apiKey } = JSON.parse(made.out);
  expect(apiKey).toMatchObject({ name: "a terminal's", scopes: ["read", "sell"], createdBy: "ada" });
  expect(await identify(app.engine, new Headers({ authorization: `Bearer ${key}` }))).toMatchObject({
    kind: "server",
  });
  expect(await keys("create", "a terminal's", "--scopes", "read")).toMatchObject({
    code: 1,
    err: expect.stringContaining("already"),
  });
  expect((await keys()).out).toMatch(new RegExp(`^a terminal's +…${key.slice(-4)}  read,sell`, "m"));
  expect(await keys("revoke", "a terminal's")).toMatchObject({ code: 0 });
  expect(await keys("revoke", "a terminal's")).toMatchObject({
    code: 1,
    err: expect.stringContaining("npx oncepaid keys list"),
  });
  expect((await keys("list")).out).not.toContain("a terminal's");
  expect((await keys("list", "--all")).out).toContain("a terminal's");
  for (const args of [
    ["create"],
    ["create", "x"],
    ["create", "x", "--scopes", "all"],
    ["revoke"],
    ["burn"],
    ["list", "a", "b"],
  ]) {
    await expect(keys(...args)).rejects.toThrow(UsageError);
  }
});
