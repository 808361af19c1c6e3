import { join } from "node:path";
import type { Page } from "playwright-core";
import { TEST_DATA } from "../../shop/embedded/places.ts";

/** Keeps a picture of the whole page as .test/screenshots/NAME.png, for a person to look at. */
export async function saveScreenshot(page: Page, name: string): Promise<string> {
  const path = join(TEST_DATA, "screenshots", `${name}.png`);
  // A page drawn before its own webfonts arrived shows the machine's fonts instead.
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, fullPage: true });
  return path;
}
