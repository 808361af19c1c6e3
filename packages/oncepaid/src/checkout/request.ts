import { z } from "zod";
import type { Catalog } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import { userId } from "#/checkout/user-id.ts";
import type { Issue } from "#/failure.ts";

/** What a buyer asks for, checked: every product exists and every quantity is one it is sold in. */
export type CheckoutRequest = {
  cartId: string;
  items: CheckoutItem[];
  /** The date of a booking; whether there is such a date is asked when the checkout starts. */
  slotId: string | undefined;
  email: string | undefined;
  /** Only a server may name the buyer. */
  userId: string | undefined;
};
export type CheckoutItem = { product: Product; quantity: number };

const productKey = z.string("Name a product by its key.").min(1).max(100);
const quantity = z
  .int("A quantity is a whole number.")
  .min(1, "A quantity is at least 1.")
  .max(1_000_000, "That quantity is too large.");

/** A field that isn't known is refused, so that nobody believes an amount they sent was heard. */
const shape = (what: string) => ({
  error: (issue: { code?: string; keys?: unknown }) =>
    issue.code === "unrecognized_keys" ? `There is no field ${String(issue.keys)} here.` : what,
});

const bodyOf = (catalog: Catalog) =>
  z
    .strictObject(
      {
        cartId: z
          .string("Send the cartId as a text.")
          .min(8, "A cartId has at least 8 characters.")
          .max(200, "A cartId has at most 200 characters.")
          .regex(/^[\x20-\x7e]+$/, "A cartId has only printable ASCII characters."),
        productKey: productKey.optional(),
        quantity: quantity.optional(),
        items: z
          .array(
            z.strictObject({ productKey, quantity: quantity.default(1) }, shape("An item is an object.")),
            "Send the items as a list.",
          )
          .min(1, "Send at least one item.")
          .max(20, "Send at most 20 items.")
          .optional(),
        email: z
          .email("That isn't an e-mail address.")
          .max(254, "An e-mail address has at most 254 characters.")
          .optional(),
        slotId: z.string().max(200).optional(),
        userId: userId.optional(),
      },
      shape("Send a JSON object."),
    )
    .superRefine(({ productKey, items, quantity, slotId }, context) => {
      if ((productKey === undefined) === (items === undefined)) {
        context.addIssue({
          code: "custom",
          path: ["productKey"],
          message: "Send either productKey or items.",
        });
      }
      if (items !== undefined && quantity !== undefined) {
        context.addIssue({
          code: "custom",
          path: ["quantity"],
          message: "With items, each carries its own quantity.",
        });
      }
      const wanted = items ?? (productKey === undefined ? [] : [{ productKey, quantity: quantity ?? 1 }]);
      const kinds = wanted.map((item) => catalog.find(item.productKey)?.kind);
      if (slotId !== undefined && !kinds.includes("booking")) {
        context.addIssue({ code: "custom", path: ["slotId"], message: "Nothing in this cart has dates." });
      }
      if (kinds.filter((kind) => kind === "plan" || kind === "booking").length > 1) {
        context.addIssue({
          code: "custom",
          path: ["items"],
          message: "A cart holds one plan or one product with dates, not several of them.",
        });
      }
      for (const [index, item] of wanted.entries()) {
        const at = items ? ["items", index] : [];
        const product = catalog.find(item.productKey);
        if (!product) {
          context.addIssue({
            code: "custom",
            path: [...at, "productKey"],
            message: "There is no such product.",
          });
        } else if (item.quantity > product.maxQuantity) {
          const message = `At most ${product.maxQuantity} of ${product.key} can be bought at once.`;
          context.addIssue({ code: "custom", path: [...at, "quantity"], message });
        }
        if (wanted.findIndex(({ productKey }) => productKey === item.productKey) !== index) {
          context.addIssue({
            code: "custom",
            path: [...at, "productKey"],
            message: "A product is listed once.",
          });
        }
      }
    });

export function parseCheckoutRequest(
  catalog: Catalog,
  input: unknown,
): { ok: true; request: CheckoutRequest } | { ok: false; issues: Issue[] } {
  const parsed = bodyOf(catalog).safeParse(input);
  if (!parsed.success) {
    return {
      ok: false,
      issues: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    };
  }
  const { cartId, productKey, quantity, items, slotId, email, userId } = parsed.data;
  const wanted = items ?? [{ productKey: productKey ?? "", quantity: quantity ?? 1 }];
  const found = wanted.flatMap((item) => {
    const product = catalog.find(item.productKey);
    return product ? [{ product, quantity: item.quantity }] : [];
  });
  return { ok: true, request: { cartId, items: found, slotId, email, userId } };
}
