import { z } from "zod";
import { invalid, missing } from "../api/errors.ts";
import { amount, decimal, hash, integer, list, oneOf } from "../api/params.ts";
import { amountFor } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";

type Price = Kinds["price"];
export type Tier = NonNullable<Price["tiers"]>[number];

const NAME = "tiers";

/** `tiers[]` of a price: each reaches up to a quantity, and the last has no end. */
export const tiers = () =>
  list(
    hash({
      flat_amount: amount().optional(),
      flat_amount_decimal: decimal().optional(),
      unit_amount: amount().optional(),
      unit_amount_decimal: decimal().optional(),
      up_to: z.union([z.literal("inf"), integer({ min: 1 })]),
    }),
  );

export const tiersMode = () => oneOf("graduated", "volume");
export const transformQuantity = () => hash({ divide_by: integer({ min: 1 }), round: oneOf("down", "up") });

type Given = z.output<ReturnType<typeof tiers>>;

/** The tiers as they are shown, or what is wrong with them. */
export function readTiers(given: Given, param = "tiers"): Tier[] {
  const last = given.at(-1);
  if (last?.up_to !== "inf") throw invalid("The last tier's `up_to` has to be `inf`.", `${param}[up_to]`);
  return given.map(({ up_to: upTo, ...money }, place) => {
    const at = `${param}[${place}]`;
    const before = given[place - 1]?.up_to;
    if (upTo === "inf" ? place < given.length - 1 : before !== undefined && Number(before) >= upTo) {
      throw invalid("Each tier has to reach further than the one before it.", `${at}[up_to]`);
    }
    const [flat_amount, flat_amount_decimal] = bothOf(money.flat_amount, money.flat_amount_decimal);
    const [unit_amount, unit_amount_decimal] = bothOf(money.unit_amount, money.unit_amount_decimal);
    if (flat_amount_decimal === null && unit_amount_decimal === null) throw missing(`${at}[unit_amount]`);
    return {
      flat_amount,
      flat_amount_decimal,
      unit_amount,
      unit_amount_decimal,
      up_to: upTo === "inf" ? null : upTo,
    };
  });
}

/** An amount in whole units, where it has one, and as a decimal. */
export function bothOf(
  whole: number | undefined,
  fine: string | undefined,
): [whole: number | null, fine: string | null] {
  if (whole === undefined && fine === undefined) return [null, null];
  const value = whole ?? Number(fine);
  return [Number.isInteger(value) ? value : null, fine ?? String(whole)];
}

/** Kept apart, by currency, because an answer shows them only when asked to. */
export function keepTiers(store: Store, price: string, currency: string, given: readonly Tier[]): void {
  store.setNote(price, NAME, JSON.stringify({ ...allTiers(store, price), [currency]: given }));
}

export const tiersOf = (store: Store, price: string, currency: string): Tier[] | undefined =>
  allTiers(store, price)[currency];

function allTiers(store: Store, price: string): Record<string, Tier[]> {
  return JSON.parse(store.note(price, NAME) ?? "{}");
}

/** What a quantity costs, in the smallest unit: each at its price, in packages, or by tiers. */
export function amountOf(store: Store, price: Price, quantity: number): number {
  const { transform_quantity: transform } = price;
  if (price.billing_scheme === "tiered") {
    const steps = tiersOf(store, price.id, price.currency) ?? [];
    return Math.round(price.tiers_mode === "volume" ? byVolume(steps, quantity) : graduated(steps, quantity));
  }
  if (!transform) return amountFor(price, quantity);
  const packages = quantity / transform.divide_by;
  return amountFor(price, transform.round === "up" ? Math.ceil(packages) : Math.floor(packages));
}

/** The whole quantity at the price of the tier that it reaches. */
function byVolume(steps: readonly Tier[], quantity: number): number {
  const reached = steps.find(({ up_to: upTo }) => upTo === null || quantity <= upTo);
  return reached ? costOf(reached, quantity) : 0;
}

/** Each part of the quantity at the price of its own tier. The first tier's flat amount is due for nothing too. */
function graduated(steps: readonly Tier[], quantity: number): number {
  let [sum, from] = [0, 0];
  for (const step of steps) {
    const part = Math.min(quantity, step.up_to ?? quantity) - from;
    if (part <= 0 && from > 0) break;
    sum += costOf(step, Math.max(0, part));
    from = step.up_to ?? quantity;
  }
  return sum;
}

const costOf = ({ flat_amount_decimal: flat, unit_amount_decimal: unit }: Tier, quantity: number) =>
  Number(flat ?? 0) + Number(unit ?? 0) * quantity;
