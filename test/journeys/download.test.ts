import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { runFolder } from "../support/database.ts";
import { logLines, tellsTooMuch } from "../support/log-lines.ts";
import { type Sandbox, sandboxAt } from "../support/sandbox.ts";
import { LOOKS, newShopper, type Shopper } from "../support/shopper.ts";

/** A download from the catalog to the end of its access, on two devices of one buyer. */
const CONTENT = "%PDF-1.7 Everything that happens after the card was charged.";
let app: TestApp;
let browser: Browser;
let sandbox: Sandbox;

beforeAll(async () => {
  const folder = join(runFolder(), `download-journey-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "field-guide.pdf"), CONTENT);
  [app, browser] = await Promise.all([
    startApp({ env: { STORAGE_URL: pathToFileURL(folder).href } }),
    launchBrowser(),
  ]);
  sandbox = sandboxAt(app.stripeUrl);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

const sessionOf = ({ page }: Shopper) => new URL(page.url()).searchParams.get("session_id") ?? "";

test.each(LOOKS)(
  "bought as a visitor, downloaded on another device, over with the refund: $name",
  async (look) => {
    const email = `reader.${look.name}@example.com`;
    const buyer = await newShopper(browser, app, look);
    await buyer.goto("/products/ebook");
    await buyer.finds("product ebook");
    const drawn = await buyer.page
      .getByTestId("pictures")
      .locator("img")
      .evaluate((picture) => picture instanceof HTMLImageElement && picture.naturalWidth);
    expect(drawn).toBe(1200);
    const preview = await buyer.page.getByTestId("about").locator("a").getAttribute("href");
    expect((await buyer.page.request.get(app.url + preview)).headers()["content-type"]).toBe(
      "application/pdf",
    );
    await buyer.buy("ebook", email);
    const sessionId = sessionOf(buyer);
    await buyer.page.getByTestId("mailed-to").waitFor();
    expect(await buyer.page.content()).not.toContain(email);
    await buyer.finds("download bought");
    await buyer.goto("/account");
    await buyer.page.getByTestId("download-ebook").waitFor();
    await buyer.page.getByTestId("visitor").waitFor();
    await buyer.finds("account of a visitor");

    const elsewhere = await newShopper(browser, app, look);
    await elsewhere.goto("/account");
    await elsewhere.page.getByTestId("nothing-bought").waitFor();
    await elsewhere.finds("account empty");
    await elsewhere.goto("/sign-in?next=/account");
    await elsewhere.finds("sign-in");
    await elsewhere.signIn(email);
    await elsewhere.page.getByTestId("signed-in-as").getByText(email).waitFor();
    const download = await elsewhere.download("download-ebook");
    expect(download.suggestedFilename()).toBe("stripe-checkout-field-guide.pdf");
    expect(readFileSync(await download.path(), "utf8")).toBe(CONTENT);
    await elsewhere.page.getByTestId("left-guide").getByText("19").waitFor();
    await elsewhere.finds("account with a download");

    // The receipt on paper: its buyer's alone, light, with nothing around it.
    await elsewhere.page.locator("a[href^='/account/receipts/']").click();
    const receipt = elsewhere.page.getByTestId("printed-receipt");
    await receipt.getByText(email).waitFor();
    await receipt.getByTestId("order-total").waitFor();
    await elsewhere.finds("receipt to print");
    await elsewhere.page.emulateMedia({ media: "print" });
    expect(await elsewhere.page.getByTestId("print").isVisible()).toBe(false);
    expect(await elsewhere.page.locator("footer").isVisible()).toBe(false);
    expect(await elsewhere.page.getByTestId("language-en").isVisible()).toBe(false);
    await elsewhere.finds("receipt on paper");
    await elsewhere.page.emulateMedia({ media: "screen" });
    expect((await buyer.page.request.get(elsewhere.page.url())).status()).toBe(404);
    await elsewhere.goto("/account");

    await buyer.goto("/account");
    await buyer.page.getByTestId("visitor").waitFor();
    expect(await buyer.page.getByTestId("download-ebook").count()).toBe(0);
    await buyer.goto(`/checkout/success?session_id=${sessionId}`);
    expect(await buyer.page.locator("h1").count()).toBe(1);
    await buyer.finds("order moved to the account");

    const link = (await elsewhere.page.locator("a[href^='/api/downloads/']").getAttribute("href")) ?? "";
    await sandbox.refund(sessionId);
    await sandbox.sent();
    const refused = await elsewhere.page.request.get(app.url + link);
    expect(refused.status()).toBe(403);
    expect(await refused.json()).toMatchObject({ code: "access_ended" });
    await elsewhere.goto(link);
    await elsewhere.page.locator('[data-code="access_ended"]').waitFor();
    await elsewhere.finds("download refused");
    await elsewhere.page.getByRole("link").click();
    const card = elsewhere.page.locator('[data-testid="download-ebook"][data-state="ended"]');
    await card.getByTestId("why").waitFor();
    expect(await card.locator("a[href^='/api/downloads/']").count()).toBe(0);
    await elsewhere.page.getByTestId("order-refunded").waitFor();
    await elsewhere.finds("download refunded");
    await Promise.all([buyer.close(), elsewhere.close()]);
  },
);

test("the link in a receipt opens the purchases on another device, once", async () => {
  const [look] = LOOKS;
  if (!look) throw new Error("There is nothing to look with.");
  const email = "receipt.link@example.com";
  const buyer = await newShopper(browser, app, look);
  await buyer.goto("/products/ebook");
  await buyer.buy("ebook", email);
  const { text } = await app.mail.next(email, /receipt/);
  const [link = ""] = /http\S+\/sign-in#link=\S+/.exec(text) ?? [];
  const elsewhere = await newShopper(browser, app, look);
  await elsewhere.page.goto(link);
  await elsewhere.page.getByTestId("sign-in-by-link").click();
  await elsewhere.page.getByTestId("signed-in-as").getByText(email).waitFor();
  await elsewhere.page.getByTestId("download-ebook").waitFor();
  // Everywhere means here too, and the link is used up.
  await elsewhere.page.getByTestId("sign-out-everywhere").click();
  await elsewhere.page.waitForURL(`${app.url}/`);
  await elsewhere.page.goto(link);
  await elsewhere.page.getByTestId("sign-in-by-link").click();
  await elsewhere.page.getByText("used already").waitFor();
  await elsewhere.finds("sign-in by a used link");
  await Promise.all([buyer.close(), elsewhere.close()]);
});

test("a wrong code is told in place, another can be asked for, and nobody is sent away from the shop", async () => {
  const [look] = LOOKS;
  if (!look) throw new Error("There is nothing to look with.");
  const { page, ...shopper } = await newShopper(browser, app, look);
  await shopper.goto("/sign-in?next=//evil.example/account");
  await page.fill("[name=email]", "nobody");
  await page.keyboard.press("Enter");
  await page.getByText("no e-mail address we can write to").waitFor();
  await page.fill("[name=email]", "wrong.code@example.com");
  await page.keyboard.press("Enter");
  const code = page.locator("[name=code]");
  await code.waitFor();
  expect(await code.getAttribute("autocomplete")).toBe("one-time-code");
  expect(await code.evaluate((input) => input === document.activeElement)).toBe(true);
  const mail = await app.mail.next("wrong.code@example.com");
  const right = /\b\d{8}\b/.exec(mail.text)?.[0] ?? "";
  await code.fill(right === "12345678" ? "87654321" : "12345678");
  await page.getByText("wrong or no longer good").waitFor();
  await shopper.finds("wrong code");
  await code.fill(right);
  await page.waitForURL(`${app.url}/account`);
  await page.getByTestId("sign-out").click();
  await page.waitForURL(`${app.url}/`);
  await page.getByTestId("account-link").getByText("Sign in").waitFor();
  await shopper.close();
});

test("the log tells all of this in JSON, and no address, code, link, card or secret", () => {
  const buyers = [...LOOKS.map(({ name }) => `reader.${name}`), "receipt.link", "wrong.code"];
  const told = logLines(app);
  expect(told.filter((line) => "event" in line).length).toBeGreaterThan(LOOKS.length);
  expect(
    tellsTooMuch(
      app,
      buyers.map((buyer) => `${buyer}@example.com`),
    ),
  ).toEqual([]);
});
