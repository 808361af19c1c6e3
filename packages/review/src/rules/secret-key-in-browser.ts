import { originsOf } from "../syntax/origins.ts";
import { chainOf } from "../syntax/walk.ts";
import { fault, type Rule } from "./rule.ts";

/** Variables with these beginnings are copied into what browsers download. */
const PUBLIC_SECRET =
  /(?:^|\.)(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|EXPO_PUBLIC|GATSBY|NUXT_PUBLIC)_\w*(?:STRIPE\w*SECRET|SECRET\w*STRIPE|STRIPE_(?:API_KEY|SK|PRIVATE\w*|WEBHOOK\w*))\w*$/;

export const secretKeyInBrowser: Rule = {
  id: "secret-key-in-browser",
  level: "error",
  title: "A secret is read from a variable that is built into the pages.",
  why: "Every visitor can read it in the browser and refund, charge and read customers with it.",
  fix: "Rename the variable without the public prefix, read it only in code that runs on the server, and roll the key: it has been published.",
  check({ project }) {
    return project.modules.flatMap((module) =>
      module.nodes.flatMap((node) => {
        if (node.type === "MemberExpression" && PUBLIC_SECRET.test(chainOf(node))) {
          return [fault(module, node, `${chainOf(node)} ends up in what browsers download.`)];
        }
        if (node.type !== "NewExpression" || chainOf(node.callee) !== "Stripe") return [];
        const client =
          module.program.type === "Program" &&
          module.program.directives.some(({ value }) => value.value === "use client");
        const server = originsOf(project, module, node.callee).some(
          ({ node: origin }) => chainOf(origin) === "Stripe",
        );
        return client && server
          ? [
              fault(
                module,
                node,
                "Stripe's server SDK, which needs the secret key, is used in a file for the browser.",
              ),
            ]
          : [];
      }),
    );
  },
};
