import { expect, test } from "vitest";
import { newIntention } from "#/ui/intention.ts";

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

test("after an answer the same is meant anew", () => {
  const intention = newIntention();
  const first = intention.keyOf("resend");
  intention.forget();
  expect(intention.keyOf("resend")).not.toBe(first);
});
