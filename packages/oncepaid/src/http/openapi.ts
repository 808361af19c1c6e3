import { OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { type FailureCode, STATUS_OF } from "#/failure.ts";
import { type Access, everybody, type Proof } from "#/http/access.ts";
import { MEANING } from "#/http/codes.ts";
import { type Answers, endpoint, json, mayBeLeftOut, type Takes } from "#/http/endpoint.ts";
import { type Route, route } from "#/http/route.ts";

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
  "JSON in and out; amounts are minor units, times ISO 8601 in UTC.",
  "A failure is `{ error, code, issues? }`. 4xx fails again as it stands; 429 and 5xx are safe to send again, after `Retry-After`",
  "seconds where the answer has it. A repetition under the same `cartId` or `Idempotency-Key` does nothing twice.",
  "",
  "| code | status | what it means |",
  "|---|---|---|",
  ...Object.keys(STATUS_OF)
    .filter(isCode)
    .map((code) => `| \`${code}\` | ${STATUS_OF[code]} | ${MEANING[code]} |`),
].join("\n");

function isCode(name: string): name is FailureCode {
  return name in STATUS_OF;
}

const RETRY_AFTER = {
  description: "How many seconds to wait before trying again.",
  schema: { type: "integer", minimum: 1 },
} as const;

function failed(codes: readonly [FailureCode, ...FailureCode[]] | undefined) {
  return z.object({
    error: z.string().describe("One sentence for a person."),
    code: (codes ? z.enum(codes) : z.string()).describe("The same for a program."),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe("Everything that is wrong with the request, by its field."),
  });
}

/** A route that describes itself and all the others. */
export function openapiRoute(others: readonly Route[], basePath: string): Route {
  const described = endpoint({
    summary: "All of this, as OpenAPI 3.1",
    answers: json(z.looseObject({ openapi: z.string() })),
    handle: async () => {
      const { openapi, ...more } = openapiDocument([...others, itself], basePath);
      return { openapi, ...more };
    },
  });
  const itself = route("GET", "/openapi.json", everybody, described, []);
  return itself;
}

/** The table of routes as an OpenAPI 3.1 document, made from the schemas that check what routes take. */
export function openapiDocument(routes: readonly Route[], basePath: string) {
  const app = new OpenAPIHono();
  for (const [name, scheme] of Object.entries(SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  for (const one of routes) app.openAPIRegistry.registerPath(operationOf(one, basePath));
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Oncepaid", version: "1", description: DESCRIPTION },
  });
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

/** In words too: few programs that show such a document show what stands beside a scheme that isn't OAuth. */
function scopeOf({ proofs, scope = "operator" }: Access): string {
  if (!proofs.includes("apiKey")) return "";
  return ` An API key needs the scope \`${scope}\`${scope === "operator" ? "" : ", or `operator`"}.`;
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

/** How a route may fail: as it says itself, and as any one does that takes what it takes from whom it takes it. */
function codesOf({ method, path, access, takes, fails }: Route): FailureCode[] | undefined {
  if (!fails) return undefined;
  const codes: FailureCode[] = [...fails, "internal"];
  if (path.includes(":") || takes.query || takes.headers || takes.body) codes.push("invalid_request");
  if (method !== "GET") codes.push("payload_too_large");
  if (method !== "GET" && !access.proofs.includes("stripeSignature")) codes.push("forbidden");
  if (access.proofs.includes("apiKey")) codes.push("unauthenticated", "forbidden", "insufficient_scope");
  if (access.proofs.includes("cronSecret")) codes.push("unauthenticated", "not_found");
  return [...new Set(codes)];
}

function jsonOf(schema: z.ZodType) {
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

/** `/orders/:id` as OpenAPI writes it, `/orders/{id}`; what a parameter has to look like stands in its schema. */
function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}");
}

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
