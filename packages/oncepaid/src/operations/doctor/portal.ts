import type { Engine } from "#/engine.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";
import { currentPrices } from "#/prices/current.ts";
import { renews } from "#/rules/kinds.ts";
import { changesPlans, createConfiguration, newestConfiguration, type Seats } from "#/stripe/portal.ts";
import { retrievePrice } from "#/stripe/prices.ts";

/** Whoever buys a plan has to be able to change the card and to cancel. */
export async function checkPortal(engine: Engine, words: Words): Promise<Finding[]> {
  const { mode } = engine.settings.stripe;
  const current = await currentPrices(engine);
  const plans = engine.catalog.products.filter(
    (product) => renews(product) && current.firstOf(product).state !== "absent",
  );
  if (plans.length === 0) return [ok("No plan is sold, so none is needed.")];
  if (mode === "sandbox") return [ok("The sandbox has one.")];
  const configuration = await newestConfiguration(engine.stripe);
  if (configuration !== undefined && !(await changesPlans(engine.stripe))) {
    return [
      warn(
        `${configuration} lets nobody change seats or plans, which the account page offers.`,
        "By hand: dashboard → Settings → Billing → Customer portal → Subscriptions.",
      ),
    ];
  }
  if (configuration !== undefined) return [ok(`${configuration} is there.`)];
  return [
    fail(
      "Plans are sold, but the customer portal has no configuration, so nobody can cancel or change a card.",
      `\`${words.doctorFix}\` makes one; by hand: dashboard → Settings → Billing → Customer portal → Save.`,
    ),
  ];
}

export async function fixPortal(engine: Engine, _: Words, say: (done: string) => void): Promise<void> {
  const products = await plansOf(engine);
  const id = await createConfiguration(engine.stripe, `${engine.settings.appUrl}/account`, products);
  say(
    `Made the customer portal configuration ${id}: invoices, the card, seats and plans, and canceling at the end of a period.`,
  );
}

/** Every plan that is for sale: its prices, by the product of Stripe's that they are of, and its seats. */
async function plansOf(engine: Engine): Promise<Seats[]> {
  const { stripe, catalog } = engine;
  const current = await currentPrices(engine);
  const seats = await Promise.all(
    catalog.products.filter(renews).map(async (plan) => {
      const ids = Object.keys(plan.prices).flatMap((name) => {
        const price = current.of(plan, name);
        return price.state === "found" ? [price.id] : [];
      });
      const prices = (await Promise.all(ids.map((id) => retrievePrice(stripe, id)))).filter(
        (price) => price !== undefined,
      );
      const ofProduct = Map.groupBy(prices, ({ product }) => product);
      return [...ofProduct].map(([product, of]) => ({
        product,
        prices: of.map(({ id }) => id),
        adjustable_quantity: { enabled: true, minimum: 1, maximum: plan.maxQuantity },
      }));
    }),
  );
  return seats.flat();
}
