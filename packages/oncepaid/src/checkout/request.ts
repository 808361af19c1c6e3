import { z } from "zod";
import { type Catalog, firstPrice } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import { buyerId } from "#/checkout/user-id.ts";
import { EMAIL_ADDRESS, LONGEST_EMAIL_ADDRESS } from "#/email-address.ts";
import type { Issue } from "#/failure.ts";
import { isDated, renews } from "#/rules/kinds.ts";

/** What a buyer asks for, checked: every product and price exists and every quantity is one it is sold in. */
export type CheckoutRequest = {
  cartId: string;
  items: CheckoutItem[];
  /** They were sent as a list, as a cart is; else one product is bought at once. */
  fromCart: boolean;
  /** The date of a booking; whether there is such a date is asked when the checkout starts. */
  slotId: string | undefined;
  email: string | undefined;
  /** Only a server may name the buyer. */
  userId: string | undefined;
  /** Pages of the caller's own to come back to, as a server named them; which it may is checked in return-urls.ts. */
  successUrl: string | undefined;
  cancelUrl: string | undefined;
  /** Where a server has its buyers pay: on Stripe's page, or on one of its own that Stripe's stands in. */
  ui: "hosted_page" | "embedded_page" | undefined;
  /** What a server takes off: a coupon or a promotion code, by Stripe's id. */
  discount: string | undefined;
};
/** `price` is the name of one of the product's prices. */
export type CheckoutItem = { product: Product; quantity: number; price: string };

const productKey = z.string("Name a product by its key.").min(1).max(100);
const quantity = z
  .int("A quantity is a whole number.")
  .min(1, "A quantity is at least 1.")
  .max(1_000_000, "That quantity is too large.");
const price = z.string("Name a price by its name in the catalog.").min(1).max(100);

/** A field that isn't known is refused, so that nobody believes an amount they sent was heard. */
const shape = (what: string) => ({
  error: (issue: { code?: string; keys?: unknown }) =>
    issue.code === "unrecognized_keys" ? `There is no field ${String(issue.keys)} here.` : what,
});

const item = z.strictObject(
  { productKey, quantity: quantity.default(1), price: price.optional() },
  shape("An item is an object."),
);

/** Stripe takes no longer one. */
const returnUrl = z.string("Send a URL as a text.").max(2_000, "A URL has at most 2,000 characters.");

/** The body of a checkout, as far as it can be checked without the catalog. */
export const checkoutBody = z.strictObject(
  {
    cartId: z
      .string("Send the cartId as a text.")
      .min(8, "A cartId has at least 8 characters.")
      .max(200, "A cartId has at most 200 characters.")
      .regex(/^[\x20-\x7e]+$/, "A cartId has only printable ASCII characters."),
    productKey: productKey.optional(),
    quantity: quantity.optional(),
    price: price.optional(),
    items: z
      .array(item, "Send the items as a list.")
      .min(1, "Send at least one item.")
      .max(20, "Send at most 20 items.")
      .optional(),
    email: z
      .email({ pattern: EMAIL_ADDRESS, error: "That isn't an e-mail address." })
      .max(LONGEST_EMAIL_ADDRESS, `An e-mail address has at most ${LONGEST_EMAIL_ADDRESS} characters.`)
      .optional(),
    slotId: z.string().max(200).optional(),
    userId: buyerId.optional(),
    successUrl: returnUrl.optional(),
    cancelUrl: returnUrl.optional(),
    ui: z.enum(["hosted_page", "embedded_page"]).optional(),
    discount: z.string("Name a coupon or a promotion code by its id.").min(1).max(255).optional(),
  },
  shape("Send a JSON object."),
);

type Body = z.output<typeof checkoutBody>;
type Wanted = z.output<typeof item>;
type Problem = { path: (string | number)[]; message: string };

export function parseCheckoutRequest(
  catalog: Catalog,
  input: unknown,
): { ok: true; request: CheckoutRequest } | { ok: false; issues: Issue[] } {
  const parsed = checkoutBody.safeParse(input);
  const problems = parsed.success ? problemsOf(catalog, parsed.data) : parsed.error.issues;
  if (!parsed.success || problems.length > 0) {
    return { ok: false, issues: problems.map(({ path, message }) => ({ path: path.join("."), message })) };
  }
  const { cartId, slotId, email, userId, successUrl, cancelUrl, ui, discount } = parsed.data;
  const items = wantedIn(parsed.data).flatMap(({ productKey, quantity, price }) => {
    const product = catalog.find(productKey);
    return product ? [{ product, quantity, price: price ?? firstPrice(product) }] : [];
  });
  const fromCart = parsed.data.items !== undefined;
  const asked = { cartId, items, fromCart, slotId, email, userId, successUrl, cancelUrl, ui, discount };
  return { ok: true, request: asked };
}

/** One product stands for a list with that one item. */
function wantedIn({ items, productKey, quantity = 1, price }: Body): Wanted[] {
  return items ?? (productKey === undefined ? [] : [{ productKey, quantity, price }]);
}

function problemsOf(catalog: Catalog, body: Body): Problem[] {
  const wanted = wantedIn(body);
  const at = (index: number) => (body.items ? ["items", index] : []);
  return [
    ...shapeProblems(body),
    ...cartProblems(catalog, wanted, body.slotId),
    ...wanted.flatMap((one, index) => itemProblems(catalog, one, at(index))),
    ...wanted.flatMap(({ productKey }, index) =>
      wanted.findIndex((other) => other.productKey === productKey) === index
        ? []
        : [{ path: [...at(index), "productKey"], message: "A product is listed once." }],
    ),
  ];
}

function shapeProblems({ items, productKey, quantity, price }: Body): Problem[] {
  const problems: Problem[] = [];
  if ((productKey === undefined) === (items === undefined)) {
    problems.push({ path: ["productKey"], message: "Send either productKey or items." });
  }
  if (items !== undefined && quantity !== undefined) {
    problems.push({ path: ["quantity"], message: "With items, each carries its own quantity." });
  }
  if (items !== undefined && price !== undefined) {
    problems.push({ path: ["price"], message: "With items, each names its own price." });
  }
  return problems;
}

function cartProblems(catalog: Catalog, wanted: readonly Wanted[], slotId: string | undefined): Problem[] {
  const problems: Problem[] = [];
  const products = wanted.flatMap(({ productKey }) => catalog.find(productKey) ?? []);
  if (slotId !== undefined && !products.some(isDated)) {
    problems.push({ path: ["slotId"], message: "Nothing in this cart has dates." });
  }
  if (products.filter((product) => renews(product) || isDated(product)).length > 1) {
    const message = "A cart holds one plan or one product with dates, not several of them.";
    problems.push({ path: ["items"], message });
  }
  return problems;
}

function itemProblems(catalog: Catalog, wanted: Wanted, at: (string | number)[]): Problem[] {
  const product = catalog.find(wanted.productKey);
  if (!product) return [{ path: [...at, "productKey"], message: "There is no such product." }];
  const problems: Problem[] = [];
  if (wanted.quantity > product.maxQuantity) {
    const message = `At most ${product.maxQuantity} of ${product.key} can be bought at once.`;
    problems.push({ path: [...at, "quantity"], message });
  }
  if (wanted.price !== undefined && !Object.hasOwn(product.prices, wanted.price)) {
    problems.push({ path: [...at, "price"], message: `${product.key} has no such price.` });
  }
  return problems;
}
