import { expect, test } from "vitest";
import { isLost, newIntention } from "#/ui/intention.ts";

test("the same, asked for again after a lost answer, has the same key", () => {
  const intention = newIntention();
  expect(intention.keyOf('refund {"amount":500}')).toBe(intention.keyOf('refund {"amount":500}'));
});

test("a form that was changed after a lost answer asks under a key of its own", () => {
  const intention = newIntention();
  const first = intention.keyOf('refund {"amount":500}');
  const changed = intention.keyOf('refund {"amount":700}');
  expect(changed).not.toBe(first);
  expect(intention.keyOf('refund {"amount":700}')).toBe(changed);
});

test("a form that was changed and changed back asks under its first key: what was lost first happens once too", () => {
  const intention = newIntention();
  const first = intention.keyOf('refund {"amount":500}');
  intention.keyOf('refund {"amount":700}');
  expect(intention.keyOf('refund {"amount":500}')).toBe(first);
});

test("an answer to one thing leaves the key of another that was lost", () => {
  const intention = newIntention();
  const lost = intention.keyOf('refund {"amount":500}');
  const answered = intention.keyOf('refund {"amount":700}');
  intention.forget('refund {"amount":700}');
  expect(intention.keyOf('refund {"amount":500}')).toBe(lost);
  expect(intention.keyOf('refund {"amount":700}')).not.toBe(answered);
});

test("after an answer the same is meant anew", () => {
  const intention = newIntention();
  const first = intention.keyOf("resend");
  intention.forget("resend");
  expect(intention.keyOf("resend")).not.toBe(first);
});

test("an answer is lost where the shop couldn't say what came of it, and none that it refused with", () => {
  const codes = ["network", "unexpected", "internal", "refund_too_large", "too_many_requests"];
  expect(codes.filter((code) => isLost({ ok: false, code }))).toEqual(["network", "unexpected", "internal"]);
  expect(isLost({ ok: true, json: {} })).toBe(false);
});
