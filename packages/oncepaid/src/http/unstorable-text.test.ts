import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const NUL = "a\u0000b";
const HALF_A_LETTER = "a\ud800b";

const ORDER = "0197a0c0-0000-7000-8000-000000000000";

const slot = {
  productKey: "workshop",
  startsAt: "2027-03-01T10:00:00Z",
  endsAt: "2027-03-01T12:00:00Z",
  timeZone: "Asia/Kolkata",
  place: "Here",
  capacity: 3,
};

test.each([
  ["/api/checkout", { cartId: "cart-nul-0001", productKey: "ebook", userId: NUL }],
  ["/api/checkout", { cartId: "cart-nul-0002", productKey: "ebook", userId: HALF_A_LETTER }],
  ["/api/billing-portal", { userId: NUL }],
  ["/api/billing-portal", { userId: HALF_A_LETTER }],
  ["/api/admin/slots", { ...slot, place: NUL }],
  ["/api/admin/events/replay", { ids: [NUL] }],
  ["/api/admin/events/%00/replay", {}],
  ["/api/admin/events/%00/dismiss", {}],
  ...[NUL, HALF_A_LETTER].flatMap((text): [string, object][] => [
    [`/api/orders/${ORDER}/refund`, { note: text }],
    [`/api/orders/${ORDER}/email`, { email: "ada@example.com", note: text }],
    [`/api/orders/${ORDER}/resend`, { note: text }],
    [`/api/orders/${ORDER}/move`, { to: text }],
    [`/api/entitlements/${ORDER}/end`, { note: text }],
    ["/api/entitlements", { userId: "ada", productKey: "ebook", note: text }],
    ["/api/entitlements", { userId: text, productKey: "ebook", note: "a present" }],
  ]),
])(
  "POST %s with a text that can't be kept (%j) is the sender's mistake, and leaves nothing",
  async (path, body) => {
    const answer = await app.post(path, body, app.asServer);
    expect(answer).toMatchObject({ status: 400, json: { code: "invalid_request" } });
    expect(await app.rows(`select from "order"`)).toEqual([]);
    expect(app.stripe.sessions.size).toBe(0);
  },
);

test.each([
  "/api/orders?sessionId=%00",
  "/api/slots?productKey=%00",
  "/api/entitlements?userId=%00",
  "/api/entitlements/explain?userId=%00&productKey=pro",
  "/api/entitlements/explain?userId=u&productKey=%00",
])("GET %s is answered by a sentence, not by a failure of ours", async (path) => {
  const { status, json } = await app.get(path, app.asServer);
  expect(status).toBe(400);
  expect(json).toMatchObject({ code: "invalid_request", error: expect.any(String) });
});
