import { headers } from "next/headers";
import { cache } from "react";
import { log } from "#/log.ts";
import { oncepaid } from "#/oncepaid.ts";

/** Who reads this page, for the header around it. When that can't be found out, the page is shown as to a stranger. */
export const visitor = cache(async (): Promise<{ known: boolean; email: string | null }> => {
  try {
    const caller = await oncepaid().caller(await headers());
    if ("ok" in caller || caller.kind !== "user") return { known: false, email: null };
    return { known: true, email: caller.email };
  } catch (error) {
    log().error({ err: error }, "who is here wasn't read");
    return { known: false, email: null };
  }
});
