import { oncepaid } from "#/oncepaid.ts";
import { readOrderQuery } from "#/ui/admin/order-query.ts";
import { ordersCsv } from "#/ui/admin/orders-csv.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";

/** As many orders as one page of the engine has. */
const PAGE = 100;

/** The orders of the list, all pages of it, as a file; it is written while it is read. */
export async function GET(request: Request): Promise<Response> {
  await requireAdmin();
  const asked = readOrderQuery(Object.fromEntries(new URL(request.url).searchParams));
  const lines = ordersCsv((after) => oncepaid().desk.orders({ ...asked, after, limit: PAGE }));
  return new Response(streamOf(lines), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="orders-${new Date().toISOString().slice(0, 10)}.csv"`,
      "cache-control": "no-store",
    },
  });
}

/** A page is read when the browser has taken the one before; whoever goes away ends it. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await lines.return(undefined);
    },
  });
}
