import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";

type Meter = Kinds["billing.meter"];
type Price = Kinds["price"];

/** One thing that a customer has used, as it was reported. */
export interface Usage {
  eventName: string;
  customer: string;
  at: number;
  value: number;
  identifier: string;
}

export const isMetered = (price: Pick<Price, "recurring">) => price.recurring?.usage_type === "metered";
export const isLicensed = ({ price }: { price: Price }) => !isMetered(price);

/** Writes down what was used. An identifier counts once. */
export function recordUsage(act: Act, { eventName, customer, at, value, identifier }: Usage): void {
  if (act.store.row("SELECT 1 FROM usage WHERE identifier = ?", identifier)) {
    throw invalid(`An event already exists with identifier ${identifier}.`, "identifier");
  }
  const sql = "INSERT INTO usage (identifier, event_name, customer, at, value) VALUES (?, ?, ?, ?, ?)";
  act.store.run(sql, identifier, eventName, customer, at, value);
}

/** Takes back what was reported by mistake; false where it wasn't reported. */
export function dropUsage(store: Store, eventName: string, identifier: string): boolean {
  const known = store.row(
    "SELECT 1 FROM usage WHERE event_name = ? AND identifier = ?",
    eventName,
    identifier,
  );
  store.run("DELETE FROM usage WHERE event_name = ? AND identifier = ?", eventName, identifier);
  return known !== undefined;
}

/** What a meter shows for a customer, from one moment to just before another. */
export function usedOf(
  store: Store,
  meter: Meter,
  customer: string,
  span: { start: number; end: number },
): number {
  const formula = FORMULAS[meter.default_aggregation.formula] ?? FORMULAS.sum;
  const sql = `SELECT ${formula} AS used FROM usage WHERE event_name = ? AND customer = ? AND at >= ? AND at < ?`;
  return Number(store.row(sql, meter.event_name, customer, span.start, span.end)?.used ?? 0);
}

/** SQLite takes the other columns of a row from where a maximum is found. */
const LAST = "(max(at * 1000000 + id) IS NOT NULL) * value";
const FORMULAS: Record<string, string> = { count: "count(*)", last: LAST, sum: "sum(value)" };

/** How much of a metered price a customer has used in a span. */
export function quantityUsed(
  store: Store,
  price: Price,
  customer: string,
  span: { start: number; end: number },
): number {
  const meter = store.find("billing.meter", price.recurring?.meter ?? "");
  return meter ? usedOf(store, meter, customer, span) : 0;
}
