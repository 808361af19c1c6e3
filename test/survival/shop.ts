import { join } from "node:path";
import { createOncepaid } from "oncepaid";
import { fillSandbox } from "oncepaid/operations";
import { openPool } from "oncepaid/pool";
import { startNodeChild } from "../../shop/embedded/node-child.ts";
import type { Sandbox } from "../support/sandbox.ts";
import { PRODUCTS } from "./products.ts";

/** The app that is to survive: program.ts in two processes, and the same app inside the process that looks. */

const PROGRAM = join(import.meta.dirname, "program.ts");
const STOP_LIMIT_MS = 9_000;

export type Role = "web" | "worker";

type Watcher = Awaited<ReturnType<typeof startWatcher>>;

/** What buyers and checks need to know of it. */
export type Shop = Pick<Watcher, "oncepaid" | "rows"> & {
  webUrl: string;
  apiKey: string;
  sandbox(): Sandbox;
  /** What ended by itself, and how. */
  ended(): (readonly [who: string, how: string])[];
  /** Told of each step that a buyer has to try again because it got no answer, or a bad one. */
  refused?(what: string, why: unknown): void;
};

export type ProgramOptions = {
  dir: string;
  databaseUrl: string;
  stripeUrl: string;
  webhookSecret: string;
  apiKey: string;
  webPort: number;
  /** More of the environment, and options of Node's. */
  env?: NodeJS.ProcessEnv;
  execArgv?: readonly string[];
};

export function startProgram(role: Role, options: ProgramOptions) {
  return startNodeChild({
    name: role,
    args: [...(options.execArgv ?? []), PROGRAM, role],
    env: {
      ...options.env,
      PATH: process.env.PATH,
      NODE_ENV: "production",
      DATABASE_URL: options.databaseUrl,
      STRIPE_API_BASE: options.stripeUrl,
      WEBHOOK_SECRET: options.webhookSecret,
      API_KEY: options.apiKey,
      WEB_PORT: String(options.webPort),
    },
    log: join(options.dir, `${role}.log`),
    stopLimitMs: STOP_LIMIT_MS,
    onSpawn: () => undefined,
  });
}

/** Looks, and sweeps, by ways that are never shut. Its tables are made, and the sandbox is told where the app is. */
export async function startWatcher({
  dir,
  databaseUrl,
  stripeUrl,
  webPort,
}: Pick<ProgramOptions, "dir" | "databaseUrl" | "stripeUrl" | "webPort">) {
  const oncepaid = createOncepaid({
    database: databaseUrl,
    stripe: { secretKey: "sk_test_sandbox", webhookSecret: "whsec_unused", apiBase: stripeUrl },
    appUrl: `http://127.0.0.1:${webPort}`,
    products: PRODUCTS,
    identify: () => null,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    on: {
      "order.fulfilled": async ({ order }, sql) => {
        await sql`insert into public.granted (order_id) values (${order.id})`;
      },
    },
    after: { "order.fulfilled": () => {} },
  });
  await oncepaid.migrate();
  const pool = openPool(databaseUrl, { max: 4, applicationName: "survival" });
  await pool.query({ text: "create table public.granted (order_id text not null)" });
  await pool.query({ text: "create table public.told (order_id text not null, key text not null)" });
  const { webhookSecret } = await fillSandbox(oncepaid, {
    webhookUrl: `http://127.0.0.1:${webPort}/api/oncepaid/stripe/webhook`,
    webhookSecretFile: join(dir, "webhook-secret"),
  });
  const rows = async <Row>(text: string): Promise<Row[]> => rowsOf<Row>((await pool.query({ text })).rows);
  return { oncepaid, pool, rows, webhookSecret };
}

/** Nothing checks what a statement answers; its author says what it is. */
function rowsOf<Row>(rows: unknown[]): Row[];
function rowsOf(rows: unknown[]): unknown[] {
  return rows;
}
