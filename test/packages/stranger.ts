import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { until } from "../../shop/embedded/alive.ts";
import { endingOf } from "../../shop/embedded/child.ts";
import { ROOT } from "../../shop/embedded/places.ts";
import { withoutSettings } from "../support/settings.ts";

/** What somebody does who has only the packages: packs them, types commands in a folder of their own, pays on a page. */

export type Tarballs = { oncepaid: string; sandbox: string; review: string };

/** The packages as `npm publish` would send them, made from a copy so that nobody who works here meets a half-packed one. */
export async function pack(folder: string): Promise<Tarballs> {
  const copy = join(folder, "repository");
  mkdirSync(copy, { recursive: true });
  for (const file of ["LICENSE", "tsconfig.base.json"]) copyFileSync(join(ROOT, file), join(copy, file));
  for (const part of ["bin", "packages"]) {
    const filter = (path: string) => !["node_modules", "dist", "stage"].includes(basename(path));
    cpSync(join(ROOT, part), join(copy, part), { recursive: true, filter });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const tarball = async (name: string) => {
    const packed = await run("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: join(copy, "packages", name),
    });
    if (packed.code !== 0) throw new Error(`packages/${name} can't be packed:\n${packed.output}`);
    const [, file = ""] = /"filename": "([^"]+)"/.exec(packed.output) ?? [];
    return join(folder, file);
  };
  const [oncepaid, sandbox, review] = await Promise.all(["oncepaid", "sandbox", "review"].map(tarball));
  return { oncepaid: oncepaid ?? "", sandbox: sandbox ?? "", review: review ?? "" };
}

export type Ran = { code: number | null; output: string };
export type Where = { cwd: string; env?: Record<string, string> };

/** Runs a command to its end. */
export async function run(command: string, args: string[], where: Where): Promise<Ran> {
  const started = start(command, args, where);
  const ending = await started.ended;
  const [, code] = /^exit code (\d+)$/.exec(ending) ?? [];
  return {
    code: code === undefined ? null : Number(code),
    output: started.output() || (code === undefined ? ending : ""),
  };
}

export type Started = {
  output(): string;
  /** Waits until it has said this; throws with its output when it ends before. */
  says(text: string): Promise<void>;
  ended: Promise<string>;
  /** Ends it and everything that it started. */
  stop(): Promise<void>;
};

const SAYS_LIMIT_MS = 120_000;

/** Starts a command that stays, in a group of its own. */
export function start(command: string, args: string[], { cwd, env = {} }: Where): Started {
  const child = spawn(command, args, {
    cwd,
    env: { ...bareEnvironment(), ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let ending: string | undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
  // What it wrote last comes after it is gone.
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ended = endingOf(child).then(async (how) => {
    if (child.pid !== undefined) await closed;
    ending = how;
    return how;
  });
  return {
    output: () => output,
    says: async (text) => {
      await until(() => output.includes(text) || ending !== undefined, SAYS_LIMIT_MS);
      if (!output.includes(text))
        throw new Error(`${command} ${args[0]} did not say "${text}" (${ending}):\n${output}`);
    },
    ended,
    stop: async () => {
      endGroup(child);
      await ended;
    },
  };
}

/** The first card on Stripe's page, or the one that was kept from the purchase before. */
export async function pay(page: Page, email: string): Promise<void> {
  await page.waitForURL(/\/c\/pay\/cs_test_/, { timeout: SAYS_LIMIT_MS });
  const button = page.getByTestId("hosted-payment-submit-button");
  await button.waitFor();
  if (await page.locator("[name=email]").isEditable()) await page.fill("[name=email]", email);
  if (await page.locator("[name=cardNumber]").isVisible()) {
    await page.fill("[name=cardNumber]", "4242424242424242");
    await page.fill("[name=cardExpiry]", "12 / 34");
    await page.fill("[name=cardCvc]", "123");
    await page.fill("[name=billingName]", "Asha Rao");
  }
  await button.click();
  await page.waitForURL(/\/checkout\/success\?session_id=cs_test_/, { timeout: SAYS_LIMIT_MS });
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // It is gone.
  }
}

/** What belongs to the npm and the vitest that started this. */
const OF_THE_TESTS =
  /^(npm_(package|lifecycle|command|execpath|node_execpath|config_.*prefix)|INIT_CWD|NODE_ENV|NODE_OPTIONS|NODE_COMPILE_CACHE|VITEST|TEST)/i;

/** The machine's own environment with this project's Node.js: no settings of the shop's, nothing of who runs the tests. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH = "", ...others } = withoutSettings();
  const kept = Object.entries(others).filter(([name]) => !OF_THE_TESTS.test(name));
  const paths = [
    dirname(process.execPath),
    ...PATH.split(":").filter((path) => !path.includes("node_modules")),
  ];
  return {
    ...Object.fromEntries(kept),
    PATH: paths.join(":"),
    NODE_ENV: undefined,
    NEXT_TELEMETRY_DISABLED: "1",
    // What a person says to "Ok to proceed?".
    npm_config_yes: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
}
