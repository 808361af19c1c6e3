import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { isJson } from "../wire.ts";
import { routes } from "./routes.ts";

/** The fields that the SDK declares as an id or its object, by the name in an object's `object` field. */
const EXPANDABLE = expandableFields();

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
  await shop.confirm((await shop.session({ customer_creation: "always" })).id);
  await shop.confirm((await shop.plan()).id);
  const { payment_intent } = (await shop.stripe.checkout.sessions.list({ limit: 2 })).data[1] ?? {};
  await shop.stripe.refunds.create({ payment_intent: String(payment_intent), amount: 100 });
});
afterAll(() => shop.close());

test("whatever the SDK declares as expandable can be expanded, in every list that has something in it", async () => {
  const tried = new Set<string>();
  for (const { method, path } of routes) {
    if (method !== "GET" || path.includes(":") || path.endsWith("/search")) continue;
    const list: unknown = await shop.stripe.rawRequest("GET", path).catch(() => undefined);
    const [first]: unknown[] = isJson(list) && Array.isArray(list.data) ? list.data : [];
    if (!isJson(first)) continue;
    const kind = String(first.object);
    for (const field of EXPANDABLE.get(kind) ?? []) {
      const expanded = await shop.stripe.rawRequest("GET", `${path}?expand[]=data.${field}`);
      expect(expanded, `${kind}.${field}`).toHaveProperty("data");
      tried.add(`${kind}.${field}`);
    }
  }
  expect([...tried]).toEqual(
    expect.arrayContaining([
      "charge.payment_intent",
      "invoice.customer",
      "refund.charge",
      "subscription.schedule",
    ]),
  );
});

test("four levels may be expanded and five may not, and the data of a list is one of them", async () => {
  const four = await shop.stripe.subscriptions.list({
    expand: ["data.latest_invoice.customer.default_source"],
  });
  expect(four.data[0]?.latest_invoice).toMatchObject({
    customer: { object: "customer", default_source: null },
  });
  const five = ["data.latest_invoice.payments.data.payment"];
  expect((await refusal(shop.stripe.subscriptions.list({ expand: five }))).message).toContain("4 levels");
});

test("a list of ids becomes a list of objects, and what is empty stays empty", async () => {
  const { data } = await shop.stripe.subscriptions.list({ expand: ["data.discounts", "data.schedule"] });
  expect(data[0]).toMatchObject({ discounts: [], schedule: null });
});

function expandableFields(): Map<string, string[]> {
  const entry = createRequire(import.meta.url).resolve("stripe");
  const root = join(dirname(dirname(entry)), "esm/resources");
  const fields = new Map<string, string[]>();
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts") || file.startsWith("V2")) continue;
    const declared = readFileSync(join(root, file), "utf8");
    for (const [, body = ""] of declared.matchAll(/^export interface \w+ \{\n([\s\S]*?)^\}/gm)) {
      const name = /^ {4}object: '([\w.]+)';/m.exec(body)?.[1];
      if (!name || /^ {4}deleted: true;/m.test(body)) continue;
      const found = [...body.matchAll(/^ {4}(\w+)\??: (?:Array<)?string \| [A-Z]/gm)];
      fields.set(
        name,
        found.map(([, field = ""]) => field),
      );
    }
  }
  return fields;
}
