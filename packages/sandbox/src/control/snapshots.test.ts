import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../server.ts";
import { refusal, sdkFor, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

test("everything is put back as it was: objects, the clock, and what was paid", async () => {
  const session = await shop.session();
  await shop.types();
  await shop.control("snapshot", { name: "before" });
  const { now } = await (await fetch(`${shop.sandbox.url}/sandbox/clock`)).json();
  for (const _ of [1, 2]) {
    await shop.confirm(session.id);
    await shop.stripe.customers.create({ email: "gone@example.com" });
    await shop.advance(40 * 86_400);
    expect((await shop.stripe.checkout.sessions.retrieve(session.id)).status).toBe("complete");
    await shop.control("restore", { name: "before" });
    expect((await shop.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
    expect((await shop.stripe.customers.list({ email: "gone@example.com" })).data).toEqual([]);
    const clock = await (await fetch(`${shop.sandbox.url}/sandbox/clock`)).json();
    expect(clock.now - now).toBeLessThan(60);
  }
});

test("a snapshot that was never taken can't be restored", async () => {
  expect(await shop.control("restore", { name: "nothing" })).toEqual({
    error: "There is no snapshot 'nothing'.",
  });
});

test("with a seed the ids are the same every run", async () => {
  const ids: string[] = [];
  for (const _ of [1, 2]) {
    const sandbox = await startSandbox({ port: 0, seed: 7 });
    const customer = await sdkFor(sandbox.port).customers.create();
    ids.push(customer.id);
    await sandbox.close();
  }
  expect(ids[0]).toMatch(/^cus_/);
  expect(ids[1]).toBe(ids[0]);
});

test("what is meant for a connected account is not done to this one", async () => {
  const error = await refusal(shop.stripe.customers.create({}, { stripeAccount: "acct_somebody" }));
  expect(error).toMatchObject({ code: "account_invalid", statusCode: 403 });
  const { id } = await shop.stripe.accounts.retrieveCurrent();
  expect(await shop.stripe.customers.create({}, { stripeAccount: id })).toHaveProperty("id");
});
