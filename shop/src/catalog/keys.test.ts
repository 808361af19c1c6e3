import { expect, test } from "vitest";
import type { ShopOncepaid } from "#/catalog/products.ts";

/** Nothing of it is run: that it compiles, with these errors, is the test. */
function asked({ has, explain, checkout, slots }: ShopOncepaid) {
  return [
    () => has("ada", "pro"),
    // @ts-expect-error: there is no such product.
    () => has("ada", "prro"),
    // @ts-expect-error: nor this one.
    () => explain("ada", "eboook"),
    // @ts-expect-error: nor can it be bought.
    () => checkout({ cartId: "cart-typed", userId: "ada", productKey: "prro" }),
    () => slots.upcoming("workshop"),
    // @ts-expect-error: nor has it dates.
    () => slots.upcoming("workshops"),
  ];
}

test("a key that isn't in the shop's catalog doesn't compile", () => {
  expect(asked).toBeTypeOf("function");
});
