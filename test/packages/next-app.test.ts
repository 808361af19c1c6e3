import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { accessibilityViolations } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { createEmptyDatabase, type TestDatabase } from "../support/database.ts";
import { pay, type Ran, run, type Started, start } from "./stranger.ts";

const EXAMPLE = join(ROOT, "examples", "next-app");
const MOST_LINES = 60;
/** What is there for an engine beside the app, and nobody writes who has it inside. */
const BESIDE = { files: ["proxy.ts", join("lib", "oncepaid.ts")], line: /\bapiKeys:/ };
const OWNER = "owner@example.com";
const API_KEY = "a-key-of-this-app-with-32-characters";

let folder: string;
let database: TestDatabase;
let pool: pg.Pool;
let env: Record<string, string>;
/** What the app itself is started with. */
let appEnv: Record<string, string>;
let url: string;
let sandbox: Started;
let app: Started;
let serve: Started | undefined;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "oncepaid-app-"));
  cpSync(EXAMPLE, folder, { recursive: true });
  useTarballs();
  const nextPort = freePortsFrom(30_000 + Math.floor(Math.random() * 20_000));
  const [port, stripePort] = [await nextPort(), await nextPort()];
  database = await createEmptyDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  pool.on("error", () => {});
  url = `http://localhost:${port}`;
  env = {
    DATABASE_URL: database.url,
    APP_URL: url,
    OWNER_EMAIL: OWNER,
    STRIPE_SECRET_KEY: "sk_test_anything",
    STRIPE_WEBHOOK_SECRET: "whsec_local_sandbox",
    STRIPE_API_BASE: `http://127.0.0.1:${stripePort}`,
    STORAGE_URL: `file://${folder}/files`,
  };
  appEnv = env;
  await done("npm", ["install"]);
  const hook = `${url}/api/oncepaid/stripe/webhook`;
  const options = ["--webhook", hook, "--webhook-secret", "whsec_local_sandbox"];
  sandbox = start("npx", ["oncepaid", "sandbox", "--port", String(stripePort), ...options], { cwd: folder });
  await sandbox.says("Stripe sandbox on");
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await serve?.stop();
  await sandbox?.stop();
  await pool?.end();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

test(`the example needs at most ${MOST_LINES} lines for Oncepaid inside it`, () => {
  const files = readdirSync(EXAMPLE, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.tsx?$/.test(file) && !/^(node_modules|\.next)\//.test(file) && !BESIDE.files.includes(file),
  );
  const lines = files.flatMap((file) => {
    const text = readFileSync(join(EXAMPLE, file), "utf8");
    const code = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/?\*)/.test(line));
    const isAllOfIt = file === "oncepaid.config.ts" || file.startsWith(join("app", "api", "oncepaid"));
    return code.filter((line) => (isAllOfIt || /oncepaid/i.test(line)) && !BESIDE.line.test(line));
  });
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
});

test("it is built without any environment", async () => {
  const built = await run("npm", ["run", "build"], { cwd: folder });
  expect(built).toMatchObject({ code: 0, output: expect.stringContaining("/api/oncepaid/[[...path]]") });
});

test("migrate makes the engine's schemas and leaves the app's tables alone; a second time there is nothing to do", async () => {
  await done("npm", ["run", "db"], env);
  const before = await publicTables();
  expect(before).toEqual(["credit", "order", "session", "user"]);
  expect(await oncepaid("migrate")).toMatchObject({
    code: 0,
    output: expect.stringContaining("0001_orders"),
  });
  expect(await oncepaid("migrate")).toEqual({
    code: 0,
    output: "The schemas oncepaid and oncepaid_jobs are up to date.\n",
  });
  expect(await publicTables()).toEqual(before);
});

test("push makes the prices, after it has shown them; a second time there is nothing to do", async () => {
  const dry = await oncepaid("push", "--dry-run");
  expect(dry.output).toBe(
    "+ recipes, default: $19.00 (oncepaid:recipes:default)\n" +
      "+ pro, default: $12.00 a month (oncepaid:pro:default)\n" +
      "+ evening, default: $49.00 (oncepaid:evening:default)\n",
  );
  expect(await oncepaid("push")).toEqual({ code: 0, output: `${dry.output}Done.\n` });
  expect(await oncepaid("push")).toEqual({
    code: 0,
    output: "Stripe has every price of the catalog already.\n",
  });
});

/** The same build both times: what differs is the environment it is started with. */
describe.each([
  { way: "inside", buyer: "asha@example.com", startIt: async () => {} },
  { way: "beside", buyer: "bela@example.com", startIt: startBeside },
])("the engine $way", ({ buyer, startIt }) => {
  beforeAll(async () => {
    await startIt();
    app = start("npx", ["next", "start", "-p", new URL(url).port], { cwd: folder, env: appEnv });
    await app.says("Ready");
    await makeDate();
    page = await signedIn(buyer);
  }, 120_000);

  test("a buyer buys a file, a plan and an evening; the credits are written once for each", async () => {
    for (const key of ["recipes", "pro", "evening"]) await buy(key, buyer);
    await sandboxIsIdle();
    const { rows } = await pool.query(
      `select c.amount, i.product_key as product, o.status from credit c
         join oncepaid."order" o on o.id = c.order_id join oncepaid.order_item i on i.order_id = o.id
         join "user" u on u.id = c.user_id where u.email = $1 order by c.id`,
      [buyer],
    );
    expect(rows).toEqual([
      { amount: 5, product: "recipes", status: "FULFILLED" },
      { amount: 20, product: "pro", status: "FULFILLED" },
      { amount: 3, product: "evening", status: "FULFILLED" },
    ]);
  });

  test("what was bought is on the buyer's page: has, the file, the booking", async () => {
    await page.goto(`${url}/account`);
    await page.getByTestId("pro").waitFor();
    expect(await page.getByTestId("pro").textContent()).toBe("Yours: large prints too.");
    expect(await page.getByTestId("evenings").textContent()).toContain("12 Silver Street");
    expect(await page.getByTestId("credits").textContent()).toBe("28");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("recipes").locator("a").click(),
    ]);
    expect(file.suggestedFilename()).toBe("developing-recipes.txt");
    expect(readFileSync(await file.path(), "utf8")).toContain("Tri-X 400");
  });

  test("the shop's page knows what is theirs, leads strangers to sign in, and says in words why a cart is refused", async () => {
    await page.goto(`${url}/pricing`);
    await page.getByText("You have it.").waitFor();
    await page.route("**/api/oncepaid/checkout", (route) => route.abort());
    await page.getByTestId("buy-recipes").getByRole("button").click();
    await page.getByTestId("buy-recipes").getByRole("alert").getByText("can't be reached").waitFor();
    expect(await page.getByTestId("buy-recipes").getByRole("button").isEnabled()).toBe(true);
    await page.unroute("**/api/oncepaid/checkout");
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(`${url}/pricing`);
    await stranger.getByTestId("buy-pro").getByRole("button").click();
    await stranger.waitForURL(/\/sign-in/);
  });

  test("the app's own orders are paid with the credits", async () => {
    await page.goto(`${url}/account`);
    await page.fill("[name=picture]", "Harbour, roll 12, frame 7");
    await page.selectOption("[name=size]", "large");
    await page.getByRole("button", { name: "Order print" }).click();
    await page.getByTestId("prints").getByText("Harbour").waitFor();
    expect(await page.getByTestId("credits").textContent()).toBe("25");
    const { rows } = await pool.query(
      `select picture, size from public."order" where user_id = (select id from "user" where email = $1)`,
      [buyer],
    );
    expect(rows).toEqual([{ picture: "Harbour, roll 12, frame 7", size: "large" }]);
  });
});

test.each([
  { viewport: { width: 375, height: 800 }, colorScheme: "dark" as const },
  { viewport: { width: 1440, height: 900 }, colorScheme: "light" as const },
])(
  "its pages are for everybody, and none is wider than the window: $viewport.width px, $colorScheme",
  async (look) => {
    const context = await browser.newContext({ ...look, storageState: await page.context().storageState() });
    const looker = await context.newPage();
    for (const path of ["/", "/pricing", "/account", "/sign-in"]) {
      await looker.goto(url + path, { waitUntil: "networkidle" });
      expect(await accessibilityViolations(looker)).toEqual([]);
      const width = await looker.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(look.viewport.width);
    }
    await context.close();
  },
);

test("a stranger sees nothing of it, and makes no dates", async () => {
  const other = await signedIn("mallory@example.com");
  await other.goto(`${url}/account`);
  await other.getByTestId("pro").waitFor();
  expect(await other.getByTestId("pro").textContent()).toBe("Not yours yet.");
  await other.goto(`${url}/studio`);
  await other.getByText("404").waitFor();
});

test("doctor, reconcile, replay and worker do their work in it", async () => {
  const doctor = await oncepaid("doctor", "--json");
  expect(JSON.parse(doctor.output)).toMatchObject({ healthy: true });
  expect(doctor.code).toBe(0);
  const where = { cwd: folder, env: { ...env, ...DATABASE_GONE } };
  const ill = await run("npx", ["oncepaid", "doctor", "--json"], where);
  expect(JSON.parse(ill.output)).toMatchObject({ healthy: false });
  expect(ill.code).toBe(1);
  const unsigned = { cwd: folder, env: { ...env, STRIPE_WEBHOOK_SECRET: "" } };
  const deaf = await run("npx", ["oncepaid", "doctor", "--json"], unsigned);
  expect(deaf.output).toContain("There is no signing secret, so every delivery of Stripe is refused.");
  expect(deaf.code).toBe(1);
  expect((await oncepaid("reconcile")).code).toBe(0);
  expect(await oncepaid("replay", "--failed")).toEqual({ code: 0, output: "Nothing to replay.\n" });
  const worker = start("node", [join("node_modules", ".bin", "oncepaid"), "worker"], { cwd: folder, env });
  await worker.says("The worker is running");
  await worker.stop();
  expect(await worker.ended).toBe("exit code 0");
});

test("verify buys, gives back and cancels on the running app; a person is exported, and erased", async () => {
  await signedIn("rita@example.com");
  const { rows } = await pool.query(`select id from public."user" where email = 'rita@example.com'`);
  const verified = await oncepaid("verify", "--user", rows[0].id);
  expect(verified.output).toMatch(/All \d+ held\./);
  expect(verified.code).toBe(0);
  const who = ["--email", "verify@example.com"];
  const exported = await oncepaid("export-person", ...who);
  expect(JSON.parse(exported.output).orders.length).toBeGreaterThanOrEqual(2);
  const erased = await oncepaid("erase-person", ...who, "--by", "ada", "--yes");
  expect(erased).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^Erased from \d+ orders, 0 grants/),
  });
  expect(JSON.parse((await oncepaid("export-person", ...who)).output)).toMatchObject({ orders: [] });
});

test("init changes nothing that is there; in an empty app it writes three files, once", async () => {
  const before = config();
  expect(await oncepaid("init")).toMatchObject({
    code: 0,
    output: expect.stringContaining("left as it is  oncepaid.config.ts"),
  });
  expect(config()).toBe(before);
  expect(existsSync(join(folder, ".env.example"))).toBe(true);
});

const DATABASE_GONE = { DATABASE_URL: "postgres://nobody@127.0.0.1:9/nothing" };

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  [
    "a command that isn't",
    ["nonsense"],
    {},
    2,
    /^There is no command "nonsense"\.\n\nnpx oncepaid <command>/,
  ],
  [
    "an option that isn't",
    ["push", "--nonsense"],
    {},
    2,
    /^Unknown option '--nonsense'\.\n`npx oncepaid push --help`/,
  ],
  ["an argument where there is none", ["doctor", "x"], {}, 2, /^Unexpected argument 'x'\..*doctor --help/s],
  ["init with an option", ["init", "--force"], {}, 2, /^init takes no options/],
  ["a time that isn't", ["reconcile", "--since", "x"], {}, 2, /^--since must be a duration such as 3d/],
  ["replay of nothing", ["replay"], {}, 2, /^Name the events/],
  ["replay of an event that isn't", ["replay", "evt_x"], {}, 1, /^evt_x There is no event evt_x here\.$/m],
  [
    "no database",
    ["migrate"],
    { DATABASE_URL: "" },
    1,
    /^createOncepaid was not given `database`: a PostgreSQL URL/,
  ],
  [
    "a database that can't be reached",
    ["migrate"],
    DATABASE_GONE,
    1,
    /^This could not be done\. The database can't be reached: .*ECONNREFUSED/,
  ],
  [
    "the same for the worker",
    ["worker"],
    DATABASE_GONE,
    1,
    /^The worker stops: The database can't be reached: .*ECONNREFUSED/,
  ],
  [
    "the same for reconcile",
    ["reconcile"],
    DATABASE_GONE,
    1,
    /The database can't be reached: .*ECONNREFUSED/,
  ],
  [
    "no key of Stripe's",
    ["push"],
    { STRIPE_SECRET_KEY: "" },
    1,
    /^createOncepaid was not given `stripe\.secretKey`/,
  ],
  [
    "a wrong key",
    ["push"],
    { STRIPE_SECRET_KEY: "hello" },
    1,
    /^This could not be done\. Invalid API Key provided/,
  ],
  [
    "a live key at the sandbox",
    ["push"],
    { STRIPE_SECRET_KEY: "sk_live_123" },
    1,
    /^This could not be done\. Invalid API Key provided.*live key/,
  ],
  [
    "a rehearsal that only looks, without a live key",
    ["verify", "--live"],
    {},
    2,
    /^The key is not a live one/,
  ],
  ["a rehearsal by nobody", ["verify"], {}, 2, /^Buyers need an account of your app: .*--user <id>\./],
  ["a rehearsal of no address", ["verify", "--user", "x", "--url", "x"], {}, 2, /^--url: "x" is no address/],
  ["an export of nobody", ["export-person"], {}, 2, /^Name the person: --user <id>/],
  ["an erasure by nobody", ["erase-person", "--user", "x"], {}, 2, /^Say who erases: --by <name>/],
  [
    "an erasure that isn't meant yet",
    ["erase-person", "--user", "x", "--by", "ada"],
    {},
    1,
    /^There are 0 orders, 0 grants and 0 seats of this person\. Add --yes/,
  ],
  [
    "an address of Stripe that isn't one",
    ["push"],
    { STRIPE_API_BASE: "sandbox" },
    1,
    /^createOncepaid was given "sandbox" as `stripe\.apiBase`, which is no address/,
  ],
  [
    "a Stripe that can't be reached",
    ["push"],
    { STRIPE_API_BASE: "http://127.0.0.1:9" },
    1,
    /connection to Stripe/,
  ],
])("a mistake is told in a sentence: %s", async (_, args, wrong, code, sentence) => {
  // What npx starts, without npx, which takes a third of the time.
  const command = [join("node_modules", ".bin", "oncepaid"), ...args];
  const ran = await run("node", command, { cwd: folder, env: { ...env, ...wrong } });
  expect(ran.output).toMatch(sentence);
  expect(ran.code).toBe(code);
});

test("a config that throws, exports nothing or isn't there is told in a sentence", async () => {
  const before = config();
  writeFileSync(join(folder, "oncepaid.config.ts"), `throw new Error("mine");`);
  expect((await oncepaid("migrate")).output).toMatch(/oncepaid\.config\.ts can't be loaded: mine\n$/);
  writeFileSync(join(folder, "oncepaid.config.ts"), "export const nothing = 1;");
  expect((await oncepaid("migrate")).output).toMatch(/exports no engine: export const oncepaid/);
  rmSync(join(folder, "oncepaid.config.ts"));
  expect(await oncepaid("migrate")).toMatchObject({
    code: 1,
    output: expect.stringMatching(
      /^There is no oncepaid\.config\.ts in .*`npx oncepaid init` makes one\.\n$/,
    ),
  });
  writeFileSync(join(folder, "oncepaid.config.ts"), before);
});

function config(): string {
  return readFileSync(join(folder, "oncepaid.config.ts"), "utf8");
}

/** In the example stand the versions that are published. */
function useTarballs(): void {
  const { oncepaid, sandbox: sandboxTarball } = inject("tarballs");
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.dependencies.oncepaid = `file:${oncepaid}`;
  manifest.devDependencies["oncepaid-sandbox"] = `file:${sandboxTarball}`;
  writeFileSync(file, JSON.stringify(manifest));
}

function oncepaid(...args: string[]): Promise<Ran> {
  return run("npx", ["oncepaid", ...args], { cwd: folder, env });
}

async function done(command: string, args: string[], given: Record<string, string> = {}): Promise<void> {
  const { code, output } = await run(command, args, { cwd: folder, env: given });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`);
}

async function publicTables(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function signedIn(email: string): Promise<Page> {
  const opened = await (await browser.newContext()).newPage();
  await opened.goto(`${url}/sign-in`);
  await opened.fill("[name=email]", email);
  await opened.fill("[name=password]", "a long password");
  await opened.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await opened.waitForURL(/\/account/);
  return opened;
}

async function makeDate(): Promise<void> {
  const owner = await signedIn(OWNER);
  await owner.goto(`${url}/studio`);
  await owner.fill("[name=startsAt]", `${new Date().getUTCFullYear() + 1}-03-05T18:00`);
  await owner.getByRole("button", { name: "Add" }).click();
  await owner.getByTestId("slots").locator("li").first().waitFor();
}

async function buy(key: string, buyer: string): Promise<void> {
  await page.goto(`${url}/pricing`);
  await page.getByTestId(`buy-${key}`).getByRole("button").click();
  await pay(page, buyer);
  await page.locator("[data-status=FULFILLED]").waitFor();
}

/** In place of the app that has it inside, at the same address. */
async function startBeside(): Promise<void> {
  await app.stop();
  await app.ended;
  const port = String(await freePortsFrom(30_000 + Math.floor(Math.random() * 20_000))());
  const keys = { API_KEYS: `darkroom:${API_KEY}` };
  serve = start("npx", ["oncepaid", "serve"], { cwd: folder, env: { ...env, ...keys, PORT: port } });
  await serve.says("Answering on");
  // Nothing of its own is left to the app: no Stripe, no files.
  const { STRIPE_SECRET_KEY: _, STRIPE_WEBHOOK_SECRET: __, STORAGE_URL: ___, ...rest } = env;
  appEnv = { ...rest, ONCEPAID_URL: `http://127.0.0.1:${port}/api/oncepaid`, ONCEPAID_API_KEY: API_KEY };
}

/** Every event that the purchases caused was delivered. */
async function sandboxIsIdle(): Promise<void> {
  const idle = async () => {
    const response = await fetch(`${env.STRIPE_API_BASE}/sandbox/webhooks/idle`, { method: "POST" });
    return Object(await response.json()).idle === true;
  };
  while (!(await idle())) {}
}
