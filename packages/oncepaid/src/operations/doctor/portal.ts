import type { Engine } from "#/engine.ts";
import { type Finding, fail, ok } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";
import { currentPrices } from "#/prices/current.ts";
import { renews } from "#/rules/kinds.ts";
import { createConfiguration, newestConfiguration } from "#/stripe/portal.ts";

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
  if (configuration !== undefined) return [ok(`${configuration} is there.`)];
  return [
    fail(
      "Plans are sold, but the customer portal has no configuration, so nobody can cancel or change a card.",
      `\`${words.doctorFix}\` makes one; by hand: dashboard → Settings → Billing → Customer portal → Save.`,
    ),
  ];
}

export async function fixPortal(engine: Engine, _: Words, say: (done: string) => void): Promise<void> {
  const id = await createConfiguration(engine.stripe, `${engine.settings.appUrl}/account`);
  say(
    `Made the customer portal configuration ${id}: invoices, the card, and canceling at the end of a period.`,
  );
}
