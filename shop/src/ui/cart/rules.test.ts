import { expect, test } from "vitest";
import { type CartLine, conflictOf } from "#/ui/cart/rules.ts";

const line = (productKey: string, kind: CartLine["kind"]): CartLine => ({ productKey, kind, quantity: 1 });
const PRO = line("pro", "plan");
const WORKSHOP = line("workshop", "booking");
const EBOOK = line("ebook", "download");

test("downloads go with everything", () => {
  expect(conflictOf([PRO, EBOOK], line("videos", "download"))).toBeUndefined();
  expect(conflictOf([EBOOK], PRO)).toBeUndefined();
  expect(conflictOf([EBOOK], WORKSHOP)).toBeUndefined();
});

test("a cart holds one plan, one booking, and never both", () => {
  expect(conflictOf([PRO], line("team", "plan"))).toBe("second_plan");
  expect(conflictOf([WORKSHOP], line("retreat", "booking"))).toBe("second_booking");
  expect(conflictOf([PRO], WORKSHOP)).toBe("plan_and_booking");
  expect(conflictOf([WORKSHOP], PRO)).toBe("plan_and_booking");
});

test("what is in the cart already is changed, never in its own way", () => {
  expect(conflictOf([PRO], PRO)).toBeUndefined();
  expect(conflictOf([WORKSHOP], { ...WORKSHOP, slotId: "another" })).toBeUndefined();
});
