import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The start script of the npm package; it runs the binary of this platform. */
const SHIM = createRequire(import.meta.url).resolve("@stripe/cli/bin/shim.js");
const KEY = "sk_test_sandbox1234567890";
const LONGEST_MS = 60_000;

export interface Ran {
  ok: boolean;
  stdout: string;
  /** All that was printed. */
  output: string;
}

/** The official Stripe CLI, unmodified, pointed at a sandbox, with a configuration of its own and no telemetry. */
export class StripeCli {
  readonly #url: string;
  readonly #home = mkdtempSync(join(tmpdir(), "stripe-cli-"));

  constructor(url: string) {
    this.#url = url;
  }

  run(...words: string[]): Promise<Ran> {
    return this.raw(...words, "--api-base", this.#url, "--api-key", KEY);
  }

  /** Without saying where the API is: for what the CLI knows by itself. */
  async raw(...words: string[]): Promise<Ran> {
    const env = {
      ...process.env,
      HOME: this.#home,
      XDG_CONFIG_HOME: this.#home,
      STRIPE_CLI_TELEMETRY_OPTOUT: "1",
      NO_COLOR: "1",
    };
    try {
      const options = { env, timeout: LONGEST_MS };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [SHIM, ...words], options);
      return { ok: true, stdout, output: stdout + stderr };
    } catch (error) {
      return { ok: false, stdout: "", output: error instanceof Error ? outputOf(error) : String(error) };
    }
  }

  /** Every event that `stripe trigger` knows. */
  async triggers(): Promise<string[]> {
    const { output } = await this.raw("trigger", "--help");
    return [...output.matchAll(/^ {2}([a-z_]+(?:\.[a-z_]+)+)$/gm)].map(([, name = ""]) => name);
  }

  close(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

function outputOf(error: Error): string {
  return "stdout" in error && "stderr" in error ? `${error.stdout}${error.stderr}` : error.message;
}
