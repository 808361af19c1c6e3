import { notFound } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { attendeesCsv } from "#/ui/admin/attendees-csv.ts";
import { csvFile } from "#/ui/admin/csv.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";

type Context = { params: Promise<{ slotId: string }> };

/** As many as one page of the engine has. */
const PAGE = 500;

/** Everybody of a date as a file, those who have no place any more too: the state says it. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  await requireAdmin();
  const { slotId } = await params;
  const slot = await oncepaid().slots.find(slotId);
  if (!slot) notFound();
  const lines = attendeesCsv((after) =>
    oncepaid().slots.attendees(slotId, { all: true, after, limit: PAGE }),
  );
  return csvFile(`${slot.productKey}-${slot.startsAt.slice(0, 10)}`, lines);
}
