import type { Browser, CDPSession, Page } from "playwright-core";
import { launchBrowser } from "../test/support/browser.ts";
import { quantile } from "./load.ts";

/** What a first visit costs whoever comes by phone: an empty cache, a slow line, a slow processor. */
const PHONE = { viewport: { width: 375, height: 812 } };
const LINE_BITS_PER_SECOND = 1_600_000;
const LATENCY_MS = 40;
/** How much slower than this machine's processor. */
const SLOWER = 4;
const VISITS = 9;
const LANGUAGES = { English: "en-US", Hindi: "hi-IN" };

export type FirstPage = {
  language: string;
  paintedMs: number;
  scripts: number;
  fonts: number;
  requests: number;
};

/** The middle of some visits in each language: milliseconds until the largest part is painted; bytes as they are sent. */
export async function measureFirstPage(url: string): Promise<FirstPage[]> {
  const browser = await launchBrowser();
  try {
    const pages: FirstPage[] = [];
    for (const [language, locale] of Object.entries(LANGUAGES)) {
      pages.push({ language, ...(await measureVisits(browser, url, locale)) });
    }
    return pages;
  } finally {
    await browser.close();
  }
}

async function measureVisits(
  browser: Browser,
  url: string,
  locale: string,
): Promise<Omit<FirstPage, "language">> {
  // The first one fills the server's caches.
  await visit(browser, url, locale);
  const visits: Visit[] = [];
  for (let number = 0; number < VISITS; number++) visits.push(await visit(browser, url, locale));
  const middle = (of: (one: Visit) => number) => quantile(visits.map(of), 0.5);
  return {
    paintedMs: middle(({ paintedMs }) => paintedMs),
    scripts: middle(({ scripts }) => scripts),
    fonts: middle(({ fonts }) => fonts),
    requests: middle(({ requests }) => requests),
  };
}

type Visit = { paintedMs: number; scripts: number; fonts: number; requests: number };

async function visit(browser: Browser, url: string, locale: string): Promise<Visit> {
  const context = await browser.newContext({ ...PHONE, locale });
  const page = await context.newPage();
  await slowDown(await context.newCDPSession(page));
  const files: Promise<{ type: string; bytes: number }>[] = [];
  page.on("requestfinished", (request) => {
    const type = request.resourceType();
    files.push(request.sizes().then(({ responseBodySize: bytes }) => ({ type, bytes })));
  });
  await page.goto(url, { waitUntil: "networkidle" });
  const paintedMs = await largestPaint(page);
  const loaded = await Promise.all(files);
  await context.close();
  const sum = (of: string) => loaded.reduce((sum, { type, bytes }) => sum + (type === of ? bytes : 0), 0);
  return { paintedMs, scripts: sum("script"), fonts: sum("font"), requests: loaded.length };
}

async function slowDown(session: CDPSession): Promise<void> {
  const bytesPerSecond = LINE_BITS_PER_SECOND / 8;
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

/** Milliseconds from the request to the paint of the largest part, as the browser tells it (Largest Contentful Paint). */
function largestPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe(
          {
            type: "largest-contentful-paint",
            buffered: true,
          },
        );
      }),
  );
}
