import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { type Command, type CommandContext, UsageError } from "#/cli/command.ts";
import { codeOf } from "#/failure.ts";
import { addTools, CHANGE_NAMES, INSTRUCTIONS } from "#/mcp/server.ts";

export const MCP_USAGE = `  --allow-changes <names>   what an agent may change, with commas between: ${CHANGE_NAMES.join(", ")}; nothing without it
  --by <who>                who stands in timelines, as "<who> by an agent"; without it your name on this machine
`;

const NOT_INSTALLED =
  "This needs the official SDK of the Model Context Protocol beside this package: npm install @modelcontextprotocol/sdk";

/** Answers an agent over standard input and output, until that is closed. What it may change is named by whoever starts it. */
export const mcpCommand: Command = async (context, args) => {
  const { values } = parseArgs({
    args,
    options: { "allow-changes": { type: "string" }, by: { type: "string" } },
  });
  const allowed = allowedOf(values["allow-changes"]);
  const sdk = await loadSdk();
  if (!sdk) {
    context.printError(NOT_INSTALLED);
    return 1;
  }
  const server = new sdk.McpServer({ name: "oncepaid", version: "1" }, { instructions: INSTRUCTIONS });
  addTools(server, context.engine, allowed, `${values.by ?? userInfo().username} by an agent`);
  await server.connect(new sdk.StdioServerTransport());
  context.printError(
    allowed.length > 0 ? `An agent may change: ${allowed.join(", ")}.` : "An agent may change nothing.",
  );
  await closed(context);
  await server.close();
  return 0;
};

function allowedOf(names: string | undefined): string[] {
  const allowed = (names ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = allowed.find((name) => !CHANGE_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--allow-changes: "${unknown}" is none of ${CHANGE_NAMES.join(", ")}.`);
  }
  return allowed;
}

/** An app that lets no agent ask has no need of it, so it is installed by those that do. */
async function loadSdk() {
  try {
    const { McpServer } = await import("@modelcontextprotocol/sdk/server/mcp.js");
    const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
    return { McpServer, StdioServerTransport };
  } catch (error) {
    if (codeOf(error) === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

function closed({ stop }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => resolve(), { once: true });
    process.stdin.once("end", () => resolve());
    process.stdin.once("close", () => resolve());
  });
}
