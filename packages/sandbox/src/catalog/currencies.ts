import { z } from "zod";
import { invalid } from "../api/errors.ts";
import { amount, decimal, hash, oneOf } from "../api/params.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import { customUnitAmount, readCustomAmount } from "./custom-amount.ts";
import { bothOf, keepTiers, readTiers, tiers } from "./tiers.ts";

type Price = Kinds["price"];
type Option = Pick<Price, "custom_unit_amount" | "tax_behavior" | "unit_amount" | "unit_amount_decimal">;

const NAME = "currency_options";
const NOT_CHOSEN = { custom_unit_amount: null };

/** `currency_options[inr][unit_amount]` of a price, by the currency's code. */
export const currencyOptions = () =>
  z.record(
    z.string().regex(/^[a-z]{3}$/),
    hash({
      custom_unit_amount: customUnitAmount().optional(),
      tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
      tiers: tiers().optional(),
      unit_amount: amount().optional(),
      unit_amount_decimal: decimal().optional(),
    }),
  );

type Given = z.output<ReturnType<typeof currencyOptions>>;

/** What a price costs in the currencies beside its own; kept apart, because an answer shows them only when asked to. */
export function keepCurrencies(store: Store, price: Price, given: Given | undefined): void {
  if (given === undefined) return;
  const others = Object.entries(given).map(([currency, option]): [string, Option] => {
    const param = `currency_options[${currency}]`;
    if (currency === price.currency) throw invalid("This is the price's own currency.", param);
    const [unit_amount, unit_amount_decimal] = bothOf(option.unit_amount, option.unit_amount_decimal);
    const tiered = price.billing_scheme === "tiered";
    const chosen = price.custom_unit_amount !== null;
    const fixed = !tiered && !chosen;
    const given = [option.tiers, option.custom_unit_amount, unit_amount_decimal ?? undefined];
    if ([tiered, chosen, fixed].some((wanted, place) => wanted !== (given[place] !== undefined))) {
      throw invalid("A currency needs amounts of the same kind as the price's own.", param);
    }
    if (option.tiers) keepTiers(store, price.id, currency, readTiers(option.tiers, `${param}[tiers]`));
    return [
      currency,
      {
        custom_unit_amount: option.custom_unit_amount
          ? readCustomAmount(option.custom_unit_amount, currency, `${param}[custom_unit_amount]`)
          : null,
        tax_behavior: option.tax_behavior ?? "unspecified",
        unit_amount,
        unit_amount_decimal,
      },
    ];
  });
  store.setNote(price.id, NAME, JSON.stringify({ ...othersOf(store, price), ...Object.fromEntries(others) }));
}

function othersOf(store: Store, { id }: Price): Record<string, Option> {
  const options: Record<string, Option> = JSON.parse(store.note(id, NAME) ?? "{}");
  // Those of an older sandbox's folder say nothing of it.
  return Object.fromEntries(
    Object.entries(options).map(([code, option]) => [code, { ...NOT_CHOSEN, ...option }]),
  );
}

/** What `expand[]=currency_options` shows: its own currency is among them. */
export function currencyOptionsOf(store: Store, price: Price): NonNullable<Price["currency_options"]> {
  const { currency, custom_unit_amount, tax_behavior, unit_amount, unit_amount_decimal } = price;
  const own = { custom_unit_amount, tax_behavior, unit_amount, unit_amount_decimal };
  return { [currency]: own, ...othersOf(store, price) };
}

/** The price with the amounts it has in a currency; refused when it has none. Every amount is computed from this. */
export function priceIn(store: Store, price: Price, currency: string): Price {
  if (price.currency === currency) return price;
  const others = othersOf(store, price);
  const option = others[currency];
  if (option) return { ...price, ...option, currency };
  const supported = [price.currency, ...Object.keys(others)].map((code) => `\`${code}\``).join(", ");
  throw invalid(
    `The price specified supports currencies of ${supported}. This doesn't match the expected currency: \`${currency}\`.`,
    "currency",
  );
}
