import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Sandbox, sandboxAt } from "../support/sandbox.ts";
import { LOOKS, type Look, newShopper, type Shopper } from "../support/shopper.ts";

/** A plan with seats from the catalog to its end: the owner and every member in a browser of their own. */
const DAY_SECONDS = 24 * 60 * 60;
/** Past the end of any month that was paid. */
const MONTH_LATER = 32 * DAY_SECONDS;
/** Somebody of the shop, who looks after plans. */
const supportOf = ({ name }: Look) => `support.${name}@example.com`;
let app: TestApp;
let browser: Browser;
let sandbox: Sandbox;

beforeAll(async () => {
  const env = { ADMIN_EMAILS: LOOKS.map(supportOf).join(",") };
  [app, browser] = await Promise.all([startApp({ env }), launchBrowser()]);
  sandbox = sandboxAt(app.stripeUrl);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

async function invite({ page }: Shopper, email: string): Promise<void> {
  await page.getByTestId("plan-pro").locator("input[type=email]").fill(email);
  await page.getByTestId("invite").click();
}

/** Opens the invitation from the mail, signs in where it leads, and takes the seat. */
async function join(email: string, look: Look): Promise<Shopper> {
  const mail = await app.mail.next(email);
  const link = /\/join\/[0-9a-f-]+/.exec(mail.text)?.[0] ?? "";
  const member = await newShopper(browser, app, look);
  await member.goto(link);
  await member.finds("invitation");
  await member.page.locator("a[href^='/sign-in?next=/join/']").click();
  await member.signIn(email);
  await member.page.getByTestId("accept-seat").click();
  await member.page.getByTestId("joined").waitFor();
  await member.finds("seat taken");
  await member.goto("/account");
  await member.page.locator('[data-testid="membership-pro"][data-state="active"]').waitFor();
  return member;
}

/** At the desk: the plan is found by its owner's address, and shows its members. */
async function lookAfter(look: Look, ownerEmail: string, members: string[]): Promise<void> {
  const support = await newShopper(browser, app, look);
  const { page } = support;
  await support.goto("/sign-in?next=/admin/plans");
  await support.signIn(supportOf(look));
  const search = page.getByTestId("plan-search");
  await search.locator("[name=owner]").fill(ownerEmail);
  await search.locator("button").click();
  await page.waitForURL(/owner=/);
  const found = page.locator("li[data-testid^=plan-]");
  await expect.poll(() => found.count()).toBe(1);
  expect(await found.textContent()).toContain(ownerEmail);
  await support.finds("desk plans");
  await found.locator("a[href^='/admin/plans/']").click();
  for (const member of members) await page.getByTestId(`member-${member}`).waitFor();
  const act = page.getByTestId("act-invite");
  await act.locator("summary").click();
  await act.locator("[name=email]").fill(`more.${ownerEmail}`);
  await act.locator("form button").click();
  await act.locator("p[role=status][data-bad=true]").waitFor();
  await support.finds("desk plan with its members");
  await support.close();
}

/** On Stripe's billing page. */
async function changeSeats({ page }: Shopper, seats: number): Promise<void> {
  await page.getByTestId("manage-plan").click();
  await page.waitForURL((url) => url.origin === new URL(app.stripeUrl).origin);
  await page.locator("a[href$='/update']").first().click();
  await page.fill("[name=quantity]", String(seats));
  await page.locator("button.submit").click();
  await page.locator("form:has([name=quantity][type=hidden]) button.submit").click();
  await sandbox.sent();
}

async function cancelPlan({ page }: Shopper): Promise<void> {
  await page.getByTestId("manage-plan").click();
  await page.waitForURL((url) => url.origin === new URL(app.stripeUrl).origin);
  await page.locator("a[href$='/cancel']").first().click();
  await page.locator("button.submit.danger").click();
  await sandbox.sent();
}

test.each(LOOKS)("two seats, two members, one of them too many, and the end: $name", async (look) => {
  const at = (name: string) => `${name}.${look.name}@example.com`;
  const owner = await newShopper(browser, app, look);
  const { page } = owner;
  await owner.goto("/products/pro");
  await owner.finds("product pro");
  await page.getByTestId("quantity-pro").fill("2");
  await owner.buy("pro", at("owner"));
  await owner.finds("plan bought");
  // Two seats a month, and the day of the next one, as soon as Stripe has told of the subscription.
  const nextCharge = async () => {
    await page.reload();
    return page
      .getByTestId("order-upcoming")
      .textContent({ timeout: 1_000 })
      .catch(() => null);
  };
  await expect.poll(nextCharge, { timeout: 10_000 }).toMatch(/20\d\d/);
  expect(await nextCharge()).toMatch(/\$58\.00|₹4,398/);
  await owner.finds("plan bought, next charge");
  await owner.goto("/account");
  await page.getByTestId("plan-pro").locator("a[href^='/sign-in']").click();
  await owner.signIn(at("owner"));

  await invite(owner, at("first"));
  await page.getByTestId(`seat-${at("first")}`).waitFor();
  await invite(owner, at("second"));
  await page.getByTestId(`seat-${at("second")}`).waitFor();
  const first = await join(at("first"), look);
  const second = await join(at("second"), look);
  await invite(owner, at("third"));
  await page.getByTestId("told").locator("[data-bad=true]").waitFor();
  expect(await page.getByTestId(`seat-${at("third")}`).count()).toBe(0);
  await page.reload();
  await owner.finds("plan with two members");
  await lookAfter(look, at("owner"), [at("first"), at("second")]);

  await changeSeats(owner, 1);
  await owner.goto("/account");
  await page.locator(`[data-testid="seat-${at("second")}"][data-state="suspended"]`).waitFor();
  await page.locator(`[data-testid="seat-${at("first")}"][data-state="active"]`).waitFor();
  await page.getByTestId("why-suspended").waitFor();
  await owner.finds("plan with a member too many");
  await second.page.reload();
  const rests = second.page.locator('[data-testid="membership-pro"][data-state="suspended"]');
  await rests.getByTestId("why").waitFor();
  await second.finds("member suspended");
  await first.page.reload();
  await first.page.locator('[data-testid="membership-pro"][data-state="active"]').waitFor();

  await cancelPlan(owner);
  await owner.goto("/account");
  const plan = page.getByTestId("plan-pro");
  await plan.getByTestId("why").waitFor();
  expect(await plan.getAttribute("data-state")).toBe("active");
  await owner.finds("plan to end");
  await sandbox.control("POST", "clock/advance", { seconds: MONTH_LATER });
  await sandbox.sent();
  for (const [shopper, card] of [
    [owner, "plan-pro"],
    [first, "membership-pro"],
    [second, "membership-pro"],
  ] as const) {
    await shopper.page.reload();
    await shopper.page.locator(`[data-testid="${card}"][data-state="ended"]`).getByTestId("why").waitFor();
  }
  await owner.finds("plan ended");
  await Promise.all([owner, first, second].map((shopper) => shopper.close()));
});
