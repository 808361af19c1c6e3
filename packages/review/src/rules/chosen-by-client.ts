import type { Node } from "@babel/types";
import type { ApiCall } from "../stripe/api.ts";
import { isForKeyHolders, isLimitedBySchema, isLookedUp } from "../stripe/limited.ts";
import { isFromClient, nameOfParameter } from "../stripe/requests.ts";
import { enclosing, type Module, nameOfFunction } from "../syntax/module.ts";
import { type Origin, originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { isFunction, keyText } from "../syntax/walk.ts";
import { type Fault, fault } from "./rule.ts";

/** Where the buyer is meant to choose the amount. */
const FREE_AMOUNT = /donat|\btip\b|gift|pay_?what|contribut|custom_?amount|top_?up|topup/i;

/** Whether one of these parameters of a call is what the request says, unchecked. At most one fault for a call. */
export function chosen(
  project: Project,
  call: ApiCall,
  paths: readonly string[][],
  message: string,
): Fault[] {
  const { module, node } = call;
  const [object] = node.arguments;
  const inside = enclosing(module, node);
  if (!object || FREE_AMOUNT.test(`${module.path} ${nameOfFunction(module, inside)}`)) return [];
  if (isForKeyHolders(inside)) return [];
  for (const path of paths) {
    const origins = originsOf(project, module, object, path);
    const origin = origins.find(
      (candidate) =>
        isChosen(candidate) && !isLimitedBySchema(project, candidate) && !isChecked(candidate, module, node),
    );
    if (origin) return [fault(module, placeOf(project, call, path) ?? node, message)];
  }
  return [];
}

function isChosen(origin: Origin): boolean {
  return isFromClient(origin) && !FREE_AMOUNT.test(origin.path.join("."));
}

/** Compared with, or looked up in, what the server knows, on its way here. */
function isChecked(origin: Origin, module: Module, call: Node): boolean {
  const field = origin.path.filter(
    (name) => !/^(?:\*|#\d+|\d+|body|query|params|input|data|parsedInput)$/.test(name),
  );
  const names = new Set(field.slice(-2));
  const last = field.at(-1);
  if (last === undefined && origin.node.type === "CallExpression") {
    const declared = declaredName(origin.module, origin.node);
    if (declared) names.add(declared);
  }
  if (last === undefined && isFunction(origin.node)) {
    names.add(nameOfParameter(origin.node, Number(origin.path[0]?.slice(1))));
  }
  const places = [
    { module, inside: enclosing(module, call) },
    {
      module: origin.module,
      inside: isFunction(origin.node) ? origin.node : enclosing(origin.module, origin.node),
    },
  ];
  return names.size > 0 && places.some((place) => isLookedUp(place.module, names, place.inside));
}

function declaredName(module: Module, node: Node): string | undefined {
  for (let at = module.parents.get(node); at; at = module.parents.get(at)) {
    if (at.type === "VariableDeclarator") return at.id.type === "Identifier" ? at.id.name : undefined;
    if (/Statement$/.test(at.type)) return undefined;
  }
  return undefined;
}

/** The property in the call's own text, where it is written there. */
function placeOf(project: Project, { module, node }: ApiCall, path: readonly string[]): Node | undefined {
  const name = path.filter((part) => part !== "*").at(-1);
  const fn = enclosing(module, node);
  const inside = (outer: Node, inner: Node) =>
    Number(inner.start) >= Number(outer.start) && Number(inner.end) <= Number(outer.end);
  const properties = module.nodes.filter(
    (candidate) =>
      candidate.type === "ObjectProperty" &&
      keyText(candidate.key, candidate.computed) === name &&
      inside(fn, candidate),
  );
  const own = properties.filter((candidate) => inside(node, candidate));
  return [...own, ...properties].find(
    (candidate) =>
      candidate.type === "ObjectProperty" &&
      originsOf(project, module, candidate.value).some((origin) => isFromClient(origin)),
  );
}
