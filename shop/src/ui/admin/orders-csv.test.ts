import type { DeskOrder } from "oncepaid";
import { expect, test } from "vitest";
import { ordersCsv } from "#/ui/admin/orders-csv.ts";

const ORDER: DeskOrder = {
  id: "019ac2f1-77b3-7d21-8123-0123456789ab",
  userId: "u",
  email: "ada@example.com",
  name: "Ada",
  status: "FULFILLED",
  locale: "en",
  livemode: false,
  items: [{ productKey: "ebook", quantity: 2, unitAmount: 1900 }],
  currency: "usd",
  amountTotal: 3800,
  amountDiscount: 200,
  amountTax: null,
  amountRefunded: 500,
  amountLost: 0,
  createdAt: "2027-01-16T00:00:00.000Z",
  paidAt: null,
  warnedAt: null,
  stripe: { session: null, paymentIntent: "pi_1", subscription: null, customer: null },
  subscription: null,
};

async function linesOf(pages: DeskOrder[][]): Promise<string[]> {
  let text = "";
  const asked: (string | undefined)[] = [];
  for await (const part of ordersCsv(async (after) => {
    asked.push(after);
    const place = after === undefined ? 0 : Number(after);
    return { orders: pages[place] ?? [], next: place + 1 < pages.length ? String(place + 1) : null };
  }))
    text += part;
  expect(asked).toHaveLength(pages.length);
  return text.split("\r\n").slice(1, -1);
}

test("an order is a line, with amounts in whole units of its currency", async () => {
  expect(
    await linesOf([[ORDER, { ...ORDER, currency: "jpy", amountTotal: 1500, amountRefunded: 0 }]]),
  ).toEqual([
    "019A-C2F1-77B3,019ac2f1-77b3-7d21-8123-0123456789ab,2027-01-16T00:00:00.000Z,,FULFILLED,ada@example.com,Ada,ebook x 2,usd,38.00,5.00,0.00,pi_1,,,2.00,",
    "019A-C2F1-77B3,019ac2f1-77b3-7d21-8123-0123456789ab,2027-01-16T00:00:00.000Z,,FULFILLED,ada@example.com,Ada,ebook x 2,jpy,1500,0,0,pi_1,,,200,",
  ]);
});

test("every page is asked for once", async () => {
  expect(await linesOf([[ORDER], [ORDER, ORDER], []])).toHaveLength(3);
});

test.each([
  ['Ada "the first", Lovelace', '"Ada ""the first"", Lovelace"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["-1+1", "'-1+1"],
])("a name like %s breaks no line and is no formula", async (name, cell) => {
  const [line] = await linesOf([[{ ...ORDER, name }]]);
  expect(line).toContain(`ada@example.com,${cell},ebook`);
});
