import { z } from "zod";
import { actorOf } from "#/caller.ts";
import { reissueDownloads } from "#/downloads/downloads.ts";
import type { Failure } from "#/failure.ts";
import type { Context } from "#/http/context.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import type { RulingFact } from "#/rules/facts.ts";
import { end, restore } from "#/support/end.ts";

type Ruled = { access: RulingFact["access"] };
const ruled = json<Ruled>(z.object({ access: z.enum(["ended", "restored"]) }));

export const postEnd = endpoint({
  summary: "Ends the access an order gave, whatever Stripe says later",
  takes: { params: id },
  answers: ruled,
  handle: (c, { params }) => ruleOn(c, params.id, "ended"),
});

export const postRestore = endpoint({
  summary: "Takes that back: the order's payments decide again",
  takes: { params: id },
  answers: ruled,
  handle: (c, { params }) => ruleOn(c, params.id, "restored"),
});

export const postReissue = endpoint({
  summary: "Lets the files of an entitlement be downloaded as often again",
  takes: { params: id },
  answers: json(z.object({ reissued: z.literal(true) })),
  handle: async (c, { params }) => {
    const reissued = await reissueDownloads(c.var.engine, params.id, actorOf(c.var.caller));
    return reissued.ok ? { reissued: true as const } : reissued;
  },
});

async function ruleOn(c: Context, id: string, access: Ruled["access"]): Promise<Ruled | Failure> {
  const decide = access === "ended" ? end : restore;
  const done = await decide(c.var.engine, id, { by: actorOf(c.var.caller) });
  return done.ok ? { access } : done;
}
