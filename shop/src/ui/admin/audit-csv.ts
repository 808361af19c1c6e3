import type { AuditPage } from "oncepaid";
import { csvLine } from "#/ui/admin/csv.ts";

/** Programs read the first line, so it is the same in every language. */
const HEAD = ["at", "by", "account", "what", "about", "order", "note", "details"];

type Page = AuditPage & { addresses: ReadonlyMap<string, string> };

/** Who did what as CSV (RFC 4180), page by page: never more of it in memory than one page. */
export async function* auditCsv(
  pageAfter: (after: string | undefined) => Promise<Page>,
): AsyncGenerator<string> {
  yield csvLine(HEAD);
  let after: string | undefined;
  do {
    const { entries, next, addresses } = await pageAfter(after);
    yield entries
      .map(({ at, by, what, about, orderId, note, details }) => [
        ...[at, addresses.get(by) ?? by, addresses.has(by) ? by : "", what, about ?? "", orderId ?? ""],
        ...[note ?? "", JSON.stringify(details)],
      ])
      .map(csvLine)
      .join("");
    after = next ?? undefined;
  } while (after !== undefined);
}
