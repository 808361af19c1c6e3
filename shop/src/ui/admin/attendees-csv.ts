import type { AttendeePage } from "oncepaid";
import { orderNumber } from "#/texts/order-number.ts";
import { csvLine } from "#/ui/admin/csv.ts";

/** Programs read the first line, so it is the same in every language. */
const HEAD = ["number", "order_id", "name", "email", "places", "state", "checked_in_at"];

/** Who comes to a date as CSV, page by page. `pageAfter` asks for the next. */
export async function* attendeesCsv(
  pageAfter: (after: string | undefined) => Promise<AttendeePage>,
): AsyncGenerator<string> {
  yield csvLine(HEAD);
  let after: string | undefined;
  do {
    const { attendees, next } = await pageAfter(after);
    yield attendees
      .map(({ orderId, name, email, places, state, checkedInAt }) =>
        csvLine([
          orderNumber(orderId),
          orderId,
          name ?? "",
          email ?? "",
          String(places),
          state,
          checkedInAt ?? "",
        ]),
      )
      .join("");
    after = next ?? undefined;
  } while (after !== undefined);
}
