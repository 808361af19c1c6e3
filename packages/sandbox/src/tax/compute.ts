import type { Kinds } from "../wire.ts";

export type TaxRate = Kinds["tax_rate"];

/** Whether a customer pays tax; `reverse` means that they account for it themselves. */
export type Exemption = "exempt" | "none" | "reverse";

/** One rate on one amount. An exclusive tax is added to the amount, an inclusive one is a part of it. */
export interface Tax {
  amount: number;
  rate: TaxRate;
  reason: string | null;
  /** What the tax is on: the amount without its inclusive taxes. */
  taxable: number;
}

/** Rates have up to four decimals: this is 100 % in their smallest unit. */
const WHOLE = 1_000_000n;

/**
 * The taxes on an amount, each rounded for itself, half away from zero, to a multiple of `unit` (see `chargeableUnit`).
 * Several inclusive rates share the amount; exclusive ones are on what is left without them.
 */
export function taxesOn(
  amount: number,
  rates: readonly TaxRate[],
  unit: number,
  exemption: Exemption,
): Tax[] {
  const untaxed =
    exemption === "exempt" ? "customer_exempt" : exemption === "reverse" ? "reverse_charge" : null;
  if (untaxed) return rates.map((rate) => ({ amount: 0, rate, reason: untaxed, taxable: 0 }));
  const inclusive = rates.filter((rate) => rate.inclusive);
  const divisor = inclusive.reduce((sum, rate) => sum + scaled(rate), WHOLE);
  const within = inclusive.map((rate) => share(amount, scaled(rate), divisor, unit));
  const taxable = amount - within.reduce((sum, tax) => sum + tax, 0);
  return rates.map((rate) => {
    const tax = rate.inclusive
      ? (within[inclusive.indexOf(rate)] ?? 0)
      : share(taxable, scaled(rate), WHOLE, unit);
    return { amount: tax, rate, reason: reasonOf(rate), taxable };
  });
}

export const totalOf = (taxes: readonly Tax[]) => taxes.reduce((sum, tax) => sum + tax.amount, 0);

/** What has to be paid on top of the prices. */
export const addedBy = (taxes: readonly Tax[]) => totalOf(taxes.filter(({ rate }) => !rate.inclusive));

/** The same rate on several amounts is told as one. */
export function merged(taxes: readonly Tax[]): Tax[] {
  const byRate = new Map<string, Tax>();
  for (const tax of taxes) {
    const known = byRate.get(`${tax.rate.id} ${tax.reason}`);
    const amount = tax.amount + (known?.amount ?? 0);
    const taxable = tax.taxable + (known?.taxable ?? 0);
    byRate.set(`${tax.rate.id} ${tax.reason}`, { ...tax, amount, taxable });
  }
  return [...byRate.values()];
}

/** Only rates of the table say why they are what they are; Stripe says nothing of those that a shop made. */
function reasonOf({ jurisdiction_level, percentage }: TaxRate): string | null {
  if (jurisdiction_level === null) return null;
  return percentage === 0 ? "not_collecting" : "standard_rated";
}

const scaled = ({ percentage }: TaxRate) => BigInt(Math.round(percentage * 10_000));

function share(amount: number, part: bigint, whole: bigint, unit: number): number {
  const divisor = whole * BigInt(unit);
  const product = BigInt(Math.abs(amount)) * part;
  const rounded = Number((product * 2n + divisor) / (divisor * 2n)) * unit;
  return amount < 0 ? 0 - rounded : rounded;
}
