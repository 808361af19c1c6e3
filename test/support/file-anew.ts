import { afterAll, vi } from "vitest";

/**
 * Files of the project `unit` follow each other in one process: to start one, and to load what comes from npm, costs more of the processor
 * than most of them. Each finds the process as the first one did: our modules are loaded anew for each, the environment is put back,
 * and no file passes that leaves a server or a process to the next.
 */

/** What is told to close is closed a moment later. */
const CLOSING_LIMIT_MS = 10_000;
const HOOK_LIMIT_MS = 60_000;

const before = { env: { ...process.env }, folder: process.cwd(), left: held() };

// The first that is registered is the last that is done: the file's own hooks have closed what it opened.
afterAll(async () => {
  vi.useRealTimers();
  vi.resetModules();
  for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
  Object.assign(process.env, before.env);
  process.chdir(before.folder);
  const left = await stillHeld();
  if (left.length > 0) throw new Error(`This file leaves to the next one: ${left.join(", ")}.`);
}, HOOK_LIMIT_MS);

async function stillHeld(): Promise<string[]> {
  const limit = performance.now() + CLOSING_LIMIT_MS;
  while (performance.now() < limit && held().length > before.left.length)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return held().slice(before.left.length);
}

/** Servers that listen, and processes that run. */
function held(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCPServerWrap|ProcessWrap)$/.test(kind));
}
