import { log } from "#/log.ts";
import { oncepaid } from "#/oncepaid.ts";

/**
 * The currencies that every known price has an amount in, and the one prices are shown in to who would like `wanted`. None while no
 * price is known. A page is shown without the choice, where it can't be read.
 */
export async function currenciesFor(
  wanted: string | undefined,
): Promise<{ all: readonly string[]; shown: string } | undefined> {
  try {
    const prices = (await oncepaid().products()).flatMap(({ price }) => price ?? []);
    const [first] = prices;
    if (!first) return undefined;
    const all = Object.keys(first.amounts).filter((code) =>
      prices.every(({ amounts }) => amounts[code] !== undefined),
    );
    const shown = all.find((code) => code === wanted) ?? first.currency;
    return all.includes(shown) ? { all, shown } : undefined;
  } catch (error) {
    log().error({ err: error }, "the currencies to choose from weren't read");
    return undefined;
  }
}
