import type { Engine } from "oncepaid/engine.ts";
import { config } from "#/config.ts";
import { aboutOrder, amountRow, itemRows, numberRow } from "#/mails/about-order.ts";
import type { Letter } from "#/mails/letter.ts";

/** To whoever runs the shop, in English like the admin pages: a bank has taken money back and wants an answer. */
export async function disputeOpened(
  engine: Engine,
  {
    orderId,
    disputeId,
  }: {
    orderId: string;
    disputeId: string;
  },
): Promise<Letter> {
  const order = await aboutOrder(engine, orderId);
  return {
    to: config().adminEmails,
    locale: "en",
    subject: `A payment is disputed: ${disputeId}`,
    heading: "A payment is disputed",
    blocks: [
      {
        kind: "text",
        text: "A buyer's bank has taken the money back. Access rests until it is decided. Answer it in Stripe's dashboard before its deadline; without an answer it is lost.",
      },
      {
        kind: "rows",
        rows: [
          ...itemRows(order, "en"),
          ...amountRow("Disputed", order.facts.disputes[disputeId]?.amount, order.currency, "en"),
          { name: "Dispute", value: disputeId },
          numberRow(order, "en"),
        ],
      },
    ],
  };
}
