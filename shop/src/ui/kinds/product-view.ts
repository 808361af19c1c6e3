import type { Product } from "oncepaid";
import type { ReactNode } from "react";
import type { Kind } from "#/ui/kinds/traits.ts";

/** One kind of product. */
export type OfKind<K extends Kind> = Extract<Product, { kind: K }>;

/** What the page of a product says because of its kind. */
export type ProductView = {
  parts: { title: string; body: ReactNode };
  terms: {
    /** Before what a refund does. */
    first: readonly string[];
    /** What a refund does besides. */
    refund: readonly string[];
    last: readonly (string | false)[];
  };
};
