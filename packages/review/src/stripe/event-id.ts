import type { Node } from "@babel/types";
import { isCall, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { chainOf, isFunction, keyText, walk } from "../syntax/walk.ts";
import { isVerification } from "./api.ts";

const EVENT_ID = /(?:^|\.)(?:\w*[eE]vent|evt)\.id$|^(?:stripe|webhook)_?event_?id$/i;
const LOGS = /(?:^|\.)(?:console|log|logger)\.|^log\w*$/;

/** Whether the id of Stripe's event stands in this code, somewhere else than in a log. */
export function mentionsEventId(project: Project, module: Module, start: Node): boolean {
  let found = false;
  walk(start, (node) => {
    if (found || isFunction(node) || (isCall(node) && LOGS.test(chainOf(node.callee)))) return false;
    if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
      if (EVENT_ID.test(chainOf(node))) found = true;
      // `order.eventId` may be the id of a concert.
      else if (!node.computed) found = mentionsEventId(project, module, node.object);
      return false;
    } else if (node.type === "Identifier" && mayHoldAnId(node.name)) {
      found = EVENT_ID.test(node.name) || isIdOfEvent(project, module, node);
    } else if (node.type === "ObjectProperty" && !node.computed) {
      // The name of a property is no value: only what it is given counts.
      found = mentionsEventId(project, module, node.value);
      return false;
    }
    return undefined;
  });
  return found;
}

function mayHoldAnId(name: string): boolean {
  return /id$|key$/i.test(name);
}

/** `const { id } = event`, or a parameter that is given `event.id`. */
function isIdOfEvent(project: Project, module: Module, node: Node): boolean {
  return originsOf(project, module, node).some(({ node: origin, path }) => {
    const last = path.at(-1);
    if (last !== "id") return false;
    if (isCall(origin)) return isVerification(origin) && path.length === 1;
    if (!isFunction(origin) || path.length !== 2) return false;
    const parameter = origin.params[Number(path[0]?.slice(1))];
    return parameter !== undefined && /event|evt/i.test(nameOf(parameter));
  });
}

function nameOf(parameter: Node): string {
  return parameter.type === "Identifier" ? parameter.name : (keyText(parameter, false) ?? "");
}
