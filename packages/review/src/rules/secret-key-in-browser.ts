import type { Node } from "@babel/types";
import type { Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import { chainOf, keyText } from "../syntax/walk.ts";
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
        const read = publicSecret(module, node);
        if (read !== undefined) return [fault(module, node, `${read} ends up in what browsers download.`)];
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

/** The name of a public variable that holds a secret, read from the environment or imported from SvelteKit's. */
function publicSecret(module: Module, node: Node): string | undefined {
  if (node.type === "MemberExpression") {
    const chain = chainOf(node);
    return PUBLIC_SECRET.test(chain) && !isPublishable(module, node, chain) ? chain : undefined;
  }
  if (node.type !== "ImportSpecifier") return undefined;
  const from = module.parents.get(node);
  const name = keyText(node.imported, false) ?? "";
  const isPublic = from?.type === "ImportDeclaration" && from.source.value === "$env/static/public";
  return isPublic && PUBLIC_SECRET.test(name) ? name : undefined;
}

/** What `loadStripe` is given is the publishable key, whatever the variable is called, unless it says secret. */
function isPublishable(module: Module, node: Node, chain: string): boolean {
  if (/SECRET|PRIVATE|WEBHOOK/.test(chain)) return false;
  for (let at = module.parents.get(node); at; at = module.parents.get(at)) {
    if (at.type === "CallExpression" && /(?:^|\.)(?:loadStripe|Stripe)$/.test(chainOf(at.callee)))
      return true;
    if (/Statement$|Declaration$/.test(at.type)) return false;
  }
  return false;
}
