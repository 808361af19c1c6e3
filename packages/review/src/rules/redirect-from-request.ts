import { apiCalls, parameter } from "../stripe/api.ts";
import { isLimitedBySchema, isLookedUp } from "../stripe/limited.ts";
import { isFromClient, isFromHeaders } from "../stripe/requests.ts";
import { enclosing } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

const URLS = ["success_url", "cancel_url", "return_url"];

export const redirectFromRequest: Rule = {
  id: "redirect-from-request",
  level: "warning",
  title: "Buyers are sent back to an address the request names.",
  why: "Origin and Host are whatever the sender writes. A forged one sends buyers, with their session id, to somebody else's page after they have paid; behind a proxy it is simply the wrong host.",
  fix: "Build these addresses from one configured origin (APP_URL), or check the header against a list of your own origins.",
  check({ project }) {
    return apiCalls(project, "checkout.sessions.create").flatMap(({ module, node }) => {
      const faults = URLS.flatMap(
        (name) => parameter(project, module, node.arguments[0], name).values,
      ).flatMap((value): Fault[] => {
        // Only what an address begins with decides where it leads.
        const origins = originsOf(project, value.module, value.node, [], { head: true });
        const forged = origins.find((origin) => isFromHeaders(origin) || isFromClient(origin));
        if (!forged) return [];
        const names = new Set(["origin", "host", ...forged.path.slice(-1)]);
        if (isLimitedBySchema(project, forged)) return [];
        if (isLookedUp(module, names, enclosing(module, node))) return [];
        return [fault(value.module, value.node, "This address is built from what the request says.")];
      });
      return faults.slice(0, 1);
    });
  },
};
