import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse } from "@babel/parser";
import { isJson, type Json } from "./wire.ts";

/** A piece of the syntax tree of the SDK's declarations, of which only a few kinds occur. */
export interface Node {
  type: string;
  [key: string]: unknown;
}

/** A declared type, with all that its file declares: names in it mean what they mean there. */
export interface Declared {
  node: Node;
  scope: string;
  file: Map<string, Node>;
}

/** The interfaces of Stripe's objects, by the name in their `object` field. */
const OBJECTS = declaredObjects();

/** What is wrong with an object by the SDK's own declarations: what is missing, null without leave, or unheard of. */
export function problemsOf(object: Json): string[] {
  const declared = OBJECTS.get(String(object.object));
  return declared ? problems(object, declared, "") : [];
}

function problems(value: unknown, type: Declared, path: string): string[] {
  const { node } = type;
  const said = (what: string) => [`${path || "it"} is ${JSON.stringify(value)?.slice(0, 60)}, not ${what}`];
  switch (node.type) {
    case "TSInterfaceDeclaration":
      return members(value, type, nodes(Object(node.body).body), path);
    case "TSTypeLiteral":
      return members(value, type, nodes(node.members), path);
    case "TSTypeAliasDeclaration":
      return problems(value, { ...type, node: nodeOf(node.typeAnnotation) }, path);
    case "TSParenthesizedType":
      return problems(value, { ...type, node: nodeOf(node.typeAnnotation) }, path);
    case "TSUnionType":
      return union(value, type, path);
    case "TSArrayType":
      return items(value, { ...type, node: nodeOf(node.elementType) }, path);
    case "TSTypeReference":
      return reference(value, type, path);
    case "TSLiteralType":
      return value === Object(node.literal).value ? [] : said(JSON.stringify(Object(node.literal).value));
    case "TSStringKeyword":
      return typeof value === "string" ? [] : said("a string");
    case "TSNumberKeyword":
      return typeof value === "number" ? [] : said("a number");
    case "TSBooleanKeyword":
      return typeof value === "boolean" ? [] : said("a boolean");
    case "TSNullKeyword":
      return value === null ? [] : said("null");
    case "TSVoidKeyword":
    case "TSUndefinedKeyword":
      return value === undefined ? [] : said("absent");
    default:
      return [];
  }
}

function members(value: unknown, type: Declared, all: readonly Node[], path: string): string[] {
  if (!isJson(value)) return [`${path || "it"} is ${JSON.stringify(value)}, not an object`];
  return all.flatMap((member) => {
    if (member.type !== "TSPropertySignature") return [];
    const name = String(Object(member.key).name ?? Object(member.key).value);
    const at = path === "" ? name : `${path}.${name}`;
    if (value[name] === undefined) return member.optional === true ? [] : [`${at} is missing`];
    const node = nodeOf(Object(member.typeAnnotation).typeAnnotation);
    return problems(value[name], { ...type, node }, at);
  });
}

/** A union has no problem if one of its members has none; else those of the most likely member are told. */
function union(value: unknown, type: Declared, path: string): string[] {
  const tried = nodes(type.node.types).map((node) => problems(value, { ...type, node }, path));
  if (tried.some((found) => found.length === 0)) return [];
  const deeper = tried.find((found) => found.some((problem) => !problem.startsWith(`${path || "it"} is `)));
  return (
    deeper ?? [`${path || "it"} is ${JSON.stringify(value)?.slice(0, 60)}, which none of its types allows`]
  );
}

function items(value: unknown, type: Declared, path: string): string[] {
  if (!Array.isArray(value)) return [`${path} is ${JSON.stringify(value)}, not a list`];
  return value.flatMap((item, index) => problems(item, type, `${path}[${index}]`));
}

function reference(value: unknown, type: Declared, path: string): string[] {
  const name = nameOf(nodeOf(type.node.typeName));
  // Stripe may come to say what the SDK doesn't know; the sandbox shall not.
  if (name === "OtherString") return [`${path} is ${JSON.stringify(value)}, which the SDK doesn't know`];
  if (name === "Array") {
    const [node] = nodes(Object(type.node.typeParameters ?? type.node.typeArguments).params);
    return node ? items(value, { ...type, node }, path) : [];
  }
  const own = resolved(name, type);
  if (own) return problems(value, own, path);
  // An object of another file is looked at on its own, by its name; a Decimal is a text in JSON.
  return isJson(value) || (typeof value === "string" && name.endsWith("Decimal"))
    ? []
    : [`${path} is ${JSON.stringify(value)}, not ${name}`];
}

/** What a name means: in the innermost namespace first, then further out. */
export function resolved(name: string, { file, scope }: Declared): Declared | undefined {
  const parts = scope === "" ? [] : scope.split(".");
  for (let length = parts.length; length >= 0; length--) {
    const full = [...parts.slice(0, length), name].join(".");
    const node = file.get(full);
    if (node) return { file, node, scope: full.split(".").slice(0, -1).join(".") };
  }
  return undefined;
}

function declaredObjects(): Map<string, Declared> {
  const root = join(dirname(dirname(createRequire(import.meta.url).resolve("stripe"))), "esm/resources");
  const objects = new Map<string, Declared>();
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts") || name.startsWith("V2")) continue;
    const text = readFileSync(join(root, name), "utf8");
    if (!/^ {4}object: '/m.test(text)) continue;
    const file = declarationsIn(text);
    for (const [full, node] of file) {
      const object = node.type === "TSInterfaceDeclaration" && !full.includes(".") && objectNameOf(node);
      if (object) objects.set(object, { file, node, scope: "" });
    }
  }
  return objects;
}

/** All that a declaration file declares, by name; what is in a namespace has its name before its own. */
export function declarationsIn(text: string): Map<string, Node> {
  const file = new Map<string, Node>();
  const { program } = parse(text, { plugins: [["typescript", { dts: true }]], sourceType: "module" });
  declare(nodes(program.body), "", file);
  return file;
}

function declare(statements: readonly Node[], scope: string, file: Map<string, Node>): void {
  for (const statement of statements) {
    const node = statement.declaration ? nodeOf(statement.declaration) : statement;
    if (!isJson(node.id)) continue;
    const full = scope === "" ? nameOf(nodeOf(node.id)) : `${scope}.${nameOf(nodeOf(node.id))}`;
    if (node.type === "TSModuleDeclaration") declare(nodes(Object(node.body).body), full, file);
    else file.set(full, node);
  }
}

/** The name in an object's `object` field; what is left of a deleted object has a declaration of its own. */
function objectNameOf(node: Node): string | undefined {
  const fields = nodes(Object(node.body).body).filter(({ type }) => type === "TSPropertySignature");
  const named = (name: string) => fields.find((field) => Object(field.key).name === name);
  const literal = Object(Object(Object(named("object")?.typeAnnotation).typeAnnotation).literal).value;
  const deleted = named("deleted");
  const isStub = deleted !== undefined && deleted.optional !== true;
  return typeof literal === "string" && !isStub ? literal : undefined;
}

export function nameOf(node: Node): string {
  return node.type === "TSQualifiedName"
    ? `${nameOf(nodeOf(node.left))}.${Object(node.right).name}`
    : String(node.name);
}

export function nodeOf(value: unknown): Node {
  return isJson(value) ? { ...value, type: String(value.type) } : { type: "nothing" };
}

export function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.map(nodeOf) : [];
}
