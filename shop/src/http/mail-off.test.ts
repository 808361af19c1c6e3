import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { completed } from "../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ SMTP_URL: "" });
});
afterAll(() => app.close());

test("without a mail server health says that mail is off, and asking for a code says so too", async () => {
  expect((await app.get("/api/health", app.asServer)).json).toMatchObject({
    status: "ok",
    mail: "off",
    failedJobs: 0,
  });
  const asked = await app.post("/api/auth/email-otp/send-verification-otp", { email: "a@example.com" });
  expect(asked).toMatchObject({ status: 503, json: { code: "mail_unavailable" } });
});

test("without a mail server a paid order is granted as ever, and no mail waits for one", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  expect((await app.get(`/api/orders/${payment.orderId}`, app.asServer)).json.status).toBe("FULFILLED");
  expect(await app.rows("select from outbox where queue = 'mail'")).toEqual([]);
});
