import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { runCommand } from "../../../test/support/command.ts";
import { runFolder } from "../../../test/support/database.ts";
import { completed } from "../../../test/support/events.ts";
import { until } from "../../embedded/alive.ts";
import { startSmtp } from "../../embedded/mail/smtp.ts";
import { type MailStore, openMailStore } from "../../embedded/mail/store.ts";
import { freePortsFrom } from "../../embedded/ports.ts";

/** Milliseconds; this machine may be busy. */
const PATIENCE = 60_000;
vi.setConfig({ testTimeout: 3 * PATIENCE });

let app: TestApi;
let port: number;
let mails: MailStore;
let server: { close(): Promise<void> } | undefined;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  port = await freePortsFrom(45_000)();
  mails = await openMailStore(`${runFolder()}/given-up-mail`);
  app = await startApi({ SMTP_URL: `smtp://127.0.0.1:${port}` });
  // Twice and soon, where it is a day otherwise.
  await app.rows(
    "update oncepaid_jobs.queue set retry_limit = 1, retry_delay = 1, retry_backoff = false where name = 'mail'",
  );
});
afterAll(() => app.close());
beforeEach(async () => {
  worker = await app.oncepaid.work();
});
afterEach(async () => {
  await worker.stop();
  await server?.close();
  server = undefined;
});

/** A mail server that takes nobody's mail, and says so with the address, as they do. */
async function refuseAll(responseCode: number): Promise<void> {
  const refusing = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    closeTimeout: 500,
    onRcptTo: ({ address }, _session, done) =>
      done(Object.assign(new Error(`<${address}> not now or not ever`), { responseCode })),
  });
  refusing.on("error", () => undefined);
  await new Promise<void>((resolve) => refusing.listen(port, "127.0.0.1", resolve));
  server = { close: () => new Promise((resolve) => refusing.close(() => resolve())) };
}

async function takeAll(): Promise<void> {
  await server?.close();
  server = await startSmtp(port, mails);
}

async function paidUnder(email: string): Promise<string> {
  const payment = await app.order();
  await app.deliver(completed(payment, { customer_details: { email } }));
  return payment.orderId;
}

const failedJobs = async () => (await app.get("/api/health", app.asServer)).json.failedJobs;
const jobs = async () => (await app.get("/api/admin/jobs", app.asServer)).json;
const givenUp = async () => [(await jobs()).givenUp].flat().map(Object);

test("mail that is refused is tried until it is given up, health counts it, and it is sent once a person sends it back", async () => {
  await refuseAll(451);
  const orderId = await paidUnder("later@example.com");
  expect(await until(async () => (await failedJobs()) === 1, PATIENCE)).toBe(true);
  const [job] = await givenUp();
  expect(job).toEqual({
    id: expect.any(String),
    queue: "mail",
    key: `receipt:${orderId}`,
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    tries: 2,
    error: "Can't send mail - all recipients were rejected: 451 … not now or not ever",
  });
  expect(mails.list("later@example.com")).toEqual([]);

  await takeAll();
  const unknown = { ids: ["00000000-0000-4000-8000-000000000000"] };
  expect((await app.post("/api/admin/jobs/replay", unknown, app.asServer)).json).toEqual({ replayed: 0 });
  const back = await app.post("/api/admin/jobs/replay", { ids: [job.id] }, app.asServer);
  expect(back.json).toEqual({ replayed: 1 });
  expect(await until(() => mails.list("later@example.com").length === 1, PATIENCE)).toBe(true);
  expect(await failedJobs()).toBe(0);
  expect(await until(async () => Object([(await jobs()).queues].flat()[0]).waiting === 0, PATIENCE)).toBe(
    true,
  );
  expect(await jobs()).toMatchObject({ givenUp: [], total: 0 });
});

test("an address that does not exist is given up at once, and a code for it is forgotten", async () => {
  await refuseAll(550);
  await app.post("/api/auth/email-otp/send-verification-otp", { email: "typo@example.com" });
  const orderId = await paidUnder("nobody@example.com");
  const codes = async () =>
    app.rows(
      "select from oncepaid_jobs.job where data->>'key' like 'sign_in_code:%' and state = 'completed'",
    );
  expect(await until(async () => (await failedJobs()) === 1 && (await codes()).length === 1, PATIENCE)).toBe(
    true,
  );
  expect(await givenUp()).toEqual([
    expect.objectContaining({ key: `receipt:${orderId}`, tries: 1, error: expect.stringContaining("550") }),
  ]);

  await takeAll();
  const replay = runCommand("replay", process.env, ["--jobs"]);
  expect(await replay.ended).toBe("exit code 0");
  expect(replay.output()).toBe("1 jobs are tried again.\n");
  expect(await until(() => mails.list("nobody@example.com").length === 1, PATIENCE)).toBe(true);
  expect(await failedJobs()).toBe(0);
});

test("work that fails waits for its next try, and says so per queue", async () => {
  await refuseAll(451);
  await app.rows("update oncepaid_jobs.queue set retry_limit = 5, retry_delay = 3600 where name = 'mail'");
  await paidUnder("patient@example.com");
  const mail = async () => Object([(await jobs()).queues].flat()[0]);
  expect(await until(async () => (await mail()).retrying === 1, PATIENCE)).toBe(true);
  expect((await jobs()).queues).toEqual([
    { queue: "mail", waiting: 0, retrying: 1 },
    { queue: "outbound_webhook", waiting: 0, retrying: 0 },
    { queue: "refund", waiting: 0, retrying: 0 },
    { queue: "support", waiting: 0, retrying: 0 },
    { queue: "trial_card", waiting: 0, retrying: 0 },
    { queue: "stop_billing", waiting: 0, retrying: 0 },
    { queue: "fraud_warning", waiting: 0, retrying: 0 },
    { queue: "resume_billing", waiting: 0, retrying: 0 },
  ]);
});

test("which jobs to send back has to be said", async () => {
  const { status, json } = await app.post("/api/admin/jobs/replay", {}, app.asServer);
  expect(status).toBe(400);
  expect(json).toEqual({ code: "invalid_request", error: 'Send { "ids": ["…"] } or { "all": true }.' });
});
