import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { accessibilityViolations } from "../support/axe.ts";
import { launchBrowser } from "../support/browser.ts";
import { saveScreenshot } from "../support/screenshots.ts";

let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

test("the first page shows what is sold, without an error in the browser or a barrier for anybody", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(app.url);
  expect(await page.locator("h1").count()).toBe(1);
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(errors).toEqual([]);
  expect(existsSync(await saveScreenshot(page, "first-page"))).toBe(true);
});

test("an app that was killed comes back with the same database", async () => {
  await app.kill();
  await expect(fetch(app.url)).rejects.toThrow();
  await app.restart();
  expect((await fetch(`${app.url}/api/health`)).status).toBe(200);
});
