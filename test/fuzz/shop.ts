import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startApp } from "../../shop/embedded/app.ts";
import { startMailCatcher } from "../../shop/embedded/mail/catcher.ts";
import { buildWhenNeeded } from "../../shop/embedded/next-build.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";
import { sandboxEnv, startSandbox } from "../../shop/embedded/sandbox.ts";
import { migrate } from "../../shop/src/migrate.ts";
import { withoutSettings } from "../support/settings.ts";
import { type FuzzedRequest, type Ground, operationsOf, type Target } from "./requests.ts";

const FIRST_PORT = 45_000;
const ANSWER_LIMIT_MS = 30_000;
const DAY_MS = 86_400_000;

/** A whole shop with its worker, on loopback: the app as a process of its own, PostgreSQL, the sandbox and the mail catcher. */
export type FuzzedShop = Awaited<ReturnType<typeof startShop>>;

export async function startShop() {
  await buildWhenNeeded();
  const dir = mkdtempSync(join(tmpdir(), "oncepaid-fuzz-"));
  const files = join(dir, "files");
  mkdirSync(files);
  const nextPort = freePortsFrom(FIRST_PORT);
  const port = await nextPort();
  const onSpawn = () => undefined;
  const postgres = await startPostgres({ dir, nextPort, durable: false });
  const [sandbox, mail] = await Promise.all([
    startSandbox({ dir, nextPort, onSpawn }),
    startMailCatcher(dir, nextPort),
  ]);
  await migrate(postgres.url);
  const apiKey = randomBytes(24).toString("hex");
  const stripe = await sandboxEnv(sandbox.url, port, dir);
  const log = join(dir, "app.log");
  const app = await startApp({
    env: {
      ...withoutSettings(),
      ...stripe,
      NODE_ENV: "production",
      PORT: String(port),
      DATABASE_URL: postgres.url,
      DATA_DIR: dir,
      AUTH_SECRET: randomBytes(24).toString("hex"),
      API_KEYS: apiKey,
      SMTP_URL: mail.smtpUrl,
      STORAGE_URL: pathToFileURL(files).href,
      TRUSTED_PROXIES: "1",
      LOG_LEVEL: "warn",
    },
    log,
    onSpawn,
  });
  let ended: string | undefined;
  void app.exited.then((how) => {
    ended = how;
  });
  const url = `http://127.0.0.1:${port}`;
  const at: Record<Target, string> = {
    api: url,
    page: url,
    webhook: url,
    sandbox: sandbox.url,
    mail: mail.url,
  };
  return {
    url,
    ask: (one: FuzzedRequest) => answerTo(at[one.target], one),
    ground: await groundOf(url, apiKey, stripe.STRIPE_WEBHOOK_SECRET ?? ""),
    /** Of the web process: resident bytes and open descriptors. */
    measure: () => measured(app.pid),
    log: () => readFileSync(log, "utf8"),
    ended: () => ended,
    stop: async () => {
      await app.stop();
      await Promise.all([sandbox.stop(), mail.stop(), postgres.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Things that are really there: some of what is asked for is to be found. */
async function groundOf(url: string, apiKey: string, secret: string): Promise<Ground> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    return Object(await answer.json());
  };
  const { orderId } = await post("/api/checkout", {
    cartId: "cart-of-the-fuzzer",
    productKey: "ebook",
    userId: "buyer-1",
  });
  const made = await post("/api/admin/slots", {
    productKey: "workshop",
    startsAt: new Date(Date.now() + 7 * DAY_MS).toISOString(),
    endsAt: new Date(Date.now() + 7.1 * DAY_MS).toISOString(),
    timeZone: "Asia/Kolkata",
    place: "Here",
    capacity: 10,
  });
  const described = await fetch(`${url}/api/openapi.json`);
  return {
    operations: operationsOf(await described.json()),
    apiKey,
    secret,
    ids: [String(orderId), String(Object(made.slot).id), "buyer-1", "ebook", "pro", "workshop"],
  };
}

/** The status; 0 where the connection was closed without one, and a request that can't be written is none. */
function answerTo(url: string, { method, path, headers, body }: FuzzedRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    try {
      const asked = request({ hostname, port, method, path, headers }, (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
        response.once("error", () => resolve(0));
      });
      asked.setTimeout(ANSWER_LIMIT_MS, () => reject(new Error(`No answer in ${ANSWER_LIMIT_MS / 1000} s.`)));
      asked.once("error", () => resolve(0));
      asked.end(body);
    } catch {
      resolve(undefined);
    }
  });
}

function measured(pid: number): { bytes: number; descriptors: number } {
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { bytes: Number(kilobytes) * 1024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}
