import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { LOOKS, newShopper } from "../support/shopper.ts";

/** What an operator sees and does, and that nobody else does. */
const OPERATOR = "operator@example.com";
let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ env: { ADMIN_EMAILS: OPERATOR } }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

test.each(LOOKS)("an operator makes a date, reads an order and ends its access: $name", async (look) => {
  const operator = await newShopper(browser, app, look);
  const { page } = operator;
  await operator.goto("/admin");
  await operator.signIn(OPERATOR);
  await page.waitForURL(`${app.url}/admin`);
  await page.getByText("comparedUntil").waitFor();
  await operator.finds("operator overview");

  await page.locator("a[href='/admin/slots']").click();
  await page.fill("[name=startsAt]", "2027-07-16T18:00");
  await page.fill("[name=endsAt]", "2027-07-16T21:00");
  await page.fill("[name=timeZone]", "Europe/Berlin");
  await page.fill("[name=place]", `Room of ${look.name}`);
  await page.locator("form:has([name=timeZone]) button").click();
  await page.getByText(`Room of ${look.name}`).waitFor();
  await operator.finds("operator dates");

  const buyer = await newShopper(browser, app, look);
  await buyer.goto("/");
  await buyer.buy("ebook", `bought.${look.name}@example.com`);
  const order = await buyer.page.evaluate(async () => {
    const session = new URLSearchParams(location.search).get("session_id");
    return (await fetch(`/api/orders?sessionId=${session}`)).json();
  });
  await page.locator("nav [name=id]").fill(order.id);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${app.url}/admin/orders/${order.id}`);
  await operator.finds("operator order");
  const end = page.locator(`button[aria-label*="ebook"]`).first();
  await end.click();
  await page.locator("button[data-variant=filled]").last().click();
  await buyer.goto("/account");
  await expect
    .poll(async () => {
      await buyer.page.reload();
      return buyer.page.getByTestId("download-ebook").getAttribute("data-state");
    })
    .toBe("ended");
  await buyer.page.getByTestId("why").waitFor();

  await buyer.goto("/sign-in?next=/admin");
  await buyer.signIn(`bought.${look.name}@example.com`);
  await buyer.finds("operators only");
  expect(await buyer.page.getByText("comparedUntil").count()).toBe(0);
  expect((await buyer.page.request.get(`${app.url}/admin/orders/${order.id}`)).status()).toBeLessThan(500);
  expect(await (await buyer.page.request.get(`${app.url}/admin/orders/${order.id}`)).text()).not.toContain(
    "checkout.fulfilled",
  );
  await Promise.all([operator.close(), buyer.close()]);
});
