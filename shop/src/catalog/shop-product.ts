import type { Product } from "oncepaid";
import type { InLanguages } from "#/locale.ts";

/** A product as the shop shows it. */
export type ShopProduct = Product & {
  /** The first stands for the product wherever there is room for one, also on Stripe's payment page. */
  pictures: readonly Picture[];
  /** Parts of it that anybody may look at. */
  previews?: readonly Preview[];
  /** Whether the amounts contain the tax. Without it the pages say nothing about tax. */
  taxBehavior?: "inclusive" | "exclusive";
  text: InLanguages<ProductText>;
};

export type Picture = {
  /** A JPEG, PNG or WebP in shop/public, from its root: `/pictures/field-guide.jpg`. */
  src: `/${string}`;
  /** In pixels, as the file has it: the page keeps the room free, so that nothing moves when it comes. */
  width: number;
  height: number;
  /** What is to be seen, for who doesn't see it. */
  alt: InLanguages;
};

export type Preview = {
  /** A file in shop/public, from its root: `/previews/field-guide.pdf`. */
  href: `/${string}`;
  name: InLanguages;
};

export type ProductText = {
  /** What sort of thing it is: "E-book", "Video course". */
  label: string;
  name: string;
  /** One sentence. */
  description: string;
  /** The long text of the product's page, a paragraph each. */
  about: readonly string[];
  /** What the buyer gets, a line each. */
  gets: readonly string[];
  /** What its prices are called, by their names, where a buyer has the choice and how often they are paid doesn't say it. */
  prices?: Readonly<Record<string, string>>;
  /** What its `features` are called where plans are compared, by feature. */
  features?: Readonly<Record<string, string>>;
};
