import { expect, test } from "vitest";
import { orderNumber } from "#/texts/order-number.ts";
import { namesOneOrder, orderQuery, readOrderQuery } from "#/ui/admin/order-query.ts";

test("an address of the list says what is asked for, and leads back to the same", () => {
  const asked = {
    search: "ada@example.com",
    status: "FULFILLED" as const,
    productKey: "ebook",
    after: "019a",
  };
  const query = orderQuery(asked);
  expect(readOrderQuery(Object.fromEntries(new URLSearchParams(query)))).toEqual(asked);
  expect(orderQuery(readOrderQuery({}))).toBe("");
});

test("what an address says that isn't known, or says twice, is left out", () => {
  const params = { q: ["a", "b"], status: "SOLD", product: "nothing", after: " " };
  expect(orderQuery(readOrderQuery(params))).toBe("");
});

test("an order's number and ids of Stripe's name one order; addresses and names don't", () => {
  const id = "019ac2f1-77b3-7d21-8123-0123456789ab";
  expect(orderNumber(id)).toBe("019A-C2F1-77B3");
  for (const typed of [orderNumber(id), `#${orderNumber(id)}`, id, "pi_3NxY", "cs_test_a1B2c3"]) {
    expect(namesOneOrder(typed), typed).toBe(true);
  }
  for (const typed of ["ada@example.com", "Ada Lovelace", "ada_l@example.com", "आशा"]) {
    expect(namesOneOrder(typed), typed).toBe(false);
  }
});
