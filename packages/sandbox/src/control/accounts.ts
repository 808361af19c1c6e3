import { Hono } from "hono";
import { z } from "zod";
import { ACCOUNT, isAccount } from "../account-id.ts";
import type { Accounts } from "../accounts.ts";
import { ApiError } from "../api/errors.ts";
import { answer } from "./answer.ts";

/** The accounts there are. One is made by its key, or here by its name; all but the first can be forgotten. */
export function accounts(all: Accounts): Hono {
  const app = new Hono();
  const naming = z.strictObject({ id: z.string().refine(isAccount, "An id is acct_ and small letters.") });

  app.get("/sandbox/accounts", (context) => context.json({ data: all.ids.map(shown) }));

  app.post("/sandbox/accounts", (context) =>
    answer(context, naming, ({ id }) => shown(all.worldOf(id).account)),
  );

  app.delete("/sandbox/accounts/:id", (context) =>
    answer(context, z.strictObject({}), () => {
      const id = context.req.param("id");
      if (!all.remove(id)) throw new ApiError(404, `There is no account '${id}' that can be forgotten.`);
      return { id, deleted: true };
    }),
  );

  return app;
}

const shown = (id: string) => {
  const name = id === ACCOUNT ? "sandbox" : id;
  return { id, publishable_key: `pk_test_${name}`, secret_key: `sk_test_${name}` };
};
