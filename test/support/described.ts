import { z } from "zod";

/** What answers requests, as `oncepaid/node` takes it. */
type Api = { handle(request: Request, host?: { address?: string | undefined }): Promise<Response> };
type Schema = Record<string, unknown>;
type Operation = { responses: Record<string, { content?: Record<string, { schema?: Schema }> }> };
type Described = { method: string; path: RegExp; operation: Operation };

/**
 * The same API, which notes every answer that is another one than its own OpenAPI document says. What Node's listener finds beside `handle`
 * stays: deliveries are taken as in the shop.
 */
export function described<A extends Api>(api: A, basePath: string): { api: A; undescribed: Set<string> } {
  const undescribed = new Set<string>();
  let routes: Promise<Described[]> | undefined;
  const handle: Api["handle"] = async (request, host) => {
    const { method, url } = request;
    const response = await api.handle(request, host);
    routes ??= routesOf(api, basePath);
    const problem = await problemOf(await routes, method, new URL(url).pathname, response.clone());
    if (problem !== undefined) undescribed.add(problem);
    return response;
  };
  return { api: { ...api, handle }, undescribed };
}

async function routesOf(api: Api, basePath: string): Promise<Described[]> {
  const document = await (await api.handle(new Request(`http://localhost${basePath}/openapi.json`))).json();
  const paths: [string, Record<string, Operation>][] = Object.entries(document.paths);
  return paths.flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
      operation,
    })),
  );
}

async function problemOf(routes: Described[], method: string, path: string, response: Response) {
  const asked = method === "HEAD" ? "GET" : method;
  const matching = routes.filter((route) => route.method === asked && route.path.test(path));
  // The one with the fewest names in its path, as routers choose.
  const [route] = matching.sort(
    (a, b) => a.path.source.split("[^/]+").length - b.path.source.split("[^/]+").length,
  );
  if (!route) return undefined;
  const name = `${asked} ${route.path.source} ${response.status}`;
  const { responses } = route.operation;
  const answer = responses[response.status] ?? responses.default;
  if (!answer) return `${name}: the status isn't there: ${await response.text()}`;
  const isJson = response.headers.get("content-type")?.includes("application/json") ?? false;
  if (!isJson || method === "HEAD") return undefined;
  const json = await response.json();
  const schema = answer.content?.["application/json"]?.schema;
  if (!schema) return `${name}: there is no schema for ${JSON.stringify(json)}`;
  const { error } = checkOf(schema).safeParse(json);
  return error && `${name}: ${z.prettifyError(error)} in ${JSON.stringify(json)}`;
}

/** Made once of each schema: it takes longer than to check an answer with it. */
const checks = new WeakMap<Schema, z.ZodType>();

function checkOf(schema: Schema): z.ZodType {
  const check = checks.get(schema) ?? z.fromJSONSchema(schema);
  checks.set(schema, check);
  return check;
}
