import type { Node } from "@babel/types";
import { isCall, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { chainOf, literalText } from "../syntax/walk.ts";
import { type Fault, fault, type Rule } from "./rule.ts";

const READS_THIN = /(?:^|\.)(?:parseThinEvent|parseEventNotification)$/;
/** Source: docs.stripe.com/event-destinations, "Thin events". */
const THIN_TYPE = /^v[12]\.[a-z_.]+$/;

export const thinEventAsSnapshot: Rule = {
  id: "thin-event-as-snapshot",
  level: "error",
  title: "A thin event is read as if it carried its object.",
  why: "A thin event says only that something happened: `data.object` isn't there, so the handler fails on every delivery, or skips it, and nobody who pays gets access.",
  fix: "Fetch the object by the event's `related_object` (`fetchRelatedObject()`), or send snapshot events to this endpoint and check them with constructEvent.",
  check({ project }) {
    return project.modules.flatMap((module) => {
      if (!/parseThinEvent|parseEventNotification|constructEvent/.test(module.text)) return [];
      return module.nodes.flatMap((node) => misread(project, module, node) ?? []);
    });
  },
};

function misread(project: Project, module: Module, node: Node): Fault | undefined {
  if (node.type === "MemberExpression" && /\.data\.object$/.test(chainOf(node))) {
    const thin = originsOf(project, module, node).some(
      ({ node: origin }) => isCall(origin) && READS_THIN.test(chainOf(origin.callee)),
    );
    return thin ? fault(module, node, "parseThinEvent gives no data.object.") : undefined;
  }
  if (node.type !== "SwitchCase" || !node.test || !THIN_TYPE.test(literalText(node.test) ?? ""))
    return undefined;
  const snapshot =
    /constructEvent/.test(module.text) && !/parseThinEvent|parseEventNotification/.test(module.text);
  return snapshot
    ? fault(module, node.test, "Events of this type are thin, and constructEvent reads snapshots.")
    : undefined;
}
