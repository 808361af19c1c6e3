import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine } from "#/engine.ts";
import { apiOf } from "#/http/app.ts";
import { waitingJobs } from "#/outbox/waiting.ts";
import { sweepReports } from "#/work/sweeps.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed } from "../../../../test/support/events.ts";

const SECRET = "a-secret-of-the-cron";
const BEARER = { authorization: `Bearer ${SECRET}` };

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

/** The engine as a host without a worker runs it. */
function withSecret() {
  const { settings } = app.engine;
  return apiOf(createEngine({ ...app.engine, settings: { ...settings, cronSecret: SECRET } }), "/api");
}

test("without a secret there is no such route", async () => {
  expect(await app.get("/api/cron", { authorization: "Bearer undefined" })).toMatchObject({
    status: 404,
    json: { code: "not_found" },
  });
});

test.each(["", SECRET, "Bearer another-secret"])("authorization: %s opens nothing", async (authorization) => {
  const answer = await withSecret().request("/api/cron", { headers: { authorization } });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ code: "unauthenticated" });
});

test("a round does every sweep and the jobs that are due; another at the same moment does nothing twice", async () => {
  const payment = await app.order("ebook");
  await app.deliver(completed(payment));
  const api = withSecret();
  const rounds = await Promise.all([
    api.request("/api/cron", { headers: BEARER }),
    api.request("/api/cron", { method: "POST", headers: BEARER }),
  ]);
  for (const round of rounds) {
    expect(round.status).toBe(200);
    expect(round.headers.get("cache-control") ?? "no-store").toBe("no-store");
    const { sweeps, jobsLeft }: { sweeps: { error: string | null }[]; jobsLeft: number } = await round.json();
    expect(sweeps.length).toBeGreaterThan(0);
    expect(sweeps.filter(({ error }) => error !== null)).toEqual([]);
    expect(jobsLeft).toBe(0);
  }
  const reports = await sweepReports(app.engine);
  expect(reports.filter(({ at, error }) => at === null || error !== null)).toEqual([]);
  const [left] = await app.rows<{ count: number }>("select count(*)::int from oncepaid.outbox");
  expect(left).toEqual({ count: 0 });
  // The mail server of this test can't be reached, so its one receipt was tried and waits for its next try.
  const mails = await app.rows<{ state: string; retry_count: number }>(
    "select state, retry_count from oncepaid_jobs.job where name = 'mail'",
  );
  expect(mails).toEqual([{ state: "retry", retry_count: 0 }]);
  const [waiting, ...others] = await waitingJobs(app.engine, "mail");
  expect(others).toEqual([]);
  expect(waiting).toMatchObject({ key: expect.stringContaining(payment.orderId), failures: 1 });
  expect(waiting?.error).not.toBeNull();
});
