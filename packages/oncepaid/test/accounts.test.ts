import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "./engine.ts";

/** An app that makes an account for a browser that has none, once it wants to buy. */
let engine: TestEngine;
const asked: string[] = [];

beforeAll(async () => {
  engine = await startEngine({
    guests: false,
    basePath: "/pay",
    identify: ({ headers }) => {
      const userId = /(?:^|; )account=(\w+)/.exec(headers.get("cookie") ?? "")?.[1];
      return userId === undefined
        ? null
        : { userId, email: " Ada@Example.com", emailVerified: userId === "ada" };
    },
    newcomer: async ({ headers }) => {
      asked.push(headers.get("user-agent") ?? "");
      return { userId: "newcomer", setCookie: ["account=newcomer; Path=/"] };
    },
  });
});
afterAll(() => engine.close());

const buy = (cartId: string, cookie?: string) =>
  engine.oncepaid.handle(
    new Request("http://localhost:3000/pay/checkout", {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "A browser", ...(cookie && { cookie }) },
      body: JSON.stringify({ cartId, productKey: "ebook" }),
    }),
  );

test("whoever has no account gets one of the app's with the first checkout, and no cookie of the engine's", async () => {
  const response = await buy("cart-newcomer");
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()).toEqual(["account=newcomer; Path=/"]);
  expect(asked).toEqual(["A browser"]);
  const { orders } = await engine.oncepaid.orders({ userId: "newcomer" });
  expect(orders).toMatchObject([{ cartId: "cart-newcomer" }]);
});

test("whoever has one keeps it, and an address counts as theirs only where the app has verified it", async () => {
  const response = await buy("cart-of-ada", "account=ada");
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(asked).toHaveLength(1);
  expect(await engine.oncepaid.caller(new Headers({ cookie: "account=ada" }))).toMatchObject({
    kind: "user",
    email: "ada@example.com",
    prefill: "ada@example.com",
  });
  expect(await engine.oncepaid.caller(new Headers({ cookie: "account=bob" }))).toMatchObject({
    kind: "user",
    email: null,
    prefill: "ada@example.com",
  });
  expect(await engine.oncepaid.caller(new Headers())).toEqual({ kind: "nobody" });
});
