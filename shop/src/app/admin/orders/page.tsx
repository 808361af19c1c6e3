import { redirect } from "next/navigation";
import { requireAdmin } from "#/ui/admin/require-admin.ts";

/** Where the search field leads. */
export default async function Page({ searchParams }: { searchParams: Promise<{ id?: string | string[] }> }) {
  await requireAdmin();
  const { id } = await searchParams;
  redirect(typeof id === "string" ? `/admin/orders/${encodeURIComponent(id.trim())}` : "/admin");
}
