import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { sandboxAt } from "../support/sandbox.ts";
import { LOOKS, type Look, newShopper, type Shopper } from "../support/shopper.ts";

/** An owner's day: what is sold, who writes, what is given back, and whether the figures agree with the rows. */
/** An address gets a few codes in an hour, and no more. */
const ownerOf = ({ name }: Look) => `owner.${name}@example.com`;
const employerOf = ({ name }: Look) => `employer.${name}@example.com`;
/** Milliseconds until something shows that Stripe tells. */
const TOLD = { timeout: 30_000 };
let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  const env = { ADMIN_EMAILS: [...LOOKS.map(ownerOf), ...LOOKS.map(employerOf)].join(",") };
  [app, browser] = await Promise.all([startApp({ env }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

test.each(LOOKS)("an owner's day: $name", async (look) => {
  const owner = await newShopper(browser, app, look);
  await owner.goto("/sign-in?next=/admin/codes");
  await owner.signIn(ownerOf(look));
  const code = await makesCode(owner, look);
  const slotId = await makesDate(owner, look);
  const coming = `comes.${look.name}@example.com`;
  await buys(look, { code, slotId, coming });
  await findsAndServes(owner, look);
  await endsCode(owner, code);
  await looksAfterDate(owner, { slotId, coming });
  await looksAtWarning(owner, coming);
  await addsUp(owner, look);
  await owner.close();
});

async function makesCode(owner: Shopper, look: Look): Promise<string> {
  const { page } = owner;
  const code = `DAY-${look.name}`.toUpperCase();
  const form = page.getByTestId("new-code");
  await form.locator("[name=code]").fill(code.toLowerCase());
  await form.locator("[name=percent]").fill("200");
  await form.locator("[type=submit]").click();
  await form.locator("[role=status][data-bad=true]").waitFor();
  await form.locator("[name=kind][value=amount]").check();
  await form.locator("[name=currency]").selectOption("inr");
  await form.locator("[name=amount]").fill("5.555");
  await form.locator("[type=submit]").click();
  await form.locator("[role=status]", { hasText: "5.00" }).waitFor();
  await form.locator("[name=kind][value=percent]").check();
  await form.locator("[name=percent]").fill("10");
  await form.locator("[name=limit]").fill("3");
  await form.locator("[type=submit]").click();
  await page.getByTestId(`code-${code}`).waitFor(TOLD);
  await owner.finds("desk codes");
  return code;
}

async function makesDate(owner: Shopper, look: Look): Promise<string> {
  const { page } = owner;
  await owner.goto("/admin/slots");
  const place = `12 MG Road, ${look.name}`;
  const form = page.getByTestId("new-slot");
  await form.locator("[name=startsAt]").fill("2035-05-04T10:00");
  await form.locator("[name=endsAt]").fill("2035-05-04T12:00");
  await form.locator("[name=timeZone]").fill("Asia/Kolkata");
  await form.locator("[name=place]").fill(place);
  await form.locator("[name=capacity]").fill("4");
  await form.locator("button").click();
  const slot = page.locator("[data-testid^=managed-]", { hasText: place });
  await slot.waitFor();
  return (await slot.getAttribute("data-testid"))?.replace("managed-", "") ?? "";
}

/** One mistypes the address and has a code, one books the date. */
async function buys(look: Look, of: { code: string; slotId: string; coming: string }): Promise<void> {
  const buyer = await newShopper(browser, app, look);
  const { page } = buyer;
  await buyer.goto("/");
  await page.getByTestId("buy-ebook").click();
  await page.waitForURL(/\/c\/pay\/cs_test_/);
  await page.locator(".code-entry summary").click();
  await page.locator("#promotionCode").fill(of.code.toLowerCase());
  await page.locator("#promotionCode").press("Enter");
  await page.locator(".code-applied").waitFor();
  await buyer.pay(`mistyped.${look.name}@exampel.com`);
  await buyer.close();

  const guest = await newShopper(browser, app, look);
  await guest.goto("/products/workshop");
  // One date alone isn't chosen.
  const choice = guest.page.getByTestId(`slot-${of.slotId}`).locator("input");
  if ((await choice.count()) > 0) await choice.check();
  await guest.buy("workshop", of.coming);
  await guest.close();
}

/** The money is given back and twice nobody says so, a proxy first and then the API. Asked for again, it is the same refund. */
async function losesAnswers(page: Page, refund: Locator): Promise<void> {
  const keys: (string | undefined)[] = [];
  const lost = [
    { status: 502, contentType: "text/html", body: "<h1>502 Bad Gateway</h1>" },
    { status: 500, json: { error: "It is safe to try again.", code: "internal" } },
  ];
  for (const answer of lost) {
    const losing = async (route: Route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      await route.fetch();
      await route.fulfill(answer);
    };
    await page.route("**/refund", losing, { times: 1 });
    const answered = page.waitForResponse("**/refund");
    await refund.locator("button").first().click();
    expect((await answered).status()).toBe(answer.status);
    await refund.locator("[role=status][data-bad=true]").waitFor();
  }
  expect(keys[0]).toBeDefined();
  expect(new Set(keys).size).toBe(1);
}

async function findsAndServes(owner: Shopper, look: Look): Promise<void> {
  const { page } = owner;
  await page.locator("nav [name=q]").fill(`MISTYPED.${look.name}`);
  await page.keyboard.press("Enter");
  const row = page.locator("[data-testid^=order-0]");
  await row.waitFor();
  expect(await row.count()).toBe(1);
  await owner.finds("desk orders");
  await row.locator("a").click();
  await page.getByTestId("act-refund").waitFor();
  const orderPage = page.url();
  expect(await page.getByTestId("order-email").textContent()).toContain(`mistyped.${look.name}@exampel.com`);
  expect(await page.getByTestId("desk-discount").textContent()).toMatch(/\d/);
  await expect.poll(() => page.getByTestId("desk-fee").textContent(), TOLD).toMatch(/\d/);

  const refund = page.getByTestId("act-refund");
  await refund.locator("summary").click();
  await refund.locator("[value=part]").check();
  await refund.locator("[name=amount]").fill("999999");
  await refund.locator("form button").click();
  await refund.getByRole("alert").waitFor();
  await refund.locator("[name=amount]").fill("5");
  await refund.locator("[name=note]").fill("Two pages were missing.");
  await owner.finds("desk refund");
  await refund.locator("form button").click();
  expect(await page.getByTestId("refund-sure").textContent()).toMatch(/5\.00/);
  await owner.finds("desk refund, to be confirmed");
  await losesAnswers(page, refund);
  await refund.locator("button").first().click();
  await expect.poll(() => refund.getByRole("status").textContent(), TOLD).toMatch(/5\.00/);
  await expect
    .poll(async () => {
      await page.reload();
      return page.getByTestId("desk-refunded").count();
    }, TOLD)
    .toBe(1);
  expect(await page.getByTestId("desk-refunded").textContent()).toMatch(/5\.00/);
  const timeline = await page.getByTestId("timeline").textContent();
  expect(timeline).toContain("Two pages were missing.");
  expect(timeline).toContain(ownerOf(look));

  const right = `right.${look.name}@example.com`;
  const correct = page.getByTestId("act-email");
  await correct.locator("summary").click();
  await correct.locator("[name=email]").fill(right);
  await correct.locator("button").click();
  await expect.poll(() => page.getByTestId("order-email").textContent(), TOLD).toContain(right);
  const resend = page.getByTestId("act-resend");
  await resend.locator("summary").click();
  await expect.poll(() => resend.textContent(), TOLD).toContain(right);
  await resend.locator("button").click();
  await app.mail.next(right);
  await page.reload();
  await owner.finds("desk order");

  await page.locator("a[href^='/admin/customers/']").click();
  await page.waitForURL(/\/admin\/customers\//);
  await page
    .locator(`a[href="${new URL(orderPage).pathname}"]`)
    .first()
    .waitFor();
  // Drawn from the start: one page taking another's place is no page that moves.
  await page.reload();
  await owner.finds("desk buyer");
}

async function endsCode(owner: Shopper, code: string): Promise<void> {
  const { page } = owner;
  await owner.goto("/admin/codes");
  const row = page.getByTestId(`code-${code}`);
  await row.waitFor();
  expect(await row.textContent()).toMatch(/1.*3|3.*1/);
  const end = page.getByTestId(`end-${code}`);
  await end.locator("summary").click();
  await owner.finds("desk codes, one to be ended");
  await end.locator("button").click();
  await end.waitFor({ state: "detached", ...TOLD });
}

async function looksAfterDate(
  owner: Shopper,
  { slotId, coming }: { slotId: string; coming: string },
): Promise<void> {
  const { page } = owner;
  await owner.goto(`/admin/slots/${slotId}`);
  const attendee = page.locator("[data-testid^=attendee-]");
  await attendee.waitFor();
  expect(await attendee.textContent()).toContain(coming);
  await owner.finds("desk date");
  await attendee.locator("button").click();
  await attendee.locator("time").waitFor(TOLD);

  const message = page.getByTestId("act-message");
  await message.locator("summary").click();
  await message.locator("[name=subject]").fill("Bring a pencil");
  await message.locator("[name=text]").fill("Paper is there.\n\nSee you!");
  await owner.finds("desk date, a message");
  await message.locator("form button").click();
  const mail = await app.mail.next(coming, /Bring a pencil/);
  expect(mail.text).toContain("Paper is there.");
  await page.getByTestId("slot-message").waitFor(TOLD);

  const capacity = page.getByTestId("act-capacity");
  await capacity.locator("summary").click();
  await capacity.locator("[name=capacity]").fill("6");
  expect(await page.getByTestId("capacity-sure").textContent()).toMatch(/2/);
  await capacity.locator("form button").click();
  await expect.poll(() => page.getByTestId("slot-counts").textContent(), TOLD).toMatch(/5/);

  const close = page.getByTestId("act-close");
  await close.locator("summary").click();
  await close.locator("button").click();
  await page.getByTestId("act-open").waitFor(TOLD);

  const move = page.getByTestId("act-move");
  await move.locator("summary").click();
  await move.locator("[name=startsAt]").fill("2035-05-11T10:00");
  await move.locator("[name=endsAt]").fill("2035-05-11T12:00");
  await owner.finds("desk date, to be moved");
  await move.locator("form button").click();
  expect((await app.mail.next(coming, /new time|नया समय/)).text).toContain("11");
  await expect.poll(() => page.locator("h1").textContent(), TOLD).toContain("11");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("a[href$='/export']").click(),
  ]);
  const [, ...lines] = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`Asha Rao,${coming},1,booked,20\\d\\d-`));
  await owner.goto("/admin/slots");
  await page.getByTestId(`managed-${slotId}`).waitFor();
  await owner.finds("desk dates");
}

/** A bank suspects fraud: the owner sees it first thing, looks at the order, and says so. */
async function looksAtWarning(owner: Shopper, email: string): Promise<void> {
  const { page } = owner;
  const sandbox = sandboxAt(app.stripeUrl);
  await owner.goto(`/admin/orders?q=${email}`);
  const row = page.locator("[data-testid^=order-0]", { hasText: email });
  await row.locator("a").click();
  await page.getByTestId("order-email").waitFor();
  const payment = (await page.getByText(/^pi_\w+$/).textContent()) ?? "";
  const { latest_charge: charge } = await sandbox.stripe.paymentIntents.retrieve(payment);
  await sandbox.control("POST", `charges/${String(charge)}/fraud_warning`);
  await expect
    .poll(async () => {
      await owner.goto("/admin");
      return row.count();
    }, TOLD)
    .toBe(1);
  await owner.finds("desk front, a bank suspects fraud");
  await row.locator("a").click();
  const review = page.getByTestId("act-review");
  await review.locator("summary").click();
  await review.locator("[name=note]").fill("A known guest: I called.");
  await owner.finds("desk order, a warning to be looked at");
  await review.locator("form button").click();
  await review.waitFor({ state: "detached", ...TOLD });
  expect(await page.getByTestId("timeline").textContent()).toContain("A known guest: I called.");
  await owner.goto("/admin");
  expect(await row.count()).toBe(0);
}

/** The month's figures are the sum of the rows, whoever has bought and got money back. */
async function addsUp(owner: Shopper, look: Look): Promise<void> {
  const { page } = owner;
  const right = `right.${look.name}@example.com`;
  await owner.goto("/admin/orders");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("a[href^='/admin/orders/export']").click(),
  ]);
  const [head = "", ...lines] = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  const column = (name: string) => head.split(",").indexOf(name);
  const rows = lines.map((line) => line.split(","));
  const mine = rows.find((cells) => cells[column("email")] === right);
  expect(mine?.[column("refunded")]).toBe("5.00");

  await owner.goto("/admin");
  const currency = mine?.[column("currency")] ?? "";
  // In hundredths, as whole numbers add up.
  const sum = (name: string) =>
    rows
      .filter((cells) => cells[column("currency")] === currency)
      .reduce((all, cells) => all + Math.round(Number(cells[column(name)]) * 100), 0);
  const shown = async (figure: string) => {
    const text = await page.getByTestId(`sales-${currency}`).getByTestId(`sum-${figure}`).textContent();
    return Math.round(Number(text?.replaceAll(/[^\d.]/g, "")) * 100);
  };
  expect(await shown("revenue")).toBe(sum("paid"));
  expect(await shown("refunded")).toBe(sum("refunded"));
  await page.getByTestId(`sales-${currency}`).locator("summary").click();
  await owner.finds("desk front, with its table");
}

test.each(LOOKS)(
  "an owner lets somebody in who may only look, and sees who did what: $name",
  async (look) => {
    const email = `reader.${look.name}@example.com`;
    const owner = await newShopper(browser, app, look);
    const { page } = owner;
    await owner.goto("/sign-in?next=/admin/operators");
    await owner.signIn(employerOf(look));
    const form = page.getByTestId("new-operator");
    await form.locator("[name=email]").fill(email);
    await form.locator("[value=read]").check();
    await form.locator("button").click();
    await page.getByTestId(`operator-${email}`).waitFor(TOLD);
    await owner.finds("desk people");

    const reader = await newShopper(browser, app, look);
    await reader.goto("/sign-in?next=/admin/slots");
    await reader.signIn(email);
    await reader.page.locator("a[href='/admin/audit']").waitFor();
    expect(await reader.page.getByTestId("new-slot").count()).toBe(0);
    expect(await reader.page.locator("a[href='/admin/operators']").count()).toBe(0);
    expect((await reader.page.request.get(`${app.url}/admin/operators`)).status()).toBe(404);
    await reader.finds("desk dates, only to look at");
    await reader.close();

    await page.locator("a[href='/admin/audit']").click();
    const search = page.getByTestId("audit-search");
    await search.locator("[name=by]").fill(employerOf(look));
    await search.locator("[name=area]").selectOption("operator");
    await search.locator("button").click();
    await page.waitForURL(/area=operator/);
    const rows = page.getByTestId("audit").locator("li");
    const mine = rows.filter({ hasText: email });
    await mine.waitFor();
    expect(await mine.textContent()).toContain(employerOf(look));
    // What was written down is told in words.
    expect(await mine.locator("dl").count()).toBe(1);
    expect(await mine.textContent()).not.toMatch(/[{}"]/);
    await owner.finds("desk who did what");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("a[href^='/admin/audit/export']").click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    expect(lines).toHaveLength((await rows.count()) + 1);
    expect(lines.filter((line) => line.includes(email))).toHaveLength(1);
    await owner.close();
  },
);

test("nobody but an owner gets the export", async () => {
  const stranger = await newShopper(browser, app, { name: "stranger", options: {} });
  const answer = await stranger.page.request.get(`${app.url}/admin/orders/export`);
  expect(answer.status()).toBe(404);
  expect(await answer.text()).not.toContain("payment_intent");
  await stranger.close();
});
