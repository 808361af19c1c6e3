import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { LOOKS, type Look, newShopper, type Shopper } from "../support/shopper.ts";

/** What whoever serves buyers does about an order, each said before it is done. */
/** An address gets a few codes in an hour, and no more. */
const ownerOf = ({ name }: Look) => `owner.${name}@example.com`;
/** Milliseconds until something shows that Stripe tells. */
const TOLD = { timeout: 30_000 };
let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  const env = { API_KEYS: API_KEY, ADMIN_EMAILS: LOOKS.map(ownerOf).join(",") };
  [app, browser] = await Promise.all([startApp({ env }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

async function signedIn(look: Look, email: string, path: string): Promise<Shopper> {
  const shopper = await newShopper(browser, app, look);
  await shopper.goto(`/sign-in?next=${path}`);
  await shopper.signIn(email);
  return shopper;
}

/** Opens an act of the page; the same act again stays open. */
async function opened({ page }: Shopper, testId: string) {
  const act = page.getByTestId(testId);
  await act.waitFor(TOLD);
  if ((await act.getAttribute("open")) === null) await act.locator("summary").click();
  return act;
}

async function opensOrderOf(owner: Shopper, email: string): Promise<void> {
  await owner.goto(`/admin/orders?q=${email}`);
  await owner.page.locator("[data-testid^=order-0]", { hasText: email }).locator("a").first().click();
  await owner.page.getByTestId("order-email").waitFor();
}

test.each(LOOKS)("support gives an order to another account, and a plan without one: $name", async (look) => {
  const [bought, other] = [`bought.${look.name}@example.com`, `other.${look.name}@example.com`];
  const buyer = await newShopper(browser, app, look);
  await buyer.goto("/");
  await buyer.buy("ebook", bought);
  await buyer.close();
  const owner = await signedIn(look, ownerOf(look), "/admin/orders");
  const { page } = owner;
  await opensOrderOf(owner, bought);
  const hand = await opened(owner, "act-hand");
  const sure = page.getByTestId("hand-sure");
  const looksUp = async (found: string) => {
    await hand.locator("[name=account]").fill(other.toUpperCase());
    await hand.locator("form button").click();
    await expect.poll(() => sure.getAttribute("data-found"), TOLD).toBe(found);
  };
  await looksUp("nobody");
  const friend = await signedIn(look, other, "/account");
  await looksUp("other");
  await owner.finds("support, an order to be given to another account");
  await hand.locator("button").last().click();
  await expect.poll(() => hand.getByRole("status").textContent(), TOLD).toContain(other);
  // It is said once.
  await sure.waitFor({ ...TOLD, state: "detached" });
  await friend.goto("/account");
  await friend.page.getByTestId("download-ebook").waitFor();

  const grant = await opened(owner, "act-grant");
  await expect.poll(() => page.getByTestId("grant-to").textContent(), TOLD).toContain(other);
  expect(await grant.locator("option").evaluateAll((all) => all.map((one) => Object(one).value))).toEqual([
    "ebook",
    "pro",
  ]);
  await grant.locator("[name=product]").selectOption("pro");
  await grant.locator("[name=lastDay]").fill("2035-05-04");
  await grant.locator("[name=note]").fill("For the outage.");
  await owner.finds("support, a plan to be given");
  await grant.locator("form button").click();
  await expect.poll(() => grant.getByRole("status").textContent(), TOLD).not.toBe("");
  await page.locator("a[href^='/admin/customers/']").click();
  await page.waitForURL(/\/admin\/customers\//);
  const has = page.getByTestId("has-pro");
  expect(await has.textContent()).toContain("2035");
  await page.reload();
  await (await opened(owner, "act-end-pro")).locator("button").click();
  await page.getByTestId("act-restore-pro").waitFor(TOLD);
  await opened(owner, "act-restore-pro");
  await owner.finds("support, a buyer who was given something");
  await Promise.all([owner.close(), friend.close()]);
});

const DAY_MS = 24 * 60 * 60 * 1000;

async function newDate(inDays: number): Promise<string> {
  const at = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  const time = { startsAt: at(inDays), endsAt: at(inDays + 0.1), timeZone: "Europe/Berlin" };
  const response = await fetch(`${app.url}/api/admin/slots`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ productKey: "workshop", ...time, place: "Torstraße 12, Berlin", capacity: 2 }),
  });
  const { slot } = await response.json();
  return slot.id;
}

test.each(LOOKS)("support moves a booking whose buyer is too late to: $name", async (look) => {
  const email = `booked.${look.name}@example.com`;
  // Tomorrow: its buyer could change it until two days before.
  const [soon, later] = [await newDate(1), await newDate(20)];
  const buyer = await newShopper(browser, app, look);
  await buyer.goto("/products/workshop");
  await buyer.page.getByTestId(`slot-${soon}`).locator("input").check();
  await buyer.buy("workshop", email);
  await buyer.close();
  const owner = await signedIn(look, ownerOf(look), "/admin/orders");
  await opensOrderOf(owner, email);
  const move = await opened(owner, "act-move-booking");
  expect(await move.getByTestId(`slot-${soon}`).count()).toBe(0);
  await move.getByTestId(`slot-${later}`).locator("input").check();
  expect(await move.getByTestId("move-sure").textContent()).toContain(email);
  await owner.finds("support, a booking to be moved");
  await move.locator("button").click();
  await expect.poll(() => move.getByRole("status").textContent(), TOLD).not.toBe("");
  await move.getByTestId(`slot-${soon}`).waitFor(TOLD);
  expect(await move.getByTestId(`slot-${later}`).count()).toBe(0);
  await owner.finds("support, a booking moved");
  await owner.close();
});

test.each(LOOKS)("support changes a plan, and sees first what it costs: $name", async (look) => {
  const email = `team.${look.name}@example.com`;
  const buyer = await newShopper(browser, app, look);
  await buyer.goto("/");
  await buyer.buy("pro", email);
  await buyer.close();
  const owner = await signedIn(look, ownerOf(look), "/admin/orders");
  await opensOrderOf(owner, email);
  const plan = await opened(owner, "act-plan");
  const sure = plan.getByTestId("plan-sure");
  const looksAt = async () => {
    await plan.locator("form button").click();
    await sure.waitFor(TOLD);
    return sure.textContent();
  };
  await plan.locator("form button").click();
  // Nothing is to change.
  await plan.getByRole("alert").waitFor(TOLD);
  await owner.finds("support, a plan to be changed");
  await plan.locator("[name=plan]").selectOption({ index: 2 });
  // Its year is charged at once, and the month that was paid is taken off.
  expect(await looksAt()).toMatch(/261\.0|19,791/);
  await owner.finds("support, what a plan by the year costs");
  await plan.getByRole("button").last().click();
  await plan.locator("[name=seats]").fill("3");
  expect(await looksAt()).toMatch(/87\.00|6,597\.00/);
  await owner.finds("support, what two more seats cost");
  await plan.getByRole("button").first().click();
  await expect.poll(() => plan.getByRole("status").textContent(), TOLD).not.toBe("");
  await expect.poll(() => plan.locator("[name=seats]").inputValue(), TOLD).toBe("3");
  await owner.close();
});
