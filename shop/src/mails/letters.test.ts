import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Happening } from "oncepaid";
import { expect, test } from "vitest";
import { LOCALES } from "#/locale.ts";
import { LETTERS } from "#/mails/letters.ts";
import { TEXTS } from "#/texts/texts.ts";

const FOLDER = join(import.meta.dirname, "letters");

test("every file of letters/ is a line of the table, and nothing in it is made twice", async () => {
  const listed: unknown[] = Object.values(LETTERS);
  const written: unknown[] = [];
  for (const file of readdirSync(FOLDER)) {
    const letters: object = await import(join(FOLDER, file));
    written.push(...Object.values(letters));
  }
  expect(listed.length).toBe(written.length);
  for (const letter of written) expect(listed.includes(letter)).toBe(true);
});

test.each(LOCALES)(
  "every mail has its texts in %s, and no text waits for a mail that isn't there",
  (locale) => {
    const { footer, rows, ...mails } = TEXTS[locale].mails;
    expect(Object.keys(mails).sort()).toEqual(Object.keys(LETTERS).sort());
  },
);

const orderId = "order-1";
/** One of each type; whoever adds a type doesn't compile until it stands here, with the mails it causes. */
const MAILS_AFTER: { [Type in Happening["type"]]: [Happening & { type: Type }, string[]] } = {
  "order.fulfilled": [{ type: "order.fulfilled", orderId }, ["receipt:order-1"]],
  "order.refunded": [{ type: "order.refunded", orderId, refundId: "re_1", chargeId: null }, ["refund:re_1"]],
  "order.canceled": [{ type: "order.canceled", orderId, subscriptionId: "sub_1" }, []],
  "payment.processing": [{ type: "payment.processing", orderId }, ["payment_processing:order-1"]],
  "payment.failed": [{ type: "payment.failed", orderId, stripeId: "in_1" }, ["payment_failed:in_1"]],
  "refund.failed": [
    { type: "refund.failed", orderId, refundId: "re_1" },
    ["booking:re_1", "refund_failed:re_1", "refund_failed_notice:re_1"],
  ],
  "payment.early_fraud_warning": [
    { type: "payment.early_fraud_warning", orderId, warningId: "issfr_1" },
    ["fraud_warning:issfr_1"],
  ],
  "payment.action_required": [
    { type: "payment.action_required", orderId, invoiceId: "in_1" },
    ["payment_to_confirm:in_1"],
  ],
  "dispute.opened": [{ type: "dispute.opened", orderId, disputeId: "dp_1" }, ["dispute_opened:dp_1"]],
  "dispute.lost": [{ type: "dispute.lost", orderId, disputeId: "dp_1" }, []],
  "dispute.won": [{ type: "dispute.won", orderId, disputeId: "dp_1" }, []],
  "booking.refused": [{ type: "booking.refused", orderId }, ["booking_refused:order-1"]],
  "booking.changed": [{ type: "booking.changed", orderId, at: 7 }, ["booking_changed:order-1:7"]],
  "booking.message": [
    { type: "booking.message", orderId, messageId: "message-1" },
    ["booking_message:order-1:message-1"],
  ],
  "booking.canceled": [{ type: "booking.canceled", orderId }, ["booking_canceled:order-1"]],
  "booking.kept": [
    { type: "booking.kept", orderId, actionId: "action-1" },
    ["booking_kept:action-1", "booking_kept_notice:action-1"],
  ],
  "billing.stopped": [
    { type: "billing.stopped", orderId, subscriptionId: "sub_1", cause: "dp_1", action: "canceled" },
    ["billing_stopped:sub_1:dp_1"],
  ],
  "billing.resumed": [
    { type: "billing.resumed", orderId, subscriptionId: "sub_1", at: 7 },
    ["billing_resumed:sub_1:7"],
  ],
  "price.unavailable": [
    { type: "price.unavailable", productKey: "ebook", price: "default", at: 7 },
    ["not_for_sale:ebook:default:7"],
  ],
  "endpoint.rested": [
    { type: "endpoint.rested", endpointId: "endpoint-1", at: 7 },
    ["endpoint_rested:endpoint-1:7"],
  ],
  "receipt.wanted": [{ type: "receipt.wanted", orderId, actionId: "action-1" }, ["receipt:order-1:action-1"]],
  "trial.refused": [{ type: "trial.refused", orderId }, ["trial_refused:order-1"]],
  "seat.invited": [{ type: "seat.invited", seatId: "seat-1", times: 2 }, ["seat_invitation:seat-1:2"]],
  "entitlement.changed": [{ type: "entitlement.changed", entitlementId: "entitlement-1", version: 3 }, []],
};

const keysAfter = (happening: Happening) =>
  Object.entries(LETTERS).flatMap(([mail, { after }]) => {
    const following = after(happening);
    return following ? [`${mail}:${following.key}`] : [];
  });

test.each(Object.entries(MAILS_AFTER))("%s causes these mails, under these keys", (_, [happening, keys]) => {
  expect(keysAfter(happening)).toEqual(keys);
});

test("a date that was moved to another time is told by a mail of its own", () => {
  const moved = { type: "booking.changed", orderId, at: 7, moved: true } as const;
  expect(keysAfter(moved)).toEqual(["booking_moved:order-1:7"]);
});

test("what a buyer changed is told in mails of its own, and not as if the shop had done it", () => {
  const moved = { type: "booking.changed", orderId, at: 7, moved: true, byBuyer: true } as const;
  expect(keysAfter(moved)).toEqual(["booking_rebooked:order-1:7"]);
  const canceled = { type: "booking.canceled", orderId, byBuyer: "action-1", refund: 500 } as const;
  expect(keysAfter(canceled)).toEqual(["booking_given_up:order-1:action-1"]);
});

test("a charge that was given back whole, without a refund that could be named, causes no mail", () => {
  expect(keysAfter({ type: "order.refunded", orderId, refundId: null, chargeId: "ch_1" })).toEqual([]);
});

test("a subscription that is left as it is is told to whoever runs the shop, not to its buyer", () => {
  const left = {
    type: "billing.stopped",
    orderId,
    subscriptionId: "sub_1",
    cause: "dp_1",
    action: "left",
  } as const;
  expect(keysAfter(left)).toEqual(["billing_left:sub_1:dp_1"]);
});

test("a second subscription that is only paused is told to whoever runs the shop too: what was paid for it waits to be given back", () => {
  const paused = { type: "billing.stopped", orderId, subscriptionId: "sub_1", action: "paused" } as const;
  expect(keysAfter({ ...paused, cause: "duplicate" })).toEqual([
    "billing_stopped:sub_1:duplicate",
    "billing_left:sub_1:duplicate",
  ]);
  expect(keysAfter({ ...paused, cause: "dp_1" })).toEqual(["billing_stopped:sub_1:dp_1"]);
});

test("what a mail's job is given after something happened is what it asks for", () => {
  for (const [happening] of Object.values(MAILS_AFTER)) {
    for (const { after, about } of Object.values(LETTERS)) {
      const following = after(happening);
      if (following) expect(about.parse(following.about)).toEqual(following.about);
    }
  }
});
