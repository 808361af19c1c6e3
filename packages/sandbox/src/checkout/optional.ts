import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { hash, integer, list, text } from "../api/params.ts";
import { isMetered } from "../billing/usage.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { contentsOf } from "./contents.ts";
import { buildLine, limitsOf } from "./lines.ts";
import { adjustableQuantity } from "./quantity.ts";
import { reprice } from "./totals.ts";

type Session = Kinds["checkout.session"];

const MOST = 10;

/** What the buyer may add to the order on the page. */
export const optionalItems = () =>
  list(
    hash({
      adjustable_quantity: adjustableQuantity().optional(),
      price: text(),
      quantity: integer({ min: 1, max: 999_999 }),
    }),
    { max: MOST },
  );

type Given = z.output<ReturnType<typeof optionalItems>>;

/** The offers as a session shows them, or why one of them can't be sold with what is in the order. */
export function offersOf(
  act: Act,
  given: Given | undefined,
  lines: readonly LineItem[],
): Session["optional_items"] {
  if (given === undefined) return null;
  const recurring = lines.find(({ price }) => price?.type === "recurring")?.price?.recurring;
  return given.map((item, place) => {
    const param = `optional_items[${place}]`;
    const { currency, price } = buildLine(act, item, param, { currency: lines[0]?.currency });
    if (!price || lines[0]?.currency !== currency || isMetered(price) || price.custom_unit_amount) {
      throw invalid("This price can't be offered with this order.", `${param}[price]`);
    }
    const rhythm = price.recurring;
    if (
      rhythm &&
      (rhythm.interval !== recurring?.interval || rhythm.interval_count !== recurring.interval_count)
    ) {
      throw invalid(
        "A recurring price can only be offered beside one of the same interval.",
        `${param}[price]`,
      );
    }
    const { adjustable_quantity: limits, quantity } = item;
    return { adjustable_quantity: limits ? limitsOf(limits) : null, price: price.id, quantity };
  });
}

/** The buyer takes an offer. */
export function addOffer(act: Act, session: Session, price: string): Session {
  const contents = contentsOf(act.store, session.id);
  const offer = session.optional_items?.find((one) => one.price === price);
  if (!offer || contents.taken?.[price]) return session;
  const { adjustable_quantity: limits, quantity } = offer;
  const item = {
    adjustable_quantity: limits
      ? { enabled: limits.enabled, maximum: limits.maximum ?? 99, minimum: limits.minimum ?? 0 }
      : undefined,
    price,
    quantity,
  };
  const line = buildLine(act, item, "optional_items", { currency: session.currency ?? undefined });
  const taken = { ...contents.taken, [price]: line.id };
  return reprice(act, session, { ...contents, lines: [...contents.lines, line], taken });
}

/** And gives it back. */
export function dropOffer(act: Act, session: Session, price: string): Session {
  const contents = contentsOf(act.store, session.id);
  const { [price]: line, ...taken } = contents.taken ?? {};
  if (line === undefined) return session;
  const lines = contents.lines.filter(({ id }) => id !== line);
  return reprice(act, session, { ...contents, lines, taken });
}
