import type { Node } from "@babel/types";
import { returnsOfBuyers } from "./granted-on-return.ts";
import { fault, type Rule } from "./rule.ts";

export const signedInBySessionId: Rule = {
  id: "signed-in-by-session-id",
  level: "error",
  title: "Whoever opens the success address is signed in.",
  why: "A session id stands in browser histories, analytics, referrers and screenshots. With it anybody is signed in as the buyer.",
  fix: "Keep the buyer signed in across the payment by the cookie they had, or mail a sign-in link. Show the order only to its owner.",
  check(subject) {
    const reported = new Set<Node>();
    return returnsOfBuyers(subject).flatMap(({ effects }) => {
      const signIn = effects.find(({ kind }) => kind === "sign-in");
      if (!signIn || reported.has(signIn.node)) return [];
      reported.add(signIn.node);
      return [fault(signIn.module, signIn.node, "This signs in whoever comes with a session id.")];
    });
  },
};
