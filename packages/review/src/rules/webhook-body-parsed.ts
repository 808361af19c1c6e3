import { isFromClient } from "../stripe/requests.ts";
import { isCall, type Module } from "../syntax/module.ts";
import { type Origin, originsOf } from "../syntax/origins.ts";
import type { Place, Project } from "../syntax/project.ts";
import { chainOf, literalText } from "../syntax/walk.ts";
import { jsonParserBefore } from "./express-order.ts";
import { fault, type Rule } from "./rule.ts";

export const webhookBodyParsed: Rule = {
  id: "webhook-body-parsed",
  level: "error",
  title: "The body is parsed before its signature is checked.",
  why: "Stripe signs the bytes it sent. A parsed and re-serialised body has other bytes: every genuine event is refused, and nobody who pays gets access.",
  fix: 'Hand the raw body to constructEvent: `await request.text()` (Next app router, Hono, Remix), `express.raw({ type: "application/json" })` on the route and before any express.json(), `export const config = { api: { bodyParser: false } }` in Next pages/api.',
  check({ project, webhooks }) {
    const checks = new Map(
      webhooks.flatMap(({ verifications }) => verifications.map((place) => [place.node, place])),
    );
    return [...checks.values()].flatMap((check) => {
      const reason = whyParsed(project, check);
      const at = check.node.arguments[0] ?? check.node;
      return reason ? [fault(check.module, at, reason)] : [];
    });
  },
};

/** Readers that parse: h3 and Nuxt, AdonisJS. */
const PARSES: Record<string, string> = {
  readBody: "readBody parses the body; readRawBody hands it over as it came.",
  readValidatedBody: "readValidatedBody parses the body; readRawBody hands it over as it came.",
  "request.body": "request.body() is parsed; request.raw() is the body as it came.",
  "request.all": "request.all() is parsed; request.raw() is the body as it came.",
  "ctx.request.body": "request.body() is parsed; request.raw() is the body as it came.",
};

function whyParsed(project: Project, { module, node }: Place): string | undefined {
  const [body] = node.arguments;
  if (!body) return undefined;
  const origins = originsOf(project, module, body);
  for (const origin of origins) {
    const through = origin.through.map((call) => chainOf(call.callee));
    if (through.some((chain) => chain === "JSON.stringify"))
      return "The body was parsed and written anew with JSON.stringify.";
    if (through.some((chain) => chain === "JSON.parse")) return "The body went through JSON.parse.";
    if (isCall(origin.node) && /(?:^|\.)json$/.test(chainOf(origin.node.callee)) && isFromClient(origin)) {
      return "The body was read with .json(), which parses it.";
    }
    const reader = isCall(origin.node) ? PARSES[chainOf(origin.node.callee)] : undefined;
    if (reader !== undefined) return reader;
  }
  const parsed = origins.find(readsParsedBody);
  const api = pagesApiModule(project, module);
  if (api && !bodyParserIsOff(project, api)) {
    return "Next.js has parsed the body: this file doesn't switch off bodyParser.";
  }
  if (!parsed || api) return undefined;
  return frameworkParsed(project, parsed);
}

function readsParsedBody({ path }: Origin): boolean {
  const last = path.at(-1);
  return last === "body" && !path.includes("rawBody");
}

function frameworkParsed(project: Project, { module, path }: Origin): string | undefined {
  const imports = project.modules.filter((other) => other === module || importsFramework(other));
  const uses = (name: string) => importsOf(module).includes(name);
  if (
    uses("fastify") &&
    !imports.some((other) => /rawBody|addContentTypeParser|fastify-raw-body/.test(other.text))
  ) {
    return "Fastify has parsed this body as JSON.";
  }
  if (uses("@nestjs/common") && !keepsRawBody(project)) {
    return "NestJS has parsed this body; with `rawBody: true` in NestFactory.create it is in req.rawBody.";
  }
  if (importsOf(module).some((name) => name.startsWith("firebase-functions"))) {
    return "Firebase has parsed this body; req.rawBody is the body as it came.";
  }
  if (path.at(-2) === "request" && importsAny(project, /^(?:koa-body|koa-bodyparser|@koa\/bodyparser)$/)) {
    return "The body parser of Koa has parsed this body.";
  }
  const parser = jsonParserBefore(project, module);
  return parser ? `express.json() in ${parser} has parsed this body already.` : undefined;
}

function keepsRawBody(project: Project): boolean {
  return project.modules.some((module) =>
    /bodyParser\s*:\s*false|(?:bodyParser|express)\.raw\(|\braw\(\s*\{|verify\s*:/.test(module.text),
  );
}

function importsFramework(module: Module): boolean {
  return importsOf(module).some((name) => /^(?:fastify|express|koa)/.test(name));
}

function importsAny(project: Project, names: RegExp): boolean {
  return project.modules.some((module) => importsOf(module).some((name) => names.test(name)));
}

function importsOf(module: Module): string[] {
  return module.nodes.flatMap((node) => {
    if (node.type === "ImportDeclaration") return [node.source.value];
    if (node.type !== "CallExpression" || chainOf(node.callee) !== "require") return [];
    return [literalText(node.arguments[0]) ?? ""];
  });
}

/** The Next.js pages/api file whose handler this check belongs to. */
function pagesApiModule(project: Project, module: Module): Module | undefined {
  const IN_PAGES = /(?:^|\/)pages\/api\//;
  if (IN_PAGES.test(module.path)) return module;
  return project.modules.find(
    (other) =>
      IN_PAGES.test(other.path) &&
      other.nodes.some(
        (node) => node.type === "ImportDeclaration" && project.follow(other, node.source.value) === module,
      ),
  );
}

function bodyParserIsOff(project: Project, module: Module): boolean {
  const config = module.exports.get("config");
  if (!config || !("node" in config)) return /bodyParser\s*:\s*false/.test(module.text);
  return originsOf(project, module, config.node, [...config.path, "api", "bodyParser"]).some(
    ({ node }) => node.type === "BooleanLiteral" && !node.value,
  );
}
