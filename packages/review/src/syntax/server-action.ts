import type { Node } from "@babel/types";
import { bindingOf, type Module } from "./module.ts";
import { isFunction } from "./walk.ts";

/** Next.js lets any browser call these with any arguments. */
export function isServerAction(module: Module, fn: Node): boolean {
  if (!isFunction(fn)) return false;
  if (fn.body.type === "BlockStatement" && fn.body.directives.some(isUseServer)) return true;
  const { program } = module;
  if (program.type !== "Program" || !program.directives.some(isUseServer)) return false;
  return [...module.exports.values()].some(
    (value) => "node" in value && (value.node === fn || isLocalName(module, value.node, fn)),
  );
}

function isUseServer(directive: { value: { value: string } }): boolean {
  return directive.value.value === "use server";
}

function isLocalName(module: Module, exported: Node, fn: Node): boolean {
  if (exported.type !== "Identifier") return false;
  const binding = bindingOf(module, exported.name, module.program);
  return binding?.values.some(({ node }) => node === fn) ?? false;
}
