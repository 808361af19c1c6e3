import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ RETURN_ORIGINS: "https://other.example.com" });
});
afterAll(() => app.close());

test("a server may send its buyers back to an origin of RETURN_ORIGINS, and to no other", async () => {
  const from = (origin: string, cartId: string) =>
    app.post(
      "/api/checkout",
      { cartId, userId: "buyer", productKey: "ebook", successUrl: `${origin}/thanks` },
      app.asServer,
    );
  expect(await from("https://other.example.com", "cart-allowed")).toMatchObject({ status: 200 });
  const [form] = [...app.stripe.sessions.values()];
  expect(JSON.stringify(form)).toContain("https://other.example.com/thanks");
  expect(await from("https://third.example.com", "cart-refused")).toMatchObject({
    status: 400,
    json: { code: "return_url_not_allowed" },
  });
});
