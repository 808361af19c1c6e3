import { type Change, type Look, textOf } from "./change.ts";

const MOST = 10;

/** A payment named all its charges, and a charge all its refunds; now `latest_charge`, and refunds when asked for. */
export const chargesNotIncluded: Change = {
  since: "2022-11-15",
  answers: {
    charge: (charge, look) => {
      charge.refunds ??= listOf(
        "refund",
        "charge",
        textOf(charge.id),
        `/v1/charges/${charge.id}/refunds`,
        look,
      );
    },
    payment_intent: (intent, look) => {
      const id = textOf(intent.id);
      intent.charges = listOf("charge", "payment_intent", id, `/v1/charges?payment_intent=${id}`, look);
    },
  },
};

function listOf(kind: "charge" | "refund", field: string, of: string, url: string, look: Look) {
  const { data, more } = look.list(kind, [{ field, is: "=", value: of }], { limit: MOST });
  return { object: "list", data, has_more: more, total_count: data.length, url };
}
