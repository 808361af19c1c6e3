import { OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { type Access, everybody, type Proof } from "#/http/access.ts";
import { type Answers, endpoint, json, type Takes } from "#/http/endpoint.ts";
import { type Route, route } from "#/http/route.ts";

const SCHEMES = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "session",
    description: "The app's own session, or a guest's cookie.",
  },
  apiKey: { type: "http", scheme: "bearer", description: "An API key of the app's own servers." },
  cronSecret: { type: "http", scheme: "bearer", description: "The secret of the host's cron." },
  stripeSignature: { type: "apiKey", in: "header", name: "stripe-signature" },
  metricsToken: { type: "http", scheme: "bearer", description: "The app's `metricsToken`." },
} as const satisfies Record<Proof, object>;

const failed = z.object({
  error: z.string().describe("One sentence for a person."),
  code: z.string().describe("The same for a program."),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe("Everything that is wrong with the request, by its field."),
});

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
  const itself = route("GET", "/openapi.json", everybody, described);
  return itself;
}

/** The table of routes as an OpenAPI 3.1 document, made from the schemas that check what routes take. */
export function openapiDocument(routes: readonly Route[], basePath: string) {
  const app = new OpenAPIHono();
  for (const [name, scheme] of Object.entries(SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  for (const one of routes) app.openAPIRegistry.registerPath(operationOf(one, basePath));
  return app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "Oncepaid", version: "1" } });
}

function operationOf(
  { method, path, summary, access, takes, answers }: Route,
  basePath: string,
): RouteConfig {
  return {
    method: METHODS[method],
    path: `${basePath}${templateOf(path)}`,
    summary,
    description: `For ${access.who}.`,
    security: securityOf(access),
    request: requestOf(takes),
    responses: {
      [answers.status]: answerOf(answers),
      default: { description: "A failure.", content: { "application/json": { schema: failed } } },
    },
  };
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

function requestOf({ params, query, body }: Takes): RouteConfig["request"] {
  return {
    ...(params && { params }),
    ...(query && { query }),
    ...(body && { body: { required: true, content: { "application/json": { schema: body } } } }),
  };
}

function securityOf({ proofs, orNobody }: Access): Record<string, string[]>[] {
  const any = proofs.map((proof) => ({ [proof]: [] }));
  return orNobody && any.length > 0 ? [...any, {}] : any;
}
