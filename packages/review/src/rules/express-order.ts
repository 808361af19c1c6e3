import type { Node } from "@babel/types";
import { verifications } from "../stripe/api.ts";
import { bindingOf, type CallNode, enclosing, isInside, lineAt, type Module } from "../syntax/module.ts";
import type { Project } from "../syntax/project.ts";
import { targetsOf } from "../syntax/targets.ts";
import { bare, chainOf, keyText, literalText } from "../syntax/walk.ts";

/** Express runs middleware in the order it was added, and a body that was read once is read for good. */
const ROUTES = /\.(?:post|all|use|route)$/;

/** The file and line of an `app.use(express.json())` that runs before the route of this webhook; undefined without one. */
export function jsonParserBefore(project: Project, module: Module): string | undefined {
  for (const { module: inside, node } of verifications(project)) {
    if (inside !== module) continue;
    const handler = enclosing(module, node);
    for (const app of project.modules) {
      for (const route of app.calls.filter((call) => ROUTES.test(chainOf(call.callee)))) {
        if (!leadsTo(project, app, route, module, handler)) continue;
        const parser = app.calls.find((call) => isJsonParser(call, route) && before(call, route));
        if (parser) return `${app.path}:${lineAt(app, parser)}`;
      }
    }
  }
  return undefined;
}

/** The route's own handler, a function it names, or a router of the module that holds the handler. */
function leadsTo(project: Project, app: Module, route: CallNode, module: Module, handler: Node): boolean {
  return route.arguments.some((argument) => {
    if (app === module && isInside(app, handler, argument)) return true;
    if (targetsOf(project, app, argument).some((target) => target.node === handler)) return true;
    return app !== module && importedModules(project, app, argument).includes(module);
  });
}

function importedModules(project: Project, app: Module, argument: Node): (Module | undefined)[] {
  const value = bare(argument);
  const from =
    value.type === "CallExpression" && chainOf(value.callee) === "require"
      ? literalText(value.arguments[0])
      : value.type === "Identifier"
        ? bindingOf(app, value.name, app.program)?.imported?.from
        : undefined;
  return from === undefined ? [] : [project.follow(app, from)];
}

/** `app.use(express.json())` on the same app, for every path or for one the route is under. */
function isJsonParser(call: CallNode, route: CallNode): boolean {
  const chain = chainOf(call.callee);
  if (!chain.endsWith(".use") || chain.split(".")[0] !== chainOf(route.callee).split(".")[0]) return false;
  const path = literalText(call.arguments[0]);
  const routed = literalText(route.arguments[0]);
  if (path !== undefined && !(routed ?? "").startsWith(path)) return false;
  return call.arguments.some((argument) => {
    const parser = bare(argument);
    if (
      parser.type !== "CallExpression" ||
      !/^(?:express|bodyParser)\.json$|^json$/.test(chainOf(parser.callee))
    )
      return false;
    const [options] = parser.arguments;
    return !(
      options?.type === "ObjectExpression" &&
      options.properties.some(
        (property) =>
          property.type !== "SpreadElement" && keyText(property.key, property.computed) === "verify",
      )
    );
  });
}

function before(first: Node, second: Node): boolean {
  return Number(first.start) < Number(second.start);
}
