import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { toNodeListener } from "#/node.ts";
import { createOncepaid } from "#/oncepaid.ts";
import { endpoint, everybody, json, route, withRoutes } from "#/routes.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, signed } from "../../../../test/support/events.ts";

/** Deliveries on Node's server go past the router; as a Request, on any other host, they go through it. Both are to be answered alike. */

let app: TestApi;
const servers: Server[] = [];
beforeAll(async () => {
  app = await startApi();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await app.close();
});

type Handled = Parameters<typeof toNodeListener>[0];
type Sent = { method?: string; path?: string; headers?: Record<string, string>; chunks: (string | Buffer)[] };
type Answer = { status: number | undefined; headers: IncomingHttpHeaders; text: string };

async function serve(handled: Handled): Promise<string> {
  const server = createServer(toNodeListener(handled));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "";
}

/** By its handler alone, so that every request goes through the router. */
function routed({ handle }: Handled): Promise<string> {
  return serve({ handle });
}

function send(url: string, { method = "POST", path = "/api/stripe/webhook", headers, chunks }: Sent) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(url + path, { method, headers: headers ?? {} }, async (answer) => {
      const text = (await answer.toArray()).join("");
      const { date: _date, ...rest } = answer.headers;
      resolve({ status: answer.statusCode, headers: rest, text });
    });
    sent.on("error", reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

/** A new one each time: the second delivery of the same event would be answered otherwise. */
async function paid(): Promise<Sent> {
  const { payload, header } = signed(completed(await app.order()));
  return { headers: whole(payload, { "stripe-signature": header }), chunks: [payload] };
}

function whole(body: string, more: Record<string, string> = {}) {
  return { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), ...more };
}

function signedBody(body: unknown): Sent {
  const { payload, header } = signed(body);
  return { headers: { "stripe-signature": header }, chunks: [payload] };
}

const TOO_LONG = "x".repeat(1024 * 1024 + 1);
const again = event("product.created", { id: "prod_again" });

describe("a delivery is answered alike past the router and through it", () => {
  test.each<[string, number, () => Sent | Promise<Sent>]>([
    ["paid", 200, paid],
    ["in chunks, with letters of several bytes cut", 200, async () => inPieces(await paid())],
    ["with a query", 200, async () => ({ ...(await paid()), path: "/api/stripe/webhook?from=stripe" })],
    ["the same again", 200, () => signedBody(again)],
    ["of a type nothing depends on", 200, () => signedBody(event("product.created", { id: "prod_1" }))],
    ["signed, and no event", 400, () => signedBody({ hello: "there" })],
    ["without a signature", 400, () => ({ headers: whole("{}"), chunks: ["{}"] })],
    ["of another secret", 400, () => ({ headers: { "stripe-signature": "t=1,v1=aa" }, chunks: ["{}"] })],
    ["empty", 400, () => ({ headers: whole(""), chunks: [] })],
    ["too long, as it says", 413, () => ({ headers: whole(TOO_LONG), chunks: [TOO_LONG] })],
    ["too long, in chunks", 413, () => ({ chunks: [TOO_LONG.slice(1), "x", "x"] })],
    ["asked to be read", 404, () => ({ method: "GET", chunks: [] })],
    ["under a longer path", 404, async () => ({ ...(await paid()), path: "/api/stripe/webhook/" })],
  ])("%s", async (_what, status, made) => {
    await app.deliver(again);
    const past = await send(await serve(app.oncepaid), await made());
    const through = await send(await routed(app.oncepaid), await made());
    expect(past).toEqual(through);
    expect(past.status).toBe(status);
  });

  test("what is thrown", async () => {
    const settingless = createOncepaid({
      ...{ database: undefined, appUrl: undefined, basePath: "/api", products: [] },
      stripe: { secretKey: undefined, webhookSecret: undefined },
      identify: async () => null,
    });
    const past = await send(await serve(settingless), await paid());
    expect(past).toEqual(await send(await routed(settingless), await paid()));
    expect(past.status).toBe(500);
  });
});

test("whoever goes away before the whole body is there keeps nothing waiting", async () => {
  const url = await serve(app.oncepaid);
  const sent = request(`${url}/api/stripe/webhook`, { method: "POST", headers: whole(TOO_LONG.slice(1)) });
  const closed = new Promise((resolve) => sent.once("close", resolve));
  sent.once("error", () => {});
  await new Promise((resolve) => sent.write("half of it", resolve));
  sent.destroy();
  await closed;
  expect(await send(url, await paid())).toMatchObject({ status: 200 });
});

test("a route of the app's own takes the place of the engine's, and what stands around it is passed", async () => {
  const answers = json(z.object({ taken: z.boolean() }));
  const own = endpoint({
    summary: "Takes deliveries itself",
    answers,
    handle: async () => ({ taken: true }),
  });
  const routes = [route("POST", "/stripe/webhook", everybody, own)];
  const replaced = await serve(withRoutes(app.oncepaid, { routes }));
  expect(await send(replaced, await paid())).toMatchObject({ status: 200, text: '{"taken":true}' });

  const passed: string[] = [];
  for (const pattern of ["*", "/stripe/*", "/stripe/webhook", "/:any/webhook"]) {
    const around = {
      [pattern]: async (_c: unknown, next: () => Promise<void>) => {
        passed.push(pattern);
        await next();
      },
    };
    await send(await serve(withRoutes(app.oncepaid, { routes: [], around })), await paid());
  }
  expect(passed).toEqual(["*", "/stripe/*", "/stripe/webhook", "/:any/webhook"]);
});

/** In the middle of whatever is there. */
function inPieces({ headers, chunks }: Sent): Sent {
  const bytes = Buffer.from(chunks.join(""));
  const { "content-length": _stated, ...rest } = headers ?? {};
  return { headers: rest, chunks: [bytes.subarray(0, 7), bytes.subarray(7, 300), bytes.subarray(300)] };
}
