import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  type Declared,
  declarationsIn,
  type Node,
  nameOf,
  nodeOf,
  nodes,
  resolved,
} from "./test-declarations.ts";

/** What a parameter may be, by the SDK's declarations. */
export type Shape =
  | { kind: "boolean" | "map" | "number" | "text" | "unknown" }
  | { kind: "words"; words: string[]; also?: Shape }
  | { kind: "list"; item: Shape }
  | { kind: "hash"; fields: Record<string, { shape: Shape; required: boolean }> };

/** One call of the API that the SDK has: `POST /v1/coupons/:id` and what it may be sent. */
export interface Operation {
  method: string;
  path: string;
  params: Shape | undefined;
}

const ROOT = join(dirname(dirname(createRequire(import.meta.url).resolve("stripe"))), "esm");
const SHARED = declarationsIn(readFileSync(join(ROOT, "shared.d.ts"), "utf8"));
/** Deeper than any form is read. */
const DEEPEST = 8;

/** Every operation of the first API, or of the second, that the installed SDK has. */
export function declaredOperations(api: "v1" | "v2" = "v1"): Operation[] {
  const root = join(ROOT, "resources");
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js") && name.startsWith("V2") === (api === "v2"))
    .flatMap((name) => operationsIn(join(root, name)));
}

function operationsIn(file: string): Operation[] {
  const code = readFileSync(file, "utf8");
  const calls = [
    ...code.matchAll(
      /^ {4}(\w+)\([^)]*\) \{\n(?: {8}.*\n)*? {8}return this\._makeRequest\('(\w+)', [`']([^`']+)[`']/gm,
    ),
  ];
  if (calls.length === 0) return [];
  const text = readFileSync(file.replace(/\.js$/, ".d.ts"), "utf8");
  const declared = declarationsIn(text);
  return calls.map(([, name = "", method = "", path = ""]) => {
    const type = new RegExp(`^ {4}${name}\\(.*?params\\??: ([\\w.]+)[,)]`, "m").exec(text)?.[1];
    const params = type && shapeNamed(type, { file: declared, node: nodeOf(undefined), scope: "" }, 0);
    return { method, path: path.replace(/\$\{[^}]*?(\w+)\)\}/g, ":$1"), params: params || undefined };
  });
}

function shapeNamed(name: string, from: Declared, depth: number): Shape {
  if (name === "MetadataParam") return { kind: "map" };
  const own = resolved(name, from) ?? shared(name);
  return own ? shapeOf(own, depth + 1) : { kind: name.endsWith("Decimal") ? "text" : "unknown" };
}

const shared = (name: string): Declared | undefined => {
  const node = SHARED.get(name);
  return node && { file: SHARED, node, scope: "" };
};

function shapeOf(type: Declared, depth: number): Shape {
  const { node } = type;
  if (depth > DEEPEST) return { kind: "unknown" };
  const inner = (value: unknown) => shapeOf({ ...type, node: nodeOf(value) }, depth);
  switch (node.type) {
    case "TSInterfaceDeclaration":
      return {
        kind: "hash",
        fields: { ...inherited(type, depth), ...fieldsOf(type, Object(node.body).body, depth) },
      };
    case "TSTypeLiteral":
      return { kind: "hash", fields: fieldsOf(type, node.members, depth) };
    case "TSTypeAliasDeclaration":
    case "TSParenthesizedType":
      return inner(node.typeAnnotation);
    case "TSUnionType":
      return unionOf(type, depth);
    case "TSArrayType":
      return { kind: "list", item: inner(node.elementType) };
    case "TSTypeReference":
      return referenceOf(type, depth);
    case "TSStringKeyword":
      return { kind: "text" };
    case "TSNumberKeyword":
      return { kind: "number" };
    case "TSBooleanKeyword":
      return { kind: "boolean" };
    case "TSLiteralType":
      return wordOf(Object(node.literal).value);
    default:
      return { kind: "unknown" };
  }
}

const wordOf = (value: unknown): Shape =>
  typeof value === "string" ? { kind: "words", words: value === "" ? [] : [value] } : { kind: "boolean" };

function inherited(type: Declared, depth: number): Record<string, { shape: Shape; required: boolean }> {
  const parents = nodes(type.node.extends).map((parent) => nameOf(nodeOf(parent.expression)));
  return Object.assign(
    {},
    ...parents.map((name) => {
      const shape = shapeNamed(name, type, depth);
      return shape.kind === "hash" ? shape.fields : {};
    }),
  );
}

function fieldsOf(type: Declared, members: unknown, depth: number) {
  const fields: Record<string, { shape: Shape; required: boolean }> = {};
  for (const member of nodes(members)) {
    if (member.type === "TSIndexSignature") continue;
    const name = String(Object(member.key).name ?? Object(member.key).value);
    if (name === "expand") continue;
    const node = nodeOf(Object(member.typeAnnotation).typeAnnotation);
    fields[name] = { shape: shapeOf({ ...type, node }, depth + 1), required: member.optional !== true };
  }
  return fields;
}

/** All the words that a union allows, or else the richest of its members. */
function unionOf(type: Declared, depth: number): Shape {
  const shapes = nodes(type.node.types)
    .filter((node: Node) => node.type !== "TSNullKeyword" && nameOf(nodeOf(node.typeName)) !== "OtherString")
    .map((node) => shapeOf({ ...type, node }, depth));
  const words = shapes.flatMap((shape) => (shape.kind === "words" ? shape.words : []));
  const others = shapes.filter(({ kind }) => kind !== "words");
  const richest = others.find(({ kind }) => kind === "hash" || kind === "list") ?? others[0];
  if (words.length === 0) return richest ?? { kind: "unknown" };
  return { kind: "words", words, ...(richest && { also: richest }) };
}

function referenceOf(type: Declared, depth: number): Shape {
  const name = nameOf(nodeOf(type.node.typeName));
  const [node] = nodes(Object(type.node.typeParameters ?? type.node.typeArguments).params);
  const inner = () => shapeOf({ ...type, node: nodeOf(node) }, depth);
  if (name === "Array") return { kind: "list", item: inner() };
  if (name === "Emptyable") return inner();
  return shapeNamed(name, type, depth);
}

/** The ways to each single value: `["line_items", "0", "price"]`. */
export function leavesOf(shape: Shape | undefined, way: string[] = []): { way: string[]; shape: Shape }[] {
  if (!shape) return [];
  if (shape.kind === "hash") {
    return Object.entries(shape.fields).flatMap(([name, field]) => leavesOf(field.shape, [...way, name]));
  }
  if (shape.kind === "list") return leavesOf(shape.item, [...way, "0"]);
  return [{ way, shape }];
}
