import { expect, test } from "vitest";
import type { Candidate } from "#/bookings/choose.ts";
import type { Line } from "#/catalog/cart.ts";
import { type Decision, decide, type Situation } from "#/checkout/decide.ts";
import type { Attempt, OpenOrder } from "#/orders/find-open.ts";
import type { Current } from "#/prices/current.ts";
import { findProduct } from "../../../../shop/src/catalog/products.ts";

/** Every decision a checkout can come to, each from the situation that asks for it. */

const NOW = new Date("2026-11-28T12:00:00Z");
const seconds = (minutes: number) => NOW.getTime() / 1000 + minutes * 60;
const at = (minutes: number) => new Date(seconds(minutes) * 1000);

const items = (...wanted: [string, number][]) =>
  wanted.flatMap(([key, quantity]) => {
    const product = findProduct(key);
    return product ? [{ product, quantity, price: "default" }] : [];
  });
const price = (id: string): Current => ({ state: "found", id });
const prices = { ebook: price("price_ebook"), pro: price("price_pro"), workshop: price("price_workshop") };

const line = (productKey: string, quantity: number): Line => ({
  productKey,
  quantity,
  price: "default",
  stripePriceId: `price_${productKey}`,
});

/** An open page that was made a moment ago for one e-book. */
const attempt: Attempt = {
  attempt: 1,
  parameters: {},
  idempotencyKey: "checkout:order-1:1:00",
  sessionId: "cs_1",
  url: "https://checkout.example/cs_1",
  expiresAt: at(60),
  seenOpenAt: at(1),
  leased: false,
  closed: false,
};
const order: OpenOrder = {
  id: "order-1",
  status: "PENDING",
  paid: false,
  items: [line("ebook", 1)],
  slotId: null,
  spot: null,
  session: undefined,
  current: attempt,
};
const SLOT = "0b4e1c52-8f0a-4f55-9a53-b0a2a3d1c111";
const slot: Candidate = {
  id: SLOT,
  product_key: "workshop",
  left: 3,
  canceled: false,
  closed: false,
  begun: false,
  startsAt: new Date("2027-03-12T09:00:00Z"),
  endsAt: new Date("2027-03-12T12:00:00Z"),
  timeZone: "Europe/Berlin",
  place: "Silver Street 14",
};
const other: Candidate = { ...slot, id: "0b4e1c52-8f0a-4f55-9a53-b0a2a3d1c222" };

const ebook = { items: items(["ebook", 1]), slotId: undefined };
const plan = { items: items(["pro", 2]), slotId: undefined };
const workshop = (quantity = 1, slotId?: string) => ({ items: items(["workshop", quantity]), slotId });

const held = (more: Partial<OpenOrder> = {}): OpenOrder => ({
  ...order,
  items: [line("workshop", 2)],
  slotId: SLOT,
  spot: { state: "held", places: 2 },
  ...more,
});
const current = (more: Partial<Attempt>): OpenOrder => ({ ...order, current: { ...attempt, ...more } });
const unanswered = (expires_at?: number) =>
  current({ sessionId: null, url: null, expiresAt: null, parameters: expires_at ? { expires_at } : {} });

type Row = { when: string; given: Partial<Situation>; decided: object };
const refused = (code: string, error: RegExp) => ({
  do: "refuse",
  failure: { ok: false, code, error: expect.stringMatching(error) },
});
const renewed = (expire: string | null, slotId: string | null = null) => ({ do: "renew", expire, slotId });

const rows: Row[] = [
  {
    when: "one of the products has no price",
    given: {
      request: { items: items(["ebook", 1], ["pro", 1]), slotId: undefined },
      prices: { ebook: price("price_ebook"), pro: { state: "absent" } },
    },
    decided: { do: "not_for_sale", productKey: "pro", price: "default" },
  },
  {
    when: "a price isn't known and Stripe can't be asked",
    given: { prices: { ebook: { state: "unasked" } } },
    decided: refused("stripe_unavailable", /safe to try again/),
  },
  {
    when: "the cart was paid",
    given: { order: { ...order, paid: true } },
    decided: refused("already_paid", /paid already/),
  },
  {
    when: "the cart was paid and given back since",
    given: { order: { ...order, status: "REFUNDED" } },
    decided: refused("already_paid", /paid already/),
  },
  {
    when: "the cart was paid, and the date it was for is over",
    given: { order: held({ paid: true }), request: workshop(1, SLOT), slots: [{ ...slot, begun: true }] },
    decided: refused("already_paid", /paid already/),
  },
  {
    when: "the buyer has the plan",
    given: { request: plan, plans: ["pro"] },
    decided: refused("already_subscribed", /have this plan/),
  },
  {
    when: "a delayed payment is on its way",
    given: { order: { ...order, session: { completedAt: seconds(-5) } } },
    decided: refused("payment_processing", /on its way/),
  },
  {
    when: "the date that is named isn't there",
    given: { request: workshop(1, SLOT) },
    decided: refused("invalid_request", /no such date/),
  },
  {
    when: "the date that is named is another product's",
    given: { request: workshop(1, SLOT), slots: [{ ...slot, product_key: "seminar" }] },
    decided: refused("invalid_request", /another product/),
  },
  {
    when: "the date that is named was canceled",
    given: { request: workshop(1, SLOT), slots: [{ ...slot, canceled: true }] },
    decided: refused("invalid_request", /canceled/),
  },
  {
    when: "the date that is named has begun",
    given: { request: workshop(1, SLOT), slots: [{ ...slot, begun: true }] },
    decided: refused("invalid_request", /already begun/),
  },
  {
    when: "several dates have room and none is named",
    given: { request: workshop(), slots: [slot, other] },
    decided: refused("invalid_request", /Choose one/),
  },
  {
    when: "no date has room",
    given: { request: workshop(4), slots: [slot] },
    decided: refused("sold_out", /No date has that many/),
  },
  {
    when: "the date that is named has too little room for a new cart",
    given: { request: workshop(4, SLOT), slots: [slot] },
    decided: refused("sold_out", /Only 3 places/),
  },
  {
    when: "a cart that asks for more finds too little room",
    given: { order: held(), request: workshop(6), slots: [slot] },
    decided: refused("sold_out", /Only 5 places/),
  },
  { when: "the cart is new", given: {}, decided: { do: "create", slotId: null } },
  {
    when: "the cart is new and one date has room",
    given: { request: workshop(), slots: [{ ...other, left: 0 }, slot] },
    decided: { do: "create", slotId: SLOT },
  },
  {
    when: "its page was made or last seen before the request began",
    given: { order: current({ seenOpenAt: at(-1) }) },
    decided: { do: "look", sessionId: "cs_1", url: attempt.url },
  },
  {
    when: "its page was made before anybody looked at pages",
    given: { order: current({ seenOpenAt: null }) },
    decided: { do: "look", sessionId: "cs_1" },
  },
  {
    when: "its page says something else than the shop says now",
    given: {
      order: current({ parameters: { locale: "en", expires_at: seconds(60) } }),
      parametersOf: () => ({ locale: "hi-IN", expires_at: seconds(99) }),
    },
    decided: renewed("cs_1"),
  },
  {
    when: "its page says what the shop says now, and would only last longer",
    given: {
      order: current({ parameters: { locale: "en", expires_at: seconds(60) } }),
      parametersOf: () => ({ expires_at: seconds(99), locale: "en" }),
    },
    decided: { do: "answer_url" },
  },
  { when: "its page is open", given: { order }, decided: { do: "answer_url", url: attempt.url } },
  {
    when: "its page is open and the date is sold out but for what it holds itself",
    given: { order: held(), request: workshop(2), slots: [{ ...slot, left: 0 }] },
    decided: { do: "answer_url", url: attempt.url },
  },
  {
    when: "its page is open and there is less room by now than it holds",
    given: { order: held(), request: workshop(2), slots: [{ ...slot, left: -1 }] },
    decided: { do: "answer_url", url: attempt.url },
  },
  {
    when: "somebody else talks to Stripe about it",
    given: { order: current({ leased: true, sessionId: null }) },
    decided: { do: "wait" },
  },
  { when: "its call got no answer", given: { order: unanswered() }, decided: { do: "repeat" } },
  {
    when: "its call got no answer and would still be taken",
    given: { order: unanswered(seconds(31)) },
    decided: { do: "repeat" },
  },
  {
    when: "its call got no answer and asks for too little time by now",
    given: { order: unanswered(seconds(29)) },
    decided: renewed(null),
  },
  {
    when: "its call got no answer and the cart is another by now",
    given: { order: unanswered(), request: { items: items(["ebook", 2]), slotId: undefined } },
    decided: renewed(null),
  },
  {
    when: "it holds more than before",
    given: { order, request: { items: items(["ebook", 1], ["pro", 1]), slotId: undefined } },
    decided: renewed("cs_1"),
  },
  {
    when: "its product costs something else by now, or another of its prices was chosen",
    given: { order, prices: { ebook: price("price_ebook_2") } },
    decided: renewed("cs_1"),
  },
  {
    when: "it is older than the prices in orders",
    given: { order: { ...order, items: [{ ...line("ebook", 1), price: null, stripePriceId: null }] } },
    decided: { do: "answer_url", url: attempt.url },
  },
  {
    when: "it is for another date than before",
    given: { order: held(), request: workshop(2, other.id), slots: [other] },
    decided: renewed("cs_1", other.id),
  },
  {
    when: "its page has run out by our clock",
    given: { order: current({ expiresAt: at(-1) }) },
    decided: renewed("cs_1"),
  },
  {
    when: "its session came from a restored order, without a page",
    given: { order: current({ url: null }) },
    decided: renewed("cs_1"),
  },
  {
    when: "Stripe told that its page has run out",
    given: { order: { ...order, session: { expiredAt: seconds(-1) } } },
    decided: renewed(null),
  },
  {
    when: "its payment failed",
    given: { order: { ...order, session: { completedAt: seconds(-9), failedAt: seconds(-1) } } },
    decided: renewed(null),
  },
  {
    when: "its attempt was given up",
    given: { order: current({ closed: true, leased: true }) },
    decided: renewed(null),
  },
];

test.each(rows)("when $when, it is $decided.do", ({ given, decided }) => {
  const situation: Situation = {
    request: ebook,
    prices,
    order: undefined,
    plans: [],
    slots: [],
    parametersOf: () => ({}),
    began: NOW,
    now: NOW,
    ...given,
  };
  expect(decide(situation)).toMatchObject(decided);
});

test("every decision there is stands in the table", () => {
  const all: Record<Decision["do"], true> = {
    refuse: true,
    not_for_sale: true,
    create: true,
    answer_url: true,
    look: true,
    wait: true,
    repeat: true,
    renew: true,
  };
  expect(new Set(rows.map(({ decided }) => Object(decided).do))).toEqual(new Set(Object.keys(all)));
});

test("the lines of a cart may stand in any order", () => {
  const two = { ...order, items: [...order.items, line("pro", 2)] };
  const request = { items: items(["pro", 2], ["ebook", 1]), slotId: undefined };
  const parametersOf = () => ({});
  const decision = decide({
    request,
    prices,
    order: two,
    plans: [],
    slots: [],
    parametersOf,
    began: NOW,
    now: NOW,
  });
  expect(decision.do).toBe("answer_url");
});
