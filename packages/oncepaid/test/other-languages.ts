import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../shop/embedded/places.ts";
import { serveCgi } from "./cgi.ts";
import { API_KEY, type Beside, type Program, watched } from "./served.ts";

/** The programs of examples/ that ask the API from other languages, run as their users run them. */

/** Whether a program can be run on this machine. */
export function isHere(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;
}

/** Sells, is told, looks up and gives back, by itself; it waits for somebody to pay at the address it prints. */
export function pythonClient(beside: Beside, userId: string): Program {
  const script = join(ROOT, "examples", "python", "sell.py");
  return start(beside, "python3", [script, "ebook", userId], { PYTHONDONTWRITEBYTECODE: "1" });
}

export type Shell = {
  /** Answers what it printed, JSON as a rule, and how it ended. */
  run(...args: string[]): Promise<{ answer: Record<string, unknown>; ending: string }>;
  /** The events it was told and has verified, by their webhook-id. */
  told(): Record<string, { type: string; data: Record<string, unknown> }>;
  /** Where it listens. */
  receiver: string;
  close(): void;
};

/** The shell's client, with its receiver behind a web server. */
export async function shellClient(beside: Beside): Promise<Shell> {
  const shell = join(ROOT, "examples", "shell");
  const folder = join(beside.folder, "told");
  mkdirSync(folder);
  const env: NodeJS.ProcessEnv = { ...process.env, ONCEPAID_TOLD: folder };
  const { url, server } = await serveCgi(join(shell, "receive.sh"), env);
  const run: Shell["run"] = async (...args) => {
    const program = start(beside, join(shell, "oncepaid.sh"), args);
    const ending = await program.ended;
    return { answer: jsonIn(program.output()), ending };
  };
  env.ONCEPAID_WEBHOOK_SECRET = String((await run("endpoint", url)).answer.secret);
  const told = () => {
    const ids = readdirSync(folder).filter((name) => name.startsWith("msg_"));
    return Object.fromEntries(ids.map((id) => [id, JSON.parse(readFileSync(join(folder, id), "utf8"))]));
  };
  return { run, told, receiver: url, close: () => server.close() };
}

/** A delivery that nobody who knows the secret has signed. */
export async function forge(receiver: string): Promise<number> {
  const { status } = await fetch(receiver, {
    method: "POST",
    headers: {
      "webhook-id": "msg_forged",
      "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
      "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}`,
    },
    body: JSON.stringify({ type: "order.fulfilled", data: { orderId: "forged" } }),
  });
  return status;
}

function start(beside: Beside, program: string, args: string[], more: NodeJS.ProcessEnv = {}): Program {
  const env = { ...process.env, ONCEPAID_URL: beside.api, ONCEPAID_API_KEY: API_KEY, ...more };
  return watched(spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] }));
}

function jsonIn(output: string): Record<string, unknown> {
  const [line] = output.split("\n").filter((one) => one.startsWith("{"));
  return line === undefined ? { output } : JSON.parse(line);
}
