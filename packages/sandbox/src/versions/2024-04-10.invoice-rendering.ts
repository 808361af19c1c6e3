import { type Change, fieldOf } from "./change.ts";

/** How an invoice is printed stands in `rendering`, before in `rendering_options`. */
export const invoiceRendering: Change = {
  since: "2024-04-10",
  requests: [
    {
      to: /^POST \/v1\/invoices\b/,
      upgrade: (params) => {
        const given = params.rendering_options;
        if (given === undefined || "rendering" in params) return;
        params.rendering = given === "" ? { amount_tax_display: "" } : given;
        delete params.rendering_options;
      },
    },
  ],
  answers: {
    invoice: (invoice) => {
      const amount_tax_display = fieldOf(invoice.rendering, "amount_tax_display") ?? null;
      invoice.rendering_options = invoice.rendering === null ? null : { amount_tax_display };
    },
  },
};
