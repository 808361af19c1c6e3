import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readConfig, readSettings } from "#/config.ts";
import { ROOT } from "./places.ts";
import { keptSecret } from "./postgres-cluster.ts";
import { publishedEnv } from "./run-folder.ts";

/**
 * Gives this process the environment of the app it is to work for: what is configured, and for the rest what the app
 * that runs on PORT brought along. Throws ConfigError when something is missing still.
 */
export function takeAppEnv({ makesCodes = false } = {}): void {
  loadEnvFile();
  const { DATA_DIR, PORT } = readSettings(process.env);
  const brought = publishedEnv(resolve(ROOT, DATA_DIR), PORT) ?? {};
  for (const [name, value] of Object.entries(brought)) process.env[name] ??= value;
  const kept = join(resolve(ROOT, DATA_DIR), String(PORT), "auth-secret");
  if (existsSync(kept)) process.env.AUTH_SECRET ??= keptSecret(kept);
  // Only who makes sign-in codes needs the app's own.
  if (!makesCodes) process.env.AUTH_SECRET ??= randomBytes(32).toString("base64url");
  readConfig(process.env);
}

/** The settings somebody wrote into .env; what is set in the environment itself stays. */
export function loadEnvFile(): void {
  if (existsSync(join(ROOT, ".env"))) process.loadEnvFile(join(ROOT, ".env"));
}
