import { parseArgs } from "node:util";
import { writeAct } from "#/audit/write.ts";
import type { Command } from "#/cli/command.ts";
import { whoIsHere } from "#/cli/who.ts";
import { type PriceChange, type PushStep, planPush } from "#/prices/plan-push.ts";
import { push } from "#/prices/push.ts";

export const PUSH_USAGE = `  --dry-run   only say what would be made, changed or archived
`;

/** Makes the prices of the catalog's amounts at Stripe; shows the difference first. Safe to repeat. */
export const pushCommand: Command = async ({ engine, print }, args) => {
  const { values } = parseArgs({ args, options: { "dry-run": { type: "boolean" } } });
  const steps = await planPush(engine);
  if (steps.length === 0) {
    print("Stripe has every price of the catalog already.");
    return 0;
  }
  print(steps.map(stepText).join("\n"));
  if (values["dry-run"]) return 0;
  await push(engine);
  await writeAct(engine.database, { by: whoIsHere(), what: "price.pushed", details: { steps } });
  print("Done.");
  return 0;
};

/** `+` is made, `~` takes another's place, `=` stays with something corrected, `-` is archived. */
export function stepText(step: PushStep): string {
  const which = `${step.productKey}, ${step.price}`;
  switch (step.do) {
    case "make":
      return `+ ${which}: ${amountText(step.amount)} (${step.lookupKey})`;
    case "replace":
      return `~ ${which}: ${amountText(step.amount)} takes the place of ${step.stripePriceId}, which is archived`;
    case "keep":
      return `= ${which}: ${step.stripePriceId} stays; ${changeTexts(step.change).join("; ")}`;
    case "archive":
      return `- ${which}: ${step.stripePriceId} is archived`;
  }
}

function changeTexts({ lookupKey, active, amounts = {} }: PriceChange): string[] {
  const added = Object.entries(amounts).map(([currency, amount]) => moneyText(amount, currency));
  return [
    ...(lookupKey === undefined ? [] : [`it gets the lookup key ${lookupKey}`]),
    ...(active ? ["it is on sale again"] : []),
    ...(added.length > 0 ? [`it costs ${added.join(" or ")} too`] : []),
  ];
}

function amountText({
  amount,
  currency,
  amounts = {},
  interval,
}: Extract<PushStep, { do: "make" }>["amount"]): string {
  const shown = [[currency, amount] as const, ...Object.entries(amounts)]
    .map(([code, unit]) => moneyText(unit, code))
    .join(" or ");
  return interval ? `${shown} a ${interval}` : shown;
}

/** Stripe counts these in hundredths, and Intl in whole units. Source: docs.stripe.com/currencies, special cases. */
const IN_HUNDREDTHS = ["isk", "ugx"];

/** `amount` is minor units. */
function moneyText(amount: number, currency: string): string {
  const money = new Intl.NumberFormat("en", { style: "currency", currency });
  const { maximumFractionDigits = 2 } = money.resolvedOptions();
  return money.format(amount / 10 ** (IN_HUNDREDTHS.includes(currency) ? 2 : maximumFractionDigits));
}
