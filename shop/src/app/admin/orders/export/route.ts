import { oncepaid } from "#/oncepaid.ts";
import { csvFile } from "#/ui/admin/csv.ts";
import { readOrderQuery } from "#/ui/admin/order-query.ts";
import { ordersCsv } from "#/ui/admin/orders-csv.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";

/** As many orders as one page of the engine has. */
const PAGE = 100;

/** The orders of the list, all pages of it, as a file. */
export async function GET(request: Request): Promise<Response> {
  await requireAdmin();
  const asked = readOrderQuery(Object.fromEntries(new URL(request.url).searchParams));
  const lines = ordersCsv((after) => oncepaid().desk.orders({ ...asked, after, limit: PAGE }));
  return csvFile(`orders-${new Date().toISOString().slice(0, 10)}`, lines);
}
