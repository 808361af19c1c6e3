import { OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { type FailureCode, STATUS_OF } from "#/failure.ts";
import type { Access, Proof } from "#/http/access.ts";
import { MEANING } from "#/http/codes.ts";
import { codesOf, FAILURE_CODES, INTRODUCTION, scopeOf, templateOf } from "#/http/description.ts";
import { type Answers, endpoint, json, mayBeLeftOut, type Takes } from "#/http/endpoint.ts";
import { OUTBOUND, OUTBOUND_HEADERS } from "#/http/outbound.ts";
import type { Route } from "#/http/route.ts";

const SCHEMES = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "session",
    description: "The app's own session, or a guest's cookie.",
  },
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: "An API key of the app's own servers, with the scope the route names.",
  },
  cronSecret: { type: "http", scheme: "bearer", description: "The secret of the host's cron." },
  stripeSignature: { type: "apiKey", in: "header", name: "stripe-signature" },
  metricsToken: { type: "http", scheme: "bearer", description: "The app's `metricsToken`." },
} as const satisfies Record<Proof, object>;

const DESCRIPTION = [
  ...INTRODUCTION,
  "",
  "| code | status | what it means |",
  "|---|---|---|",
  ...FAILURE_CODES.map((code) => `| \`${code}\` | ${STATUS_OF[code]} | ${MEANING[code]} |`),
].join("\n");

const RETRY_AFTER = {
  description: "How many seconds to wait before trying again.",
  schema: { type: "integer", minimum: 1 },
} as const;

/** Written as OpenAPI has it: of each route there are several, and to derive them all from zod took most of the document's time. */
function failed(codes: readonly [FailureCode, ...FailureCode[]] | undefined) {
  const [object, string, array] = ["object", "string", "array"] as const;
  const issue = {
    type: object,
    properties: { path: { type: string }, message: { type: string } },
    required: ["path", "message"],
  };
  return {
    type: object,
    properties: {
      error: { type: string, description: "One sentence for a person." },
      code: { type: string, ...(codes && { enum: [...codes] }), description: "The same for a program." },
      issues: {
        type: array,
        items: issue,
        description: "Everything that is wrong with the request, by its field.",
      },
    },
    required: ["error", "code"],
  };
}

/** Describes all routes there are by the time it is asked, itself too. */
export function openapiEndpoint(all: () => readonly Route[], basePath: string) {
  return endpoint({
    summary: "All of this, as OpenAPI 3.1",
    answers: json(z.looseObject({ openapi: z.string() })),
    handle: async () => {
      const { openapi, ...more } = openapiDocument(all(), basePath);
      return { openapi, ...more };
    },
  });
}

/** The table of routes as an OpenAPI 3.1 document, made from the schemas that check what routes take. */
export function openapiDocument(routes: readonly Route[], basePath: string) {
  const app = new OpenAPIHono();
  for (const [name, scheme] of Object.entries(SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  for (const one of routes) app.openAPIRegistry.registerPath(operationOf(one, basePath));
  for (const one of OUTBOUND) app.openAPIRegistry.registerWebhook(webhookOf(one));
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Oncepaid", version: "1", description: DESCRIPTION },
  });
}

/** A request that is sent, and what may be answered to it. */
function webhookOf({ path, summary, description, event }: (typeof OUTBOUND)[number]): RouteConfig {
  return {
    method: "post",
    path,
    summary,
    description,
    request: { headers: OUTBOUND_HEADERS, body: jsonOf(event) },
    responses: {
      "2XX": { description: "Taken. Anything else within 10 seconds, and it is sent again for about a day." },
      410: { description: "Nobody wants this any more: nothing more is sent there." },
    },
  };
}

function operationOf(one: Route, basePath: string): RouteConfig {
  const { method, path, summary, access, takes, example, answers } = one;
  return {
    method: METHODS[method],
    path: `${basePath}${templateOf(path)}`,
    summary,
    description: `For ${access.who}.${scopeOf(access)}`,
    security: securityOf(access),
    request: requestOf(takes, example),
    responses: { ...answersOf(answers), ...failuresOf(one) },
  };
}

/** By status; where a route doesn't say how it may fail, it may in any way. */
function failuresOf(one: Route): RouteConfig["responses"] {
  const codes = codesOf(one);
  if (!codes) return { default: { description: "A failure.", ...jsonOf(failed(undefined)) } };
  const byStatus = Map.groupBy(codes, (code) => STATUS_OF[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, [first, ...others]]) => {
      const some: [FailureCode, ...FailureCode[]] = [first ?? "internal", ...others];
      return [
        status,
        {
          description: some.map((code) => MEANING[code]).join(" "),
          ...(status === 429 || status >= 500 ? { headers: { "Retry-After": RETRY_AFTER } } : {}),
          ...jsonOf(failed(some)),
        },
      ];
    }),
  );
}

function jsonOf<Schema extends z.ZodType | ReturnType<typeof failed>>(schema: Schema) {
  return { content: { "application/json": { schema } } };
}

function answersOf({ also = {}, ...answers }: Answers): RouteConfig["responses"] {
  const others = Object.entries(also).map(([status, description]) => [
    status,
    status === "204" ? { description } : answerOf({ ...answers, description }),
  ]);
  return { [answers.status]: answerOf(answers), ...Object.fromEntries(others) };
}

/** Of what isn't JSON the type is all there is to say. */
function answerOf({ description, content }: Answers) {
  if (!content) return { description };
  return { description, content: { [content.type]: { schema: content.schema ?? {} } } };
}

const METHODS = { GET: "get", POST: "post", PATCH: "patch", DELETE: "delete" } as const;

function requestOf({ params, query, headers, body }: Takes, example: unknown): RouteConfig["request"] {
  return {
    ...(params && { params }),
    ...(query && { query }),
    ...(headers && { headers }),
    ...(body && {
      body: {
        required: !mayBeLeftOut(body),
        content: { "application/json": { schema: body, ...(example !== undefined && { example }) } },
      },
    }),
  };
}

function securityOf({ proofs, orNobody, scope = "operator" }: Access): Record<string, string[]>[] {
  // For schemes that aren't OAuth the list names roles. Source: OpenAPI 3.1, security requirement object.
  const any = proofs.map((proof) => ({ [proof]: proof === "apiKey" ? [scope] : [] }));
  return orNobody && any.length > 0 ? [...any, {}] : any;
}
