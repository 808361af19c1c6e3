import { join } from "node:path";
import type { Page } from "playwright-core";
import { TEST_DATA } from "../../shop/embedded/places.ts";

/** `PICTURES=1 npm test -- FILE` keeps what a journey sees, for a person to look at. Each takes a quarter of a second: not where nobody looks. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES) await saveScreenshot(page, name);
}

/** Keeps a picture of the whole page as .test/screenshots/NAME.png. */
export async function saveScreenshot(page: Page, name: string): Promise<string> {
  const path = join(TEST_DATA, "screenshots", `${name}.png`);
  // A page drawn before its own webfonts arrived shows the machine's fonts instead.
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, fullPage: true });
  return path;
}
