import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom, whyTaken } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";
import { listenForStop } from "../../shop/embedded/stop-request.ts";
import { launchBrowser } from "../support/browser.ts";
import { pack, pay, type Started, start, type Tarballs } from "./stranger.ts";

/**
 * `npm run quick-start`: types what stands under "From nothing to a paid order" in the engine's README into a new folder, word for
 * word, and buys each kind of product in a browser. Only two things differ: the packages come from tarballs made here, and the
 * address of the database is that of one started for it. Prints the time and the lines typed.
 */

const README = join(ROOT, "packages", "oncepaid", "README.md");
const SECTION = /^## From nothing to a paid order\n(.*?)^## /ms;
const BLOCK = /^```(\w+)\n(.*?)^```/gms;
/** The ports that the README names. */
const PORTS = [3000, 12111];
const DATABASE = "postgres://user:password@127.0.0.1:5432/app";
/** What stays, in a terminal of its own, and what it says once it is there. */
const STAYS: Record<string, string> = {
  "npx oncepaid sandbox": "Stripe sandbox on",
  "npm run dev": "Ready in",
  "npx oncepaid worker": "The worker is running",
};
const PAGE_LIMIT_MS = 180_000;
/** What the example says it has untouched. */
const CONFIGURATION = ["tsconfig.json", "next.config.ts", "eslint.config.mjs", ".gitignore"];
const KINDS = { guide: "guide: active", pro: "pro: active", workshop: "Booked: 2030-05-04" };

/** Answers the exit code. */
export async function quickStart(): Promise<number> {
  const stop = listenForStop();
  for (const port of PORTS) {
    const taken = await whyTaken(port);
    if (taken !== undefined) {
      console.error(`The README's steps need port ${port}: ${taken}`);
      return 1;
    }
  }
  const folder = mkdtempSync(join(tmpdir(), "oncepaid-quick-start-"));
  const postgres = await startPostgres({
    dir: join(folder, "postgres"),
    nextPort: freePortsFrom(20_000 + Math.floor(Math.random() * 10_000)),
    durable: false,
  });
  const typist = new Typist(folder, await pack(join(folder, "tarballs")), postgres.url);
  const began = performance.now();
  try {
    for (const { language, text } of blocks()) {
      if (stop.signal.aborted) return 1;
      await typist.type(language, text);
    }
    await buyAll();
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`A file, a plan and a date were bought. ${typist.lines} lines typed, ${seconds} s.`);
    return 0;
  } catch (error) {
    console.error(error, typist.said());
    return 1;
  } finally {
    await typist.leave();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function blocks(): { language: string; text: string }[] {
  const [, section = ""] = SECTION.exec(readFileSync(README, "utf8")) ?? [];
  return [...section.matchAll(BLOCK)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** Whoever follows the README: stands in one folder, and has as many terminals as it takes. */
class Typist {
  lines = 0;
  private folder: string;
  private readonly tarballs: Tarballs;
  private readonly database: string;
  private readonly terminals: Started[] = [];

  constructor(folder: string, tarballs: Tarballs, database: string) {
    this.folder = folder;
    this.tarballs = tarballs;
    this.database = database;
  }

  async type(language: string, text: string): Promise<void> {
    this.lines += text.trimEnd().split("\n").length;
    const [, file] = /^\/\/ (\S+)\n/.exec(text) ?? [];
    if (language !== "sh" && file !== undefined) this.write(file, text);
    else if (language === "sh") await this.enter(text);
  }

  /** What stands in the terminals. */
  said(): string {
    return this.terminals.map((terminal) => terminal.output()).join("\n");
  }

  async leave(): Promise<void> {
    for (const terminal of this.terminals) await terminal.stop();
  }

  private write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote   ${file}`);
  }

  private async enter(text: string): Promise<void> {
    const stays = Object.entries(STAYS).find(([command]) => text.startsWith(command));
    console.log(text.trimEnd().replaceAll(/^/gm, "$ "));
    const where = { cwd: this.folder };
    if (stays) {
      const terminal = start("bash", ["-c", `exec ${text}`], where);
      this.terminals.push(terminal);
      return terminal.says(stays[1]);
    }
    const entered = start("bash", ["-euc", `${this.own(text)}\necho; pwd`], where);
    const ending = await entered.ended;
    if (ending !== "exit code 0") throw new Error(`${ending}:\n${entered.output()}`);
    this.folder = entered.output().trimEnd().split("\n").at(-1) ?? this.folder;
    if (text.includes("create-next-app")) this.compareExample();
  }

  private compareExample(): void {
    const example = join(ROOT, "examples", "next-app");
    const differ = CONFIGURATION.filter(
      (file) => readFileSync(join(this.folder, file), "utf8") !== readFileSync(join(example, file), "utf8"),
    );
    const what = differ.length === 0 ? "has its configuration, untouched" : `differs in ${differ.join(", ")}`;
    console.log(`examples/next-app ${what}`);
  }

  /** What a reader has of their own: a database. And the packages, before they are published. */
  private own(text: string): string {
    return text
      .replace(/^(npm install .*)\boncepaid-sandbox$/m, `$1${this.tarballs.sandbox}`)
      .replace(/^(npm install )oncepaid\b(?!-)/m, `$1${this.tarballs.oncepaid}`)
      .replaceAll(DATABASE, this.database);
  }
}

async function buyAll(): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    // `next dev` compiles each page when it is first asked for.
    page.setDefaultTimeout(PAGE_LIMIT_MS);
    for (const [key, shown] of Object.entries(KINDS)) {
      await page.goto("http://localhost:3000/pricing");
      await page.getByRole("button", { name: `Buy ${key}` }).click();
      await pay(page, "ada@example.com");
      await page.getByText("Your order: FULFILLED").waitFor();
      await page.getByText(shown).waitFor();
      if (key === "guide") {
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("link", { name: "Download" }).click(),
        ]);
        console.log(`downloaded ${file.suggestedFilename()}`);
      }
      console.log(`bought  ${key}: ${shown}`);
    }
  } finally {
    await browser.close();
  }
}
