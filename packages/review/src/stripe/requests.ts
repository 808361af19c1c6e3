import type { Node } from "@babel/types";
import { bindingOf, type CallNode, isCall, type Module } from "../syntax/module.ts";
import type { Origin } from "../syntax/origins.ts";
import { isServerAction } from "../syntax/server-action.ts";
import { chainOf, isFunction, keyText, literalText } from "../syntax/walk.ts";

/** Where a web framework hands over what the sender wrote. */
const BODY = new Set(["body", "rawBody", "query", "params", "searchParams", "payload", "rawQuery"]);
const READS_BODY =
  /(?:^|\.)(?:(?:_?req|_?request)\.(?:raw\.)?(?:json|formData|text|parseBody|query|queries|qs|param|params|input|only|except|all|body|validateUsing|arrayBuffer|valid|clone\(\)\.(?:json|text))|readBody|readRawBody|readFormData|readMultipartFormData|readValidatedBody|getQuery|getValidatedQuery|getRouterParams?)$/;
const READS_FIELD =
  /(?:formData|form|searchParams\(?\)?|[sS]earch_?[pP]arams|useSearchParams\(\)|body)\.(?:get|getAll)$/i;
/** A form or an address's query under a name of its own. */
const HOLDS_FIELDS =
  /(?:^|\.)formData\(\)$|^(?:await )?new (?:FormData|URLSearchParams)\(\)$|\.searchParams$|useSearchParams\(\)$/;

/** Whether the value is what whoever sent the request wrote into it. */
export function isFromClient(origin: Origin): boolean {
  const { module, node, path } = origin;
  if (isCall(node)) {
    const chain = chainOf(node.callee);
    return READS_BODY.test(chain) || READS_FIELD.test(chain) || readsForm(module, node);
  }
  if (!isFunction(node)) return false;
  const [position, first, second] = path;
  if (isDecorated(node, position)) return true;
  if (first !== undefined && isRequestPart(node, position, first, second)) return true;
  return isServerAction(module, node) || isProcedureInput(module, node, position, first);
}

/** `data.get("amount")`, where `data` is a form. */
function readsForm(module: Module, { callee }: CallNode): boolean {
  if (callee.type !== "MemberExpression" || callee.object.type !== "Identifier") return false;
  if (!/^(?:get|getAll)$/.test(keyText(callee.property, callee.computed) ?? "")) return false;
  const binding = bindingOf(module, callee.object.name, callee);
  if (binding?.values.some(({ node }) => HOLDS_FIELDS.test(chainOf(node)))) return true;
  const declared = binding?.parameter?.of.params[binding.parameter.index];
  if (declared?.type !== "Identifier" || declared.typeAnnotation?.type !== "TSTypeAnnotation") return false;
  const { typeAnnotation: type } = declared.typeAnnotation;
  return type.type === "TSTypeReference" && chainOf(type.typeName) === "FormData";
}

/** A parameter's property that a framework fills from the request: `req.body`, `ctx.request.body`, `{ searchParams }`. */
function isRequestPart(
  fn: Extract<Node, { params: unknown[] }> | Node,
  position: string | undefined,
  first: string,
  second: string | undefined,
): boolean {
  if (!isFunction(fn)) return false;
  const name = nameOfParameter(fn, Number(position?.slice(1)));
  if (
    BODY.has(first) &&
    first !== "payload" &&
    /^(_?req|_?request|ctx|context|\{\}|c|event|props|args)$/i.test(name)
  ) {
    return true;
  }
  return (
    (first === "request" || first === "req") &&
    second !== undefined &&
    BODY.has(second) &&
    /^(ctx|context|c|\{\})$/.test(name)
  );
}

/** NestJS: `@Body() order: OrderDto`, `@Query("price") price: string`. */
function isDecorated(fn: Extract<Node, { params: Node[] }>, position: string | undefined): boolean {
  const parameter = fn.params[Number(position?.slice(1))];
  const decorators = parameter && "decorators" in parameter ? (parameter.decorators ?? []) : [];
  return decorators.some(({ expression }) => /^(?:Body|Query|Param|RawBody)\(\)$/.test(chainOf(expression)));
}

/** `{}` for one that is taken apart where it is declared. */
export function nameOfParameter(fn: Extract<Node, { params: Node[] }>, index: number): string {
  const parameter = fn.params[index];
  if (!parameter) return "";
  if (parameter.type === "ObjectPattern") return "{}";
  if (parameter.type === "AssignmentPattern") return chainOf(parameter.left);
  return chainOf(parameter);
}

/** tRPC's `input`, next-safe-action's `parsedInput`, Firebase's callable functions. */
function isProcedureInput(
  module: Module,
  fn: Node,
  position: string | undefined,
  first: string | undefined,
): boolean {
  const outer = module.parents.get(fn);
  if (outer?.type === "ObjectProperty" && isActionHandler(module, outer)) return position === "#0";
  if (!outer || !isCall(outer)) return false;
  const method = chainOf(outer.callee);
  if (/(?:^|\.)onCall$/.test(method)) return position === "#0";
  if (/createServerFn\(\).*\.handler$/.test(method)) return first === "data";
  return /\.(?:mutation|query|action)$/.test(method) && (first === "input" || first === "parsedInput");
}

/** Astro: `defineAction({ input: …, handler: async (input) => … })`. */
function isActionHandler(module: Module, property: Extract<Node, { type: "ObjectProperty" }>): boolean {
  const object = module.parents.get(property);
  const call = object && module.parents.get(object);
  const isHandler = keyText(property.key, property.computed) === "handler";
  return isHandler && call !== undefined && isCall(call) && chainOf(call.callee) === "defineAction";
}

/** A header the sender sets, or the address as the sender wrote it. */
export function isFromHeaders({ node, path }: Origin): boolean {
  const HEADER = /^(origin|host|referer|referrer|x-forwarded-host|x-forwarded-proto)$/i;
  if (isCall(node)) {
    // `get("origin")`, and h3's `getHeader(event, "origin")`.
    const asked = node.arguments.map((argument) => literalText(argument) ?? "");
    return (
      /(?:headers(?:\(\))?\.get|\.header|(?:^|\.)req(?:uest)?\.get|getHeader|getRequestHeader)$/i.test(
        chainOf(node.callee),
      ) && asked.some((name) => HEADER.test(name))
    );
  }
  if (!isFunction(node)) return false;
  const rest = path.slice(1);
  const at = rest.indexOf("headers");
  if (at >= 0) return HEADER.test(rest[at + 1] ?? "");
  return (
    /^(request\.|req\.)?(nextUrl|url)(\.(origin|host|href|protocol))*$/.test(rest.join(".")) ||
    rest.join(".") === "hostname"
  );
}
