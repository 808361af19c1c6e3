/**
 * The kinds of products, and what sets them apart wherever a room asks about kinds in general.
 *
 * What only one kind has, its files or its trial days, is a field of its product (`catalog/product.ts`).
 */
type Traits = {
  /** Paid again each period, by a subscription; access depends on it. Otherwise it is paid once. */
  renews: boolean;
  /** Sold by dates, each with a number of places. */
  dated: boolean;
};

export type Kind = "download" | "plan" | "booking";

const KINDS: Record<Kind, Traits> = {
  download: { renews: false, dated: false },
  plan: { renews: true, dated: false },
  booking: { renews: false, dated: true },
};

export function renews({ kind }: { kind: Kind }): boolean {
  return KINDS[kind].renews;
}

export function isDated({ kind }: { kind: Kind }): boolean {
  return KINDS[kind].dated;
}
