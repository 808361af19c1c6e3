import { Hono } from "hono";
import { html } from "hono/html";
import { formatMoney } from "./money.ts";
import { invoicePages } from "./portal/invoice-page.ts";
import type { World } from "./world.ts";

interface Document {
  title: string;
  rows: [name: string, value: string][];
}

const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);

/** What `receipt_url` and `hosted_invoice_url` lead to. */
export function documents(world: World): Hono {
  const app = new Hono();

  app.get("/receipts/:id", (context) => {
    const charge = world.store.find("charge", context.req.param("id"));
    if (!charge) return context.notFound();
    const card = charge.payment_method_details?.card;
    return context.html(
      page({
        title: "Receipt",
        rows: [
          ["Amount paid", formatMoney(charge.amount_captured, charge.currency)],
          ["Refunded", formatMoney(charge.amount_refunded, charge.currency)],
          ["Date", day(charge.created)],
          ["Paid with", card ? `${card.brand} ending in ${card.last4}` : "bank account"],
          ["Payment", charge.payment_intent ?? charge.id],
        ],
      }),
    );
  });

  app.route("/", invoicePages(world));
  return app;
}

const page = ({ title, rows }: Document) => html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/dashboard/dashboard.css" />
    </head>
    <body>
      <header class="document"><h1>${title}</h1><span class="state pending">Sandbox</span></header>
      <main>
        <section>
          <table><tbody>${rows.map(([name, value]) => html`<tr><td>${name}</td><td class="end">${value}</td></tr>`)}</tbody></table>
        </section>
      </main>
    </body>
  </html>`;
