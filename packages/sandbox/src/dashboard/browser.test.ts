import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { accessibilityViolations } from "../../../../test/support/axe.ts";
import { launchBrowser } from "../../../../test/support/browser.ts";
import { TestShop } from "../test-shop.ts";

let shop: TestShop;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  shop = await TestShop.open({ webhookRetries: [600] });
  // Every page has to do without.
  const context = await browser.newContext({ javaScriptEnabled: false });
  page = await context.newPage();
});
afterEach(async () => {
  await page.context().close();
  await shop.close();
});

const visit = (path: string) => page.goto(`${shop.sandbox.url}${path}`);
const press = (name: string) => page.getByRole("button", { name, exact: true }).first().click();
const shows = (text: string) => page.getByText(text).first().waitFor();

async function buy(): Promise<string> {
  const session = await shop.session();
  await shop.confirm(session.id);
  await shop.types();
  return session.id;
}

test("the overview shows what happened, and a button lets time pass", async () => {
  await buy();
  await visit("/");
  await shows("checkout.session.completed");
  await press("+ 1 hour");
  await shows("charge.updated");
});

test("an event shows its payload, each attempt's request and response, and can be sent again", async () => {
  shop.answer = (_, response) => response.writeHead(shop.received.length > 1 ? 200 : 500).end("not today");
  await shop.stripe.customers.create({ email: "asha@example.com" });
  await shop.types();
  await visit("/");
  await page.getByRole("link", { name: "customer.created" }).click();
  const payload = page.locator("section", { has: page.getByRole("heading", { name: "Payload" }) });
  await payload.getByText("asha@example.com").waitFor();
  await page.getByText("Attempt 1").click();
  await shows("not today");
  await shows("Stripe-Signature: t=");
  await press("Resend");
  await page.getByText("Attempt 2").waitFor();
  await shows("by hand");
  expect(shop.received).toHaveLength(2);
});

test("events are found by their type, or by a part of it", async () => {
  await buy();
  const types = async (wanted: string) => {
    await visit(`/dashboard/events?type=${encodeURIComponent(wanted)}`);
    return (await page.locator("tbody tr td:first-child").allInnerTexts()).toSorted();
  };
  expect(await types("PAYMENT_intent.*")).toEqual(["payment_intent.created", "payment_intent.succeeded"]);
  expect(await types("*.session.*")).toEqual(["checkout.session.completed"]);
  expect(await types("charge")).toEqual([]);
  expect(await types("c(h")).toEqual([]);
});

test("objects are found by their kind, and lead to their events", async () => {
  const id = await buy();
  await visit("/dashboard/objects");
  await page.getByRole("link", { name: /^checkout\.session/ }).click();
  await page.locator(`a[title="${id}"]`).click();
  await shows('"payment_status": "paid"');
  await page.getByRole("link", { name: "checkout.session.completed" }).waitFor();
});

test("a payment's page refunds a part of it, and lets its buyer dispute it and the shop lose", async () => {
  const session = await shop.stripe.checkout.sessions.retrieve(await buy());
  await visit(`/dashboard/objects/${session.id}`);
  await page.getByLabel("Amount in INR").first().fill("120.50");
  await press("Refund this part");
  await page.getByRole("button", { name: "Refund ₹378.50" }).waitFor();
  await page.getByLabel("Reason").selectOption("product_not_received");
  await press("Dispute it");
  const [dispute] = (await shop.stripe.disputes.list()).data;
  await visit(`/dashboard/objects/${dispute?.id}`);
  await press("The shop loses");
  await shows('"status": "lost"');
  await page.getByRole("link", { name: "charge.dispute.closed" }).waitFor();
});

test("a fault is switched on, seen to strike, and switched off", async () => {
  await visit("/dashboard/faults");
  const deliveries = page.locator("section", { has: page.getByRole("heading", { name: "Deliveries" }) });
  await deliveries.getByLabel("Fault").selectOption("drop");
  await deliveries.getByLabel("Only for these events").fill("customer.*");
  await deliveries.getByLabel("Times at most").fill("1");
  await deliveries.getByRole("button", { name: "Switch on" }).click();
  await shows("customer.*");
  await shows("100 %, once at most");
  await shop.stripe.customers.create({});
  expect(await shop.types()).toEqual([]);
  await press("Off");
  await shows("Nothing goes wrong.");
  await shop.stripe.customers.create({});
  expect(await shop.types()).toEqual(["customer.created"]);
});

test("deliveries are held back and released, and a secret is rolled", async () => {
  await visit("/dashboard/webhooks");
  await press("Hold deliveries back");
  await shop.stripe.customers.create({});
  await visit("/dashboard/webhooks");
  await shows("Held: 1 waiting.");
  expect(shop.received).toHaveLength(0);
  await press("Release in order");
  expect(await shop.types()).toEqual(["customer.created"]);
  await page.getByText("Signing secret").click();
  expect(await page.locator(".secret").count()).toBe(1);
  await press("Roll it, the old one valid for an hour");
  await page.getByText("Signing secret").click();
  expect(await page.locator(".secret").count()).toBe(2);
});

test("a reset leaves nothing but the endpoint", async () => {
  await buy();
  await visit("/");
  await page.getByText("Reset the sandbox…").click();
  await press("Forget everything");
  await shows("Nothing has happened yet.");
  expect((await shop.stripe.webhookEndpoints.list()).data).toHaveLength(1);
});

test("another site's page can't press the buttons", async () => {
  await buy();
  const response = await fetch(`${shop.sandbox.url}/dashboard/do/reset`, {
    method: "POST",
    headers: { origin: "https://elsewhere.example" },
  });
  expect(response.status).toBe(403);
  expect((await shop.stripe.events.list()).data.length).toBeGreaterThan(0);
});

test("every page is accessible and no wider than a phone", async () => {
  await buy();
  await shop.control("faults/deliveries", { fault: "reset_after", probability: 0.5, types: ["charge.*"] });
  const [event] = (await shop.stripe.events.list()).data;
  const [charge] = (await shop.stripe.charges.list()).data;
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const phone = await context.newPage();
  for (const path of [
    "/",
    "/dashboard/objects",
    `/dashboard/objects/${Object(event?.data.object).id}`,
    `/dashboard/objects/${charge?.id}`,
    "/dashboard/events",
    `/dashboard/events/${event?.id}`,
    "/dashboard/deliveries",
    "/dashboard/webhooks",
    "/dashboard/faults",
  ]) {
    await phone.goto(`${shop.sandbox.url}${path}`);
    expect(await accessibilityViolations(phone), path).toEqual([]);
    expect(await phone.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(360);
  }
  await context.close();
}, 120_000);
