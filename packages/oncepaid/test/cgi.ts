import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { buffer } from "node:stream/consumers";

/** Runs a program for each request, as a web server does by the Common Gateway Interface. Source: RFC 3875. */
export async function serveCgi(
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const child = spawn(program, [], {
      env: { ...env, ...headersOf(request), CONTENT_LENGTH: String(body.byteLength) },
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(body);
    const [, status = "500"] = /^Status: (\d+)/.exec(String(await buffer(child.stdout))) ?? [];
    response.writeHead(Number(status)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/`, server };
}

/** `webhook-id` is HTTP_WEBHOOK_ID. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [
    `HTTP_${name.toUpperCase().replaceAll("-", "_")}`,
    String(value),
  ]);
  return Object.fromEntries(named);
}
