import { expect, test } from "vitest";
import { factsOf, ROUTES } from "./routes.ts";
import { factsOfSession } from "./session.ts";

const ORDER = "01890000-0000-7000-8000-0000000000aa";
const AT = 1_700_000_000;
const charge = {
  id: "ch_1",
  amount: 1900,
  amount_refunded: 400,
  payment_intent: "pi_1",
  metadata: { order_id: ORDER },
};
const session = {
  id: "cs_1",
  payment_status: "paid",
  status: "complete",
  metadata: { order_id: ORDER },
};
const refunded = (more: object) => factsOf("charge.refunded", { ...charge, ...more }, AT);
const completed = (more: object) => factsOf("checkout.session.completed", { ...session, ...more }, AT);

test("a field that isn't there or is null is no fact, not an unknown one", () => {
  const reading = completed({ amount_total: null, customer: null });
  expect(Object.keys(Object(reading).facts.sessions.cs_1).sort()).toEqual(["completedAt", "paidAt"]);
});

test("an empty text is no e-mail address", () => {
  const emailOf = (more: object) => Object(completed(more)).facts.sessions.cs_1.email;
  expect(emailOf({ customer_details: { email: "" } })).toBeUndefined();
  expect(emailOf({ customer_details: { email: "" }, customer_email: "a@example.com" })).toBe("a@example.com");
});

test("an object that was expanded is read by its id", () => {
  expect(refunded({ payment_intent: { id: "pi_1", object: "payment_intent" } })).toEqual(refunded({}));
});

test.each([
  ["an amount with a fraction", { amount: 19.5 }],
  ["a negative amount", { amount_refunded: -1 }],
  ["no id", { id: undefined }],
  ["an id without an end", { id: "x".repeat(256) }],
  ["metadata that is no text", { metadata: { order_id: 7 } }],
])("of a shape that isn't promised nothing is read: %s", (_, more) => {
  expect(refunded(more)).toMatchObject({
    kind: "quarantined",
    reason: expect.stringContaining("Unexpected shape"),
  });
});

test.each(["\0", "\ud800"])("a text that PostgreSQL can't hold is left for a person: %j", (text) => {
  expect(completed({ customer_email: `${text}@example.com` })).toMatchObject({ kind: "quarantined" });
});

test("another program's order id on the same account is not ours, and an id of ours counts in any case", () => {
  const theirs = { metadata: { order_id: "A-1001" } };
  expect(completed(theirs)).toMatchObject({ kind: "ignored" });
  expect(refunded(theirs)).toMatchObject({ kind: "facts", orderId: null, waits: true });
  expect(refunded({ metadata: { order_id: ORDER.toUpperCase() } })).toMatchObject({ orderId: ORDER });
  expect(completed({ metadata: {}, client_reference_id: ORDER })).toMatchObject({ orderId: ORDER });
});

test.each([
  ["paid", "complete", ["completedAt", "paidAt"]],
  ["no_payment_required", "complete", ["completedAt", "paidAt"]],
  ["unpaid", "complete", ["completedAt"]],
  ["unpaid", "open", []],
  ["unpaid", "expired", ["expiredAt"]],
])(
  "a session that was read says by itself what has become of it: %s and %s",
  (payment_status, status, times) => {
    const reading = factsOfSession({ ...session, payment_status, status }, AT);
    expect(reading).toMatchObject({ kind: "facts", facts: { sessions: { cs_1: {} } } });
    expect(Object.keys(Object(reading).facts.sessions.cs_1)).toEqual(times);
  },
);

test("a session that failed and was read again after it was paid is paid", () => {
  const type = "checkout.session.async_payment_failed";
  expect(factsOf(type, { ...session, payment_status: "unpaid" }, AT)).toMatchObject({
    facts: { sessions: { cs_1: { failedAt: AT } } },
  });
  expect(factsOf(type, session, AT)).toMatchObject({ facts: { sessions: { cs_1: { paidAt: AT } } } });
});

test.each(["warning_needs_response", "warning_under_review", "warning_closed", "prevented"])(
  "a dispute that takes no money back opens nothing: %s",
  (status) => {
    const dispute = { id: "du_1", amount: 1900, created: AT, payment_intent: "pi_1", metadata: {}, status };
    const reading = factsOf("charge.dispute.created", dispute, AT);
    expect(Object(reading).facts.disputes.du_1).toEqual({ amount: 1900, paymentIntent: "pi_1" });
  },
);

test("a dispute that doesn't say when it was made is as old as its event, and takes access like any other", () => {
  const dispute = {
    id: "du_1",
    amount: 1900,
    payment_intent: "pi_1",
    metadata: {},
    status: "needs_response",
  };
  const reading = factsOf("charge.dispute.created", dispute, AT);
  expect(Object(reading).facts.disputes.du_1).toMatchObject({ openedAt: AT });
});

test.each(Object.entries(ROUTES))("%s: what isn't an object is quarantined, never thrown", (_, route) => {
  for (const object of [null, undefined, "text", 7, [], {}]) {
    expect(["quarantined", "ignored"]).toContain(route(object, AT).kind);
  }
});
