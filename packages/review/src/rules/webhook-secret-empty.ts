import { verifications } from "../stripe/api.ts";
import { originsOf } from "../syntax/origins.ts";
import { literalText } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

/** `constructEvent(body, header, secret)`. */
const SECRET = 2;

export const webhookSecretEmpty: Rule = {
  id: "webhook-secret-empty",
  level: "error",
  title: "A missing webhook secret becomes an empty or built-in one.",
  why: "Where the variable isn't set, everybody knows the secret: an attacker signs events with it, and they grant access for free.",
  fix: "Fail at start when the variable is missing. An empty secret must never reach constructEvent.",
  check({ project }) {
    return verifications(project).flatMap(({ module, node }) => {
      const secret = node.arguments[SECRET];
      if (!secret) return [];
      const origins = originsOf(project, module, secret);
      const fallback = origins.find(
        (origin) => origin.path.length === 0 && literalText(origin.node) !== undefined,
      );
      const fromOutside = origins.some(
        (origin) => origin !== fallback && literalText(origin.node) === undefined,
      );
      return fallback && fromOutside
        ? [
            fault(
              fallback.module,
              fallback.node,
              "Without the variable, this is the secret that signatures are checked with.",
            ),
          ]
        : [];
    });
  },
};
