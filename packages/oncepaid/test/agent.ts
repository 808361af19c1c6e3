import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ROOT } from "../../../shop/embedded/places.ts";
import type { Beside } from "./served.ts";

/** An agent beside the engine: the SDK's own client, which starts `npx oncepaid mcp` and speaks to it over its streams. */
export type Agent = {
  /** Their names, with what they say of themselves. */
  tools(): Promise<Record<string, { readOnly: boolean | undefined; destructive: boolean | undefined }>>;
  call(name: string, given?: Record<string, unknown>): Promise<{ failed: boolean; told: unknown }>;
  close(): Promise<void>;
};

export async function startAgent(beside: Beside, args: string[] = []): Promise<Agent> {
  const main = join(ROOT, "packages", "oncepaid", "src", "cli", "main.ts");
  const env = Object.fromEntries(Object.entries(beside.env).map(([name, value]) => [name, value ?? ""]));
  const client = new Client({ name: "an agent of the tests", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [main, "mcp", ...args],
      cwd: beside.folder,
      env,
      stderr: "ignore",
    }),
  );
  return {
    tools: async () => {
      const { tools } = await client.listTools();
      return Object.fromEntries(
        tools.map(({ name, annotations }) => [
          name,
          { readOnly: annotations?.readOnlyHint, destructive: annotations?.destructiveHint },
        ]),
      );
    },
    call: async (name, given = {}) => {
      const { content, isError } = await client.callTool({ name, arguments: given });
      const [first] = Array.isArray(content) ? content : [];
      return { failed: isError === true, told: toldIn(String(first?.text)) };
    },
    close: () => client.close(),
  };
}

/** What the SDK itself refuses is a sentence, no JSON. */
function toldIn(text: string): unknown {
  return text.startsWith("{") ? JSON.parse(text) : text;
}
