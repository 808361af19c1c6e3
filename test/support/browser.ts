import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { chromiumFromNpm } from "./chromium-from-npm.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Chromium's sandbox does not work for root, and whatever it would fetch by itself is not to be had everywhere. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless browser: CHROMIUM_PATH, else the system's, else Playwright's own, else the one that npm brings. */
export async function launchBrowser(): Promise<Browser> {
  const installed = [process.env.CHROMIUM_PATH, ...systemBrowsers(), chromium.executablePath()];
  const executablePath = installed.find((path) => path && existsSync(path));
  const { env, ...browser } = executablePath ? { executablePath } : await chromiumFromNpm();
  return chromium.launch({ ...browser, headless: true, args: FLAGS, env: { ...process.env, ...env } });
}

function systemBrowsers(): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}
