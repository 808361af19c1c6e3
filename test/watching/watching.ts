import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOncepaid, download } from "oncepaid";
import { toNodeListener } from "oncepaid/node";
import pg from "pg";
import { until } from "../../shop/embedded/alive.ts";
import { ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";
import { WEBHOOK_SECRET } from "../support/events.ts";
import { startOtherStripe } from "../support/other-stripe.ts";
import { buy, CAUSES, type Scene, UNLUCKY } from "./causes.ts";
import { type Prometheus, promtoolSays, startPrometheus } from "./prometheus.ts";

/**
 * `npm run test:watching`: the files of deploy/watching on a real Prometheus (Debian's package `prometheus`), which scrapes a real app.
 * Each alert is silent before, is brought about, and fires; each expression of the dashboard has a value. Exit code 0 when all of it held.
 */
const FILES = join(ROOT, "deploy", "watching");
const FIRST_PORT = 44_000;
const SCRAPED_LIMIT_MS = 15_000;
const FIRES_LIMIT_MS = 30_000;
const PURCHASES = 5;

process.exitCode = await main();

async function main(): Promise<number> {
  const problems = [promtoolSays(FILES)].filter((said) => said !== "");
  const started = Date.now();
  const { scene, token, webPort, dir, nextPort, stop } = await startScene();
  const prometheus = await startPrometheus({
    dir,
    files: FILES,
    port: await nextPort(),
    app: `127.0.0.1:${webPort}`,
    token,
  });
  try {
    problems.push(...(await scraped(prometheus)));
    problems.push(...(await allFire(prometheus, scene)));
  } finally {
    await prometheus.stop();
    await stop();
  }
  for (const problem of problems) console.log(`  FAILED ${problem}`);
  console.log(`  ${Object.keys(CAUSES).length} alerts in ${Math.round((Date.now() - started) / 1000)} s`);
  console.log(`  ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
}

/** The target answers, with the token. Everything else comes after, so that each figure grows before Prometheus' eyes. */
async function scraped(prometheus: Prometheus): Promise<string[]> {
  const isUp = async () => (await prometheus.values('up{job="oncepaid"}')).includes(1);
  return (await until(isUp, SCRAPED_LIMIT_MS)) ? [] : [`Not scraped: ${await prometheus.whyNot()}`];
}

async function allFire(prometheus: Prometheus, scene: Scene): Promise<string[]> {
  const problems: string[] = [];
  for (const alert of namesIn("alerts.yml", /alert: (\w+)/g)) {
    if (!(alert in CAUSES)) problems.push(`Nothing brings ${alert} about.`);
  }
  const worker = await scene.work();
  // What has labels is there from its first time on, and no growth is seen in that.
  await buy(scene, "the-first");
  const isSeen = async () =>
    (await prometheus.values("oncepaid_stripe_request_seconds_count")).length > 0 &&
    (await prometheus.values("oncepaid_jobs_total")).length > 0;
  await until(isSeen, SCRAPED_LIMIT_MS);
  for (let bought = 0; bought < PURCHASES; bought++) await buy(scene, `buyer-${bought}`);
  problems.push(...(await drawn(prometheus)));
  await worker.stop();
  for (const [alert, cause] of Object.entries(CAUSES)) {
    if ((await prometheus.firing()).has(alert)) problems.push(`${alert} fires without a cause.`);
    await cause(scene);
    const fires = await until(async () => (await prometheus.firing()).has(alert), FIRES_LIMIT_MS);
    if (!fires) problems.push(`${alert} doesn't fire.`);
    console.log(`  ${alert}: ${fires ? "silent before, fires" : "silent"}`);
  }
  return problems;
}

/** Rates have a value once two scrapes lie around a purchase. Jobs that wait may be none: a worker runs. */
async function drawn(prometheus: Prometheus): Promise<string[]> {
  const expressions = namesIn("grafana-dashboard.json", /"expr": "(.+)",?$/gm);
  const deadline = Date.now() + SCRAPED_LIMIT_MS;
  const problems: string[] = [];
  for (const expression of expressions) {
    const hasValue = async () => (await prometheus.values(expression)).length > 0;
    if (!(await until(hasValue, deadline - Date.now()))) problems.push(`${expression} has no value.`);
  }
  console.log(
    `  ${expressions.length - problems.length} of ${expressions.length} expressions of the dashboard have a value`,
  );
  return problems;
}

function namesIn(file: string, pattern: RegExp): string[] {
  return [...readFileSync(join(FILES, file), "utf8").matchAll(pattern)].map(([, name = ""]) =>
    name.replaceAll('\\"', '"'),
  );
}

async function startScene() {
  const dir = mkdtempSync(join(tmpdir(), "oncepaid-watching-"));
  const nextPort = freePortsFrom(FIRST_PORT);
  const postgres = await startPostgres({ dir, nextPort, durable: false });
  const stripe = await startOtherStripe();
  const [webPort, apiKey, token] = [await nextPort(), secret(), secret()];
  const oncepaid = createOncepaid({
    database: postgres.url,
    stripe: { secretKey: "sk_test_other", webhookSecret: WEBHOOK_SECRET, apiBase: stripe.url },
    appUrl: `http://127.0.0.1:${webPort}`,
    basePath: "/api",
    products: [download({ key: "guide", name: "Field guide", price: "price_ebook", files: [] })],
    identify: () => null,
    apiKeys: [apiKey],
    metricsToken: token,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    on: {
      "order.fulfilled": async ({ order }) => {
        if (order.userId === UNLUCKY) throw new Error("This buyer is refused.");
      },
    },
    after: { "order.fulfilled": () => {} },
  });
  await oncepaid.migrate();
  const server = createServer(toNodeListener(oncepaid)).listen(webPort, "127.0.0.1");
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on("error", () => {});
  const scene: Scene = {
    url: `http://127.0.0.1:${webPort}`,
    asServer: { authorization: `Bearer ${apiKey}` },
    pool,
    stripe,
    work: () => oncepaid.work(),
    stopDatabase: postgres.stop,
  };
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all([pool.end(), oncepaid.close(), stripe.close(), postgres.stop()]);
    rmSync(dir, { recursive: true, force: true });
  };
  return { scene, token, webPort, dir, nextPort, stop };
}

function secret(): string {
  return randomBytes(24).toString("hex");
}
