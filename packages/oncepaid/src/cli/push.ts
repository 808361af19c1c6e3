import { parseArgs } from "node:util";
import { writeAct } from "#/audit/write.ts";
import type { Command } from "#/cli/command.ts";
import { whoIsHere } from "#/cli/who.ts";
import { type PushStep, planPush } from "#/prices/plan-push.ts";
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

function stepText(step: PushStep): string {
  const which = `${step.productKey}, ${step.price}`;
  switch (step.do) {
    case "make":
      return `+ ${which}: ${amountText(step.amount)} (${step.lookupKey})`;
    case "replace":
      return `~ ${which}: ${amountText(step.amount)} takes the place of ${step.stripePriceId}, which is archived`;
    case "keep":
      return `= ${which}: ${step.stripePriceId} stays, with ${Object.keys(step.change).join(" and ")} corrected`;
    case "archive":
      return `- ${which}: ${step.stripePriceId} is archived`;
  }
}

function amountText({
  amount,
  currency,
  interval,
}: {
  amount: number;
  currency: string;
  interval?: string;
}): string {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  const shown = new Intl.NumberFormat("en", { style: "currency", currency }).format(
    amount / 10 ** maximumFractionDigits,
  );
  return interval ? `${shown} a ${interval}` : shown;
}
