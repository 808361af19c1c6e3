import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const ORDER = "0197a0c0-0000-7000-8000-000000000000";
const send = (path: string, headers: Record<string, string> = {}) =>
  fetch(app.url + path, { method: "POST", headers: { ...app.asServer, ...headers } });

test.each([`/api/orders/${ORDER}/resend`, `/api/orders/${ORDER}/review`, `/api/entitlements/${ORDER}/end`])(
  "POST %s needs no body, where everything in it may be left out",
  async (path) => {
    expect((await send(path)).status).toBe(404);
  },
);

test("an empty body is never taken for the wish to give everything back", async () => {
  const answer = await send(`/api/orders/${ORDER}/refund`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    code: "invalid_request",
    error: "The body is empty: send JSON, `{}` where nothing else is to be said.",
  });
});

test.each(["", "k".repeat(256)])("an Idempotency-Key of a wrong length is refused: %j", async (key) => {
  const answer = await send(`/api/orders/${ORDER}/resend`, { "idempotency-key": key });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: "An Idempotency-Key has 1 to 255 characters." });
});
