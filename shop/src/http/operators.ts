import { failure } from "oncepaid/failure";
import { actorOf, emailAddress, endpoint, json, ROLES } from "oncepaid/routes";
import { z } from "zod";
import { giveRole, isFromSettings, listOperators, type Operator, takeRole } from "#/accounts/operators.ts";
import { oncepaid } from "#/oncepaid.ts";

/** Who may open the desk, for owners. */

const role = z.enum(ROLES, { error: `A role is one of ${ROLES.join(", ")}.` });
const email = emailAddress;

const operator: z.ZodType<Operator> = z.object({
  email: z.string(),
  role,
  fromSettings: z.boolean().describe("It stands in ADMIN_EMAILS."),
  addedAt: z.iso.datetime().nullable(),
});

const OF_SETTINGS = failure(
  "forbidden",
  "This address stands in ADMIN_EMAILS, so it is an owner as long as it does.",
);

export const getOperators = endpoint({
  summary: "Who may open the desk, with their roles",
  answers: json(z.object({ operators: z.array(operator) })),
  handle: async () => ({ operators: await listOperators() }),
});

export const postOperator = endpoint({
  summary: "Gives an address a role at the desk, or another one",
  takes: { body: z.strictObject({ email, role }) },
  answers: json(z.object({ email: z.string(), role })),
  handle: async (c, { body }) => {
    if (isFromSettings(body.email)) return OF_SETTINGS;
    const by = actorOf(c.var.caller);
    await giveRole({ ...body, by }, (client, was) => {
      const what = was === undefined ? "operator.added" : "operator.changed";
      const details = { role: body.role, ...(was && { was: { role: was } }) };
      return oncepaid().audit.write({ by, what, about: body.email, details }, { client });
    });
    return body;
  },
});

export const deleteOperator = endpoint({
  summary: "Takes an address its role: it opens nothing at the desk from the next request on",
  takes: { params: z.object({ email }) },
  answers: json(z.object({ removed: z.literal(true) })),
  handle: async (c, { params }) => {
    if (isFromSettings(params.email)) return OF_SETTINGS;
    const by = actorOf(c.var.caller);
    const isTaken = await takeRole(params.email, (client, was) => {
      const details = { was: { role: was } };
      return oncepaid().audit.write(
        { by, what: "operator.removed", about: params.email, details },
        { client },
      );
    });
    return isTaken
      ? { removed: true as const }
      : failure("not_found", "This address has no role at the desk.");
  },
});
