import { headers } from "next/headers";
import { cache } from "react";
import { log } from "#/log.ts";
import { oncepaid } from "#/oncepaid.ts";

type Visitor = {
  known: boolean;
  email: string | null;
  userId: string | undefined;
  /** May open the desk. */
  isOperator: boolean;
};

const STRANGER: Visitor = { known: false, email: null, userId: undefined, isOperator: false };

/** Who reads this page, for what stands around it. When that can't be found out, the page is shown as to a stranger. */
export const visitor = cache(async (): Promise<Visitor> => {
  try {
    const caller = await oncepaid().caller(await headers());
    if ("ok" in caller || caller.kind !== "user") return STRANGER;
    const { email, userId, isOperator } = caller;
    return { known: true, email, userId, isOperator };
  } catch (error) {
    log().error({ err: error }, "who is here wasn't read");
    return STRANGER;
  }
});
