import { Hono } from "hono";
import { html } from "hono/html";
import { decimalsOf, formatMoney } from "../money.ts";
import type { Kinds } from "../wire.ts";
import type { World } from "../world.ts";
import { dateText, type Speech, speechFor } from "./copy.ts";
import { paper, SHOP } from "./layout.ts";
import { pdfOf } from "./pdf.ts";

type Invoice = Kinds["invoice"];

/** What `hosted_invoice_url` and `invoice_pdf` lead to. */
export function invoicePages(world: World): Hono {
  const app = new Hono();

  app.get("/invoices/:id", (context) => {
    const invoice = world.store.find("invoice", context.req.param("id"));
    if (!invoice) return context.notFound();
    return context.html(page(world, speechFor(null, context.req.header("accept-language")), invoice));
  });

  app.get("/invoices/:id/pdf", (context) => {
    const invoice = world.store.find("invoice", context.req.param("id"));
    if (!invoice) return context.notFound();
    context.header("Content-Type", "application/pdf");
    context.header("Content-Disposition", `inline; filename="Invoice-${invoice.number ?? invoice.id}.pdf"`);
    return context.body(document(world, invoice));
  });

  return app;
}

function page(world: World, speech: Speech, invoice: Invoice) {
  const { t, tag } = speech;
  const { currency, status } = invoice;
  const money = (amount: number) => formatMoney(amount, currency, tag);
  const off = offOf(invoice);
  return paper(
    speech,
    `${t("invoice")} ${invoice.number ?? ""} · ${SHOP}`,
    html`<p class="muted">${SHOP}</p>
      <p class="plan-price">${money(invoice.total)}</p>
      <h1>${t("invoice")} ${invoice.number} <span class="state ${status}">${status && t("status", { status })}</span></h1>
      <dl class="details">
        <div><dt>${t("date")}</dt><dd>${dateText(invoice.status_transitions.finalized_at ?? invoice.created, tag)}</dd></div>
        <div><dt>${t("name")}</dt><dd>${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}</dd></div>
        ${invoice.customer_email && html`<div><dt>${t("email")}</dt><dd>${invoice.customer_email}</dd></div>`}
      </dl>
      <ul class="preview">
        ${invoice.lines.data.map(
          (line) => html`<li>
            <span>${line.description}<span class="muted span">${spanOf(line.period, tag)}</span></span>
            <span class="money">${money(line.amount)}</span>
          </li>`,
        )}
        ${off > 0 ? html`<li><span>${t("discount")}</span><span class="money">${money(-off)}</span></li>` : ""}
        ${taxesOf(world, invoice).map(
          ({ name, amount, inclusive }) =>
            html`<li><span>${name} ${inclusive ? html`<span class="muted span">${t("taxIncluded")}</span>` : ""}</span><span class="money">${money(amount)}</span></li>`,
        )}
        <li class="total"><span>${t("total")}</span><span class="money">${money(invoice.total)}</span></li>
        <li><span>${t("paidSoFar")}</span><span class="money">${money(invoice.amount_paid)}</span></li>
        <li class="total"><span>${t("stillDue")}</span><span class="money">${money(invoice.status === "void" ? 0 : invoice.amount_remaining)}</span></li>
      </ul>
      ${invoice.invoice_pdf && html`<a class="plain" href="${invoice.invoice_pdf}">${t("download")}</a>`}`,
  );
}

function spanOf({ start, end }: { start: number; end: number }, tag: string): string {
  return start === end ? "" : `${dateText(start, tag)} – ${dateText(end, tag)}`;
}

const offOf = ({ total_discount_amounts: all }: Invoice) =>
  (all ?? []).reduce((sum, { amount }) => sum + amount, 0);

function taxesOf({ store }: World, { total_taxes: taxes }: Invoice) {
  return (taxes ?? []).map(({ amount, tax_behavior: behavior, tax_rate_details: details }) => {
    const rate = store.find("tax_rate", details?.tax_rate ?? "");
    const name = rate ? `${rate.display_name} (${rate.percentage}%)` : "Tax";
    return { amount, inclusive: behavior === "inclusive", name };
  });
}

function document(world: World, invoice: Invoice): string {
  const { currency } = invoice;
  const decimals = decimalsOf(currency);
  const money = (amount: number) =>
    `${currency.toUpperCase()} ${(amount / 10 ** decimals).toFixed(decimals)}`;
  const date = dateText(invoice.status_transitions.finalized_at ?? invoice.created, "en");
  return pdfOf([
    { left: SHOP, bold: true },
    { left: `Invoice ${invoice.number ?? invoice.id}`, right: date },
    { left: `Bill to ${invoice.customer_name ?? ""} ${invoice.customer_email ?? ""}`.trimEnd() },
    { left: "" },
    ...invoice.lines.data
      .slice(0, 24)
      .map((line) => ({ left: (line.description ?? line.id).slice(0, 70), right: money(line.amount) })),
    { left: "" },
    ...(offOf(invoice) > 0 ? [{ left: "Discount", right: money(-offOf(invoice)) }] : []),
    ...taxesOf(world, invoice).map(({ name, amount, inclusive }) => ({
      left: inclusive ? `${name}, included` : name,
      right: money(amount),
    })),
    { left: "Total", right: money(invoice.total) },
    { left: "Paid", right: money(invoice.amount_paid) },
    { left: "Amount due", right: money(invoice.amount_remaining) },
  ]);
}
