import type { Browser, BrowserContextOptions, Download, Page } from "playwright-core";
import { expect } from "vitest";
import type { TestApp } from "./app.ts";
import { accessibilityViolations } from "./axe.ts";
import { keepPicture } from "./screenshots.ts";

/** How a page is looked at: the name goes into the pictures. */
export type Look = { name: string; options: BrowserContextOptions };

const SCREENS = { desk: { width: 1440, height: 900 }, phone: { width: 375, height: 800 } };
const look = (language: "en" | "hi", screen: keyof typeof SCREENS, colorScheme: "light" | "dark"): Look => ({
  name: `${language}-${screen}-${colorScheme}`,
  options: { locale: language === "hi" ? "hi-IN" : "en-US", viewport: SCREENS[screen], colorScheme },
});
const EVERY_LOOK = (["desk", "phone"] as const).flatMap((screen) =>
  (["en", "hi"] as const).flatMap((language) => [
    look(language, screen, "light"),
    look(language, screen, "dark"),
  ]),
);
/** Two that differ in everything. `LOOKS=all npm test -- FILE` goes through a journey in each of the eight. */
export const LOOKS: Look[] =
  process.env.LOOKS === "all" ? EVERY_LOOK : [look("en", "desk", "light"), look("hi", "phone", "dark")];

/** One person with a browser of their own. */
export type Shopper = {
  page: Page;
  goto(path: string): Promise<void>;
  /** Presses a product's Buy button and pays on Stripe's page; ends where Stripe leads back to. */
  buy(productKey: string, email: string): Promise<void>;
  /** Pays on the page that is open. */
  pay(email: string): Promise<void>;
  /** On the sign-in page: asks for a code, reads the mail, types it in. */
  signIn(email: string): Promise<void>;
  download(testId: string): Promise<Download>;
  /** Nothing in anybody's way, nothing beside the edge, nothing that moved by itself; and a picture of it. */
  finds(name: string): Promise<void>;
  close(): Promise<void>;
};

export async function newShopper(browser: Browser, app: TestApp, look: Look): Promise<Shopper> {
  const context = await browser.newContext({ timezoneId: "Asia/Kolkata", ...look.options });
  await context.addInitScript(noteInputs);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  // A text that a page forgot to bring along shows its key instead, and only the console says so.
  page.on("console", (message) => {
    if (/_MESSAGE\b/.test(message.text())) errors.push(message.text());
  });
  const shopper: Shopper = {
    page,
    goto: async (path) => {
      await page.goto(app.url + path, { waitUntil: "load" });
    },
    buy: async (productKey, email) => {
      await page.getByTestId(`buy-${productKey}`).click();
      await shopper.pay(email);
    },
    pay: async (email) => {
      await page.waitForURL(/\/c\/pay\/cs_test_/);
      await page.fill("[name=email]", email);
      await page.fill("[name=cardNumber]", "4242424242424242");
      await page.fill("[name=cardExpiry]", "12 / 34");
      await page.fill("[name=cardCvc]", "123");
      await page.fill("[name=billingName]", "Asha Rao");
      await page.getByTestId("hosted-payment-submit-button").click();
      await page.waitForURL(/\/checkout\/success\?session_id=cs_test_/);
      await page.locator('[data-testid="order-status"][data-status="FULFILLED"]').waitFor();
    },
    signIn: async (email) => {
      await page.waitForURL(/\/sign-in/);
      const before = app.mail.to(email).length;
      await page.fill("[name=email]", email);
      await page.keyboard.press("Enter");
      await expect.poll(() => app.mail.to(email).length, { timeout: 30_000 }).toBeGreaterThan(before);
      const code = /\b\d{8}\b/.exec(app.mail.to(email)[0]?.text ?? "")?.[0] ?? "";
      // The last digit is enough: the form sends itself.
      await page.locator("[name=code]").fill(code);
      await page.waitForURL((url) => url.pathname !== "/sign-in");
    },
    download: async (testId) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByTestId(testId).locator("a[href^='/api/downloads/']").click(),
      ]);
      return download;
    },
    finds: async (name) => {
      expect(await accessibilityViolations(page), name).toEqual([]);
      const { wider, moved } = await page.evaluate(measure, ANSWER_MS);
      expect(wider, name).toBeLessThanOrEqual(0);
      expect(moved, name).toBeLessThan(0.05);
      await keepPicture(page, `${look.name} ${name}`);
      await page.evaluate(noteMeasured);
    },
    close: async () => {
      await context.close();
      expect(errors).toEqual([]);
    },
  };
  return shopper;
}

/**
 * What moves so soon after a key or a tap is an answer to it, not a surprise. Browsers count half a second; on a busy machine the API's
 * answer takes longer, and the page is drawn again with it.
 */
const ANSWER_MS = 5_000;

/** Runs in each page before its own scripts: when somebody did something there. */
function noteInputs(): void {
  const inputs: number[] = [];
  Object.assign(window, { inputs });
  for (const type of ["pointerdown", "keydown", "input"]) {
    addEventListener(type, () => inputs.push(performance.now()), { capture: true });
  }
}

/** Runs in the page: a picture of all of it makes the window as high as the page for a moment, which moves what stands at the bottom. */
async function noteMeasured(): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  Object.assign(window, { measuredAt: performance.now() });
}

/** Runs in the page. What was measured before isn't measured again. */
async function measure(answerMs: number): Promise<{ wider: number; moved: number }> {
  const inputs: unknown = Object(window).inputs;
  const answers = (at: number) =>
    Array.isArray(inputs) && inputs.some((input) => at >= input && at <= input + answerMs);
  const since = Number(Object(window).measuredAt ?? 0);
  const moved = await new Promise<number>((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if ("value" in entry && entry.startTime > since && !answers(entry.startTime))
          sum += Number(entry.value);
      }
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 100);
  });
  return { wider: document.documentElement.scrollWidth - window.innerWidth, moved };
}
