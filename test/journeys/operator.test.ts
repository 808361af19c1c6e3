import { createServer } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { launchBrowser } from "../support/browser.ts";
import { query } from "../support/database.ts";
import { LOOKS, type Look, newShopper } from "../support/shopper.ts";

/** What an operator sees and does, and that nobody else does. */
const operatorOf = ({ name }: Look) => `operator.${name}@example.com`;
/** For the tests of keys and servers: an address gets a few codes in an hour, and no more. */
const ownerOf = ({ name }: Look) => `owner.${name}@example.com`;
const PASSKEY_OWNER = "passkey@example.com";
/** Milliseconds until something shows that happens by itself. */
const POLL = { timeout: 60_000 };
let app: TestApp;
let browser: Browser;

/** The shop's own server, which is told of purchases. */
const receiver = { status: 500 };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(receiver.status).end("Heard.");
});
let receiverUrl = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  receiverUrl = `http://127.0.0.1:${port}`;
  const env = {
    ADMIN_EMAILS: [...LOOKS.map(operatorOf), ...LOOKS.map(ownerOf), PASSKEY_OWNER].join(","),
    OUTBOUND_WEBHOOK_URL: `${receiverUrl}/hook`,
    OUTBOUND_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  };
  [app, browser] = await Promise.all([startApp({ env }), launchBrowser()]);
  await query(
    app.databaseUrl,
    "update oncepaid_jobs.queue set retry_limit = 0 where name = 'outbound_webhook'",
  );
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await browser?.close();
  await app?.stop();
});

test.each(LOOKS)("an operator makes a date, reads an order and ends its access: $name", async (look) => {
  const operator = await newShopper(browser, app, look);
  const { page } = operator;
  await operator.goto("/sign-in");
  await operator.signIn(operatorOf(look));
  await page.waitForURL(`${app.url}/account`);
  await operator.finds("account of an operator");
  await page.locator("a[href='/admin']").filter({ visible: true }).first().click();
  await page.waitForURL(`${app.url}/admin`);
  // Drawn from the start: one page taking another's place is no page that moves.
  await page.reload();
  await page.getByTestId("reconcile-report").waitFor();
  await operator.finds("operator overview");

  await page.locator("a[href='/admin/slots']").click();
  const form = page.getByTestId("new-slot");
  await form.locator("[name=startsAt]").fill("2027-07-16T18:00");
  await form.locator("[name=endsAt]").fill("2027-07-16T21:00");
  await form.locator("[name=timeZone]").fill("Europe/Berlin");
  await form.locator("[name=place]").fill(`Room of ${look.name}`);
  await form.locator("button").click();
  const row = page.getByTestId(/^managed-/).filter({ hasText: `Room of ${look.name}` });
  await row.waitFor();
  await row.locator("summary").click();
  expect(await row.locator("[name=startsAt]").inputValue()).toBe("2027-07-16T18:00");
  await row.locator("[name=endsAt]").fill("2027-07-16T22:00");
  await row.locator("[name=capacity]").fill("12");
  await row.locator("form button").click();
  await row
    .getByText(/\b12\b/)
    .first()
    .waitFor();
  await operator.finds("operator dates");

  const buyer = await newShopper(browser, app, look);
  await buyer.goto("/");
  await buyer.buy("ebook", `bought.${look.name}@example.com`);
  const order = await buyer.page.evaluate(async () => {
    const session = new URLSearchParams(location.search).get("session_id");
    return (await fetch(`/api/orders?sessionId=${session}`)).json();
  });
  // The number that a buyer reads out is the one the desk looks for.
  const number = await buyer.page.getByTestId("order-number").textContent();
  await page.locator("nav [name=q]").fill(number ?? "");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${app.url}/admin/orders/${order.id}`);
  await operator.finds("operator order");
  const end = page.getByTestId("act-end-ebook");
  await end.locator("summary").click();
  await end.locator("button").click();
  await page.getByTestId("act-restore-ebook").waitFor();
  await buyer.goto("/account");
  expect(await buyer.page.locator("a[href^='/admin']").count()).toBe(0);
  await expect
    .poll(async () => {
      await buyer.page.reload();
      return buyer.page.getByTestId("download-ebook").getAttribute("data-state");
    }, POLL)
    .toBe("ended");
  await buyer.page.getByTestId("why").waitFor();

  await page.locator("a[href='/admin/events']").click();
  const search = page.getByTestId("event-search");
  await search.locator("[name=type]").selectOption("checkout.session.completed");
  await search.locator("[name=outcome]").selectOption("applied");
  await search.locator("button").click();
  await page.waitForURL(/type=checkout\.session\.completed/);
  await operator.finds("Stripe's events");
  const told = page.locator("[data-testid^=event-evt_]", {
    has: page.locator(`a[href='/admin/orders/${order.id}']`),
  });
  await told.locator("a[href^='/admin/events/']").click();
  await page.waitForURL(/\/admin\/events\/evt_/);
  await page.getByTestId("timeline").waitFor();
  await page.locator("details summary").click();
  expect(await page.locator("pre").textContent()).toContain(order.id);
  await operator.finds("one of Stripe's events");
  await page.locator("a[href='/admin/recovery']").click();
  await page.getByTestId("reconcile-report").waitFor();
  expect(await page.getByTestId("sweeps").locator("time").count()).toBeGreaterThan(2);
  await operator.finds("recovery");

  await buyer.goto("/sign-in?next=/admin");
  await buyer.signIn(`bought.${look.name}@example.com`);
  await buyer.finds("operators only");
  expect(await buyer.page.getByTestId("reconcile-report").count()).toBe(0);
  expect((await buyer.page.request.get(`${app.url}/admin/orders/${order.id}`)).status()).toBeLessThan(500);
  expect(await (await buyer.page.request.get(`${app.url}/admin/orders/${order.id}`)).text()).not.toContain(
    "checkout.fulfilled",
  );
  await Promise.all([operator.close(), buyer.close()]);
});

test.each(LOOKS)("an operator sends back work that was given up: $name", async (look) => {
  receiver.status = 500;
  const buyer = await newShopper(browser, app, look);
  await buyer.goto("/");
  await buyer.buy("ebook", `told.${look.name}@example.com`);
  const { orderId } = await buyer.page.evaluate(async () => {
    const session = new URLSearchParams(location.search).get("session_id");
    return { orderId: (await (await fetch(`/api/orders?sessionId=${session}`)).json()).id };
  });

  const operator = await newShopper(browser, app, look);
  const { page } = operator;
  await operator.goto("/sign-in?next=/admin");
  await operator.signIn(operatorOf(look));
  const job = page.getByTestId(new RegExp(`^job-order\\.fulfilled:${orderId}`));
  await expect
    .poll(async () => {
      await page.reload();
      return job.count();
    }, POLL)
    .toBe(1);
  expect(await job.textContent()).toContain("The receiver answered 500.");
  // The worker compares with Stripe as soon as it runs.
  await expect
    .poll(async () => {
      await page.reload();
      await page.getByTestId("reconcile-report").waitFor();
      return page.getByTestId("reconcile-report").locator("table").count();
    }, POLL)
    .toBe(1);
  await operator.finds("operator work");

  await page.locator("a[href='/admin/jobs?queue=outbound_webhook']").click();
  await page.waitForURL(/queue=outbound_webhook/);
  await job.waitFor();
  await operator.finds("work, one queue");

  receiver.status = 204;
  await job.getByRole("button").click();
  await job.locator("button[data-variant=filled]").click();
  await job.waitFor({ state: "detached" });
  // Behind the key of what happened stands the endpoint that it is told to.
  const done = new RegExp(`"job":"order\\.fulfilled:${orderId} [^"]*","retries":0,"msg":"job done"`);
  await expect.poll(() => done.test(app.log()), POLL).toBe(true);
  await Promise.all([operator.close(), buyer.close()]);
});

test.each(LOOKS)("an owner makes a key for a server, and ends it: $name", async (look) => {
  const owner = await newShopper(browser, app, look);
  const { page } = owner;
  await owner.goto("/sign-in?next=/admin/keys");
  await owner.signIn(ownerOf(look));
  const form = page.getByTestId("new-key");
  const name = `reports of ${look.name}`;
  await form.locator("[name=name]").fill(name);
  await form.locator("button").first().click();
  await expect.poll(() => form.getByRole("status").first().textContent(), POLL).not.toBe("");
  await form.locator("[value=read]").check();
  await form.locator("button").first().click();
  const key = await page.getByTestId("made-key").locator("input").inputValue();
  expect(key).toMatch(/^opk_/);
  const row = page.getByTestId(`key-${name}`);
  await row.waitFor();
  await owner.finds("API keys, one just made");

  const asked = (path: string) => fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect((await asked("/api/orders?userId=nobody")).status).toBe(200);
  expect((await asked("/api/keys")).status).toBe(403);
  await page.reload();
  expect(await page.content()).not.toContain(key);
  await expect.poll(() => row.locator("time").count(), POLL).toBe(2);
  await row.getByRole("button").click();
  await row.locator("button[data-variant=filled]").click();
  await expect.poll(() => row.getByRole("button").count(), POLL).toBe(0);
  expect((await asked("/api/orders?userId=nobody")).status).toBe(401);
  await owner.close();
});

test.each(LOOKS)(
  "an owner adds a server that is told what happens, and looks after it: $name",
  async (look) => {
    receiver.status = 204;
    const owner = await newShopper(browser, app, look);
    const { page } = owner;
    await owner.goto("/sign-in?next=/admin/endpoints");
    await owner.signIn(ownerOf(look));
    const form = page.getByTestId("new-endpoint");
    await form.locator("[name=url]").fill(`${receiverUrl}/${look.name}`);
    await form.locator("[name=description]").fill("The newsletter");
    await form.locator("[value=some]").check();
    await form.locator("[value='entitlement.changed']").check();
    await form.locator("button").first().click();
    const secret = await page.getByTestId("made-secret").locator("input").inputValue();
    expect(secret).toMatch(/^whsec_/);
    const row = page.locator("[data-testid^=endpoint-]", { hasText: `/${look.name}` });
    await row.first().waitFor();
    await owner.finds("webhooks out, a server just added");

    const granted = await page.evaluate(async (userId) => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ userId, productKey: "ebook" });
      return (await fetch("/api/entitlements", { method: "POST", headers, body })).status;
    }, `reader of ${look.name}`);
    expect(granted).toBe(200);
    await row.getByRole("link").click();
    await page.waitForURL(/\/admin\/endpoints\/[0-9a-f-]+$/);
    const delivery = page.locator("[data-testid^=delivery-]");
    await expect
      .poll(async () => {
        await page.reload();
        return (await delivery.allTextContents()).join();
      }, POLL)
      .toMatch(/entitlement\.changed.*204/);

    const rotate = page.getByTestId("act-rotate");
    await rotate.locator("summary").click();
    await rotate.locator("form button").click();
    expect(await page.getByTestId("new-secret").locator("input").inputValue()).not.toBe(secret);
    await rotate.locator("form button").click();
    await expect.poll(() => rotate.locator("p[role=status][data-bad=true]").count(), POLL).toBe(1);
    await owner.finds("webhooks out, one server");

    await delivery.getByRole("link").first().click();
    await page.waitForURL(/\/deliveries\//);
    const attempts = page.getByTestId("attempts").locator("li");
    await attempts.first().waitFor();
    const again = page.getByTestId("act-again");
    await again.locator("summary").click();
    await again.locator("button").click();
    await expect
      .poll(async () => {
        await page.reload();
        return attempts.count();
      }, POLL)
      .toBe(2);
    await attempts.first().locator("summary").first().click();
    expect(await attempts.first().locator("pre").first().textContent()).toContain(
      `"userId":"reader of ${look.name}"`,
    );
    await owner.finds("webhooks out, one message");

    await page.goBack();
    const rest = page.getByTestId("act-rest");
    await rest.locator("summary").click();
    await rest.locator("button").click();
    await page.getByTestId("act-wake").waitFor(POLL);
    expect(await page.getByTestId("endpoint-state").getAttribute("data-state")).toBe("rests");
    await owner.goto("/admin/endpoints");
    await row.getByRole("button").click();
    await row.locator("button[data-variant=filled]").click();
    await row.waitFor({ state: "detached" });
    await owner.close();
  },
);

test.each(LOOKS)("whoever writes programs reads the API and tries it on its page: $name", async (look) => {
  const operator = await newShopper(browser, app, look);
  const { page } = operator;
  await operator.goto("/sign-in?next=/admin");
  await operator.signIn(operatorOf(look));
  await operator.goto("/api/docs");
  await operator.finds("API");
  await page.getByPlaceholder("refund").fill("timeline");
  await expect.poll(() => page.locator("details.operation:visible").count(), POLL).toBeLessThan(5);
  await page.getByPlaceholder("refund").fill("");
  const route = page.locator("#get-orders");
  await route.locator("summary").first().click();
  await route.getByLabel("limit").fill("1");
  await route.getByRole("button").click();
  await route.locator("output .well").waitFor();
  const shown = JSON.parse((await route.locator("output pre").textContent()) ?? "");
  expect(Object.keys(shown)).toEqual(["orders", "next"]);
  await route.getByLabel("limit").fill("none");
  await route.getByRole("button").click();
  await route.getByText("400 Bad Request").waitFor();
  await operator.close();
});

test("an operator makes a passkey and signs in with it; what was signed once signs in nobody again", async () => {
  const [look = { name: "", options: {} }] = LOOKS;
  const operator = await newShopper(browser, app, look);
  const { page } = operator;
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await operator.goto("/sign-in?next=/admin/passkeys");
  await operator.signIn(PASSKEY_OWNER);
  await page.waitForURL(`${app.url}/admin/passkeys`);
  await page.locator("[name=name]").fill("Laptop");
  await page.getByTestId("new-passkey").locator("button").click();
  await page.getByTestId("passkey-Laptop").waitFor();
  await operator.finds("operator passkeys");

  await page.context().clearCookies();
  await operator.goto("/sign-in?next=/admin/passkeys");
  await operator.finds("sign-in with a passkey");
  const [sent] = await Promise.all([
    page.waitForRequest(/sign-in\/passkey$/),
    page.getByRole("button", { name: "Sign in with a passkey" }).click(),
  ]);
  await page.waitForURL(`${app.url}/admin/passkeys`);
  expect((await page.request.get(`${app.url}/api/me`)).ok()).toBe(true);
  expect(await (await page.request.get(`${app.url}/api/me`)).json()).toMatchObject({ email: PASSKEY_OWNER });

  const stranger = await fetch(`${app.url}/api/auth/sign-in/passkey`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: sent.postData(),
  });
  expect([stranger.status, (await stranger.json()).code]).toEqual([400, "invalid_code"]);

  // A session that was taken, or left open, makes no way in that stays.
  await query(
    app.databaseUrl,
    `update shop.session set "createdAt" = now() - interval '16 minutes'
      where "userId" in (select id from shop."user" where email = '${PASSKEY_OWNER}')`,
  );
  await page.locator("[name=name]").fill("Phone");
  await page.getByTestId("new-passkey").locator("button").click();
  await page.getByText("Sign in again first").waitFor();

  const row = page.getByTestId("passkey-Laptop");
  await row.locator("button").click();
  await row.locator("button").click();
  await row.waitFor({ state: "detached" });
  await page.context().clearCookies();
  await operator.goto("/sign-in?next=/admin");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("That passkey isn’t known here").waitFor();
  await operator.goto("/sign-in");
  expect(await page.getByRole("button", { name: "Sign in with a passkey" }).count()).toBe(0);
  await operator.close();
});
