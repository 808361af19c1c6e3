import { accountOf, addressesOf } from "#/accounts/addresses.ts";
import { oncepaid } from "#/oncepaid.ts";
import { auditCsv } from "#/ui/admin/audit-csv.ts";
import { auditFilter, readAuditQuery } from "#/ui/admin/audit-query.ts";
import { csvFile } from "#/ui/admin/csv.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";

/** As many entries as one page of the engine has. */
const PAGE = 100;

/** What the list shows, all pages of it, as a file. */
export async function GET(request: Request): Promise<Response> {
  await requireAdmin();
  const asked = readAuditQuery(Object.fromEntries(new URL(request.url).searchParams));
  const filter = await auditFilter(asked, accountOf);
  const lines = auditCsv(async (after) => {
    const page = await oncepaid().audit.list({ ...filter, after, limit: PAGE });
    return { ...page, addresses: await addressesOf([...new Set(page.entries.map(({ by }) => by))]) };
  });
  return csvFile(`audit-${new Date().toISOString().slice(0, 10)}`, lines);
}
