import { type Change, fieldOf, itemsOf, nested } from "./change.ts";

const refunds = nested("refund", "refunds", (refund) => ({ 0: { refund } }));

/** A credit note may name several refunds; before, one. */
export const creditNoteRefunds: Change = {
  since: "2025-03-31",
  requests: [
    { to: /^POST \/v1\/credit_notes$/, upgrade: refunds, unnamed: true },
    { to: /^GET \/v1\/credit_notes\/preview\b/, upgrade: refunds, unnamed: true },
  ],
  answers: {
    credit_note: (note) => {
      const [first] = itemsOf(note.refunds);
      note.refund = fieldOf(first, "refund") ?? null;
    },
  },
  expandable: { credit_note: ["refund"] },
};
