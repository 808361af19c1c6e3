import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Sandbox, sandboxAt } from "../support/sandbox.ts";
import { LOOKS, newShopper } from "../support/shopper.ts";

/** A place on a date from the catalog to its end, and what the next buyer sees of it meanwhile. */
const DAY_MS = 24 * 60 * 60 * 1000;
let app: TestApp;
let browser: Browser;
let sandbox: Sandbox;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ env: { API_KEYS: API_KEY } }), launchBrowser()]);
  sandbox = sandboxAt(app.stripeUrl);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

async function newSlot(inDays: number, capacity: number, timeZone: string): Promise<string> {
  const starts = new Date(Math.ceil((Date.now() + inDays * DAY_MS) / DAY_MS) * DAY_MS);
  const response = await fetch(`${app.url}/api/admin/slots`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({
      productKey: "workshop",
      startsAt: starts.toISOString(),
      endsAt: new Date(starts.getTime() + DAY_MS / 8).toISOString(),
      timeZone,
      place: "Torstraße 12, Berlin",
      capacity,
    }),
  });
  const { slot } = await response.json();
  return slot.id;
}

test.each(LOOKS)(
  "the last place: sold, told to the next one, given back and sold again: $name",
  async (look) => {
    const last = await newSlot(10, 1, "Europe/Berlin");
    const other = await newSlot(20, 8, "Asia/Kolkata");
    const buyer = await newShopper(browser, app, look);
    const next = await newShopper(browser, app, look);
    const dateOf = (shopper: typeof buyer, id: string) =>
      shopper.page.getByTestId(`slot-${id}`).locator("input");

    // Both look at the same moment; the next one's page grows old.
    for (const shopper of [buyer, next]) {
      await shopper.goto("/products/workshop");
      await dateOf(shopper, last).check();
    }
    await buyer.finds("product workshop");
    await buyer.buy("workshop", `guest.${look.name}@example.com`);
    const sessionId = new URL(buyer.page.url()).searchParams.get("session_id") ?? "";
    const [file] = await Promise.all([
      buyer.page.waitForEvent("download"),
      buyer.page.getByTestId("next-steps").locator("a[href$='.ics']").click(),
    ]);
    expect(readFileSync(await file.path(), "utf8")).toContain("BEGIN:VEVENT");
    await buyer.finds("place booked");

    await next.page.getByTestId("buy-workshop").click();
    await next.page.locator('[data-problem="sold_out"]').waitFor();
    await next.page.locator(`[data-testid="slot-${last}"] input:disabled`).waitFor();
    expect(await dateOf(next, other).isEnabled()).toBe(true);
    await next.finds("date sold out");
    // Somebody else would rather wait for that date.
    const waiter = await newShopper(browser, app, look);
    await waiter.goto("/products/workshop");
    const line = waiter.page.getByTestId(`waiting-${last}`);
    await line.getByRole("link").click();
    await waiter.signIn(`waiter.${look.name}@example.com`);
    await line.getByRole("button").click();
    await waiter.page.locator(`[data-testid="waiting-${last}"][data-waits="true"]`).waitFor();
    await waiter.finds("waiting for a place");
    await waiter.close();

    await sandbox.refund(sessionId);
    await sandbox.sent();
    await buyer.goto("/account");
    await buyer.page.locator('[data-booking="released"]').waitFor();
    await buyer.page
      .locator('[data-testid="booking-workshop"][data-state="ended"]')
      .getByTestId("why")
      .waitFor();
    await buyer.finds("place given back");

    await next.page.reload();
    await dateOf(next, last).check();
    await next.buy("workshop", `next.${look.name}@example.com`);
    await next.goto("/account");
    await next.page.locator('[data-testid="booking-workshop"][data-state="active"]').waitFor();
    await next.finds("account with a place");

    // The buyer's own doing: another date, and then none.
    await next.page.locator("a[href^='/account/bookings/']").click();
    await next.page.getByTestId("change-booking").waitFor();
    await dateOf(next, other).check();
    await next.finds("booking to change");
    await next.page.getByTestId("move-booking").click();
    await next.page.locator(`[data-testid="slot-${last}"]`).waitFor();
    await next.page.getByTestId("cancel-booking").click();
    // It is done, and its answer gets lost: asked for again, it is the same one.
    await next.page.route(
      "**/booking/cancel",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await next.page.getByTestId("cancel-booking-now").click();
    await next.page.locator('[data-testid="told"] [data-bad="true"]').waitFor();
    const again = next.page.waitForResponse("**/booking/cancel");
    await next.page.getByTestId("cancel-booking-now").click();
    expect((await again).status()).toBe(200);
    await next.page.getByTestId("cancel-booking-now").waitFor({ state: "detached" });
    await sandbox.sent();
    await next.page.reload();
    await next.page.getByTestId("booking-rule").waitFor();
    await next.finds("booking that is over");
    await next.goto("/account");
    await next.page.locator('[data-booking="released"]').waitFor();
    // The receipt, the new date, the end, and the refund.
    const mails = () => app.mail.to(`next.${look.name}@example.com`).length;
    await expect.poll(mails, { timeout: 30_000 }).toBe(4);
    await Promise.all([buyer.close(), next.close()]);
  },
);
