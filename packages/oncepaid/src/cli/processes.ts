import { COMMANDS, type Described } from "#/cli/commands.ts";
import { MCP_USAGE, mcpCommand } from "#/cli/mcp.ts";
import { SERVE_USAGE, serveCommand } from "#/cli/serve.ts";

/** The commands of this program: those that an app may call as functions too (oncepaid/operations), and what only a process can do. */
export const ALL: Readonly<Record<string, Described>> = {
  ...COMMANDS,
  serve: {
    what: "answer over HTTP in a process of its own, for apps in any language",
    usage: SERVE_USAGE,
    run: serveCommand,
  },
  mcp: {
    what: "answer agents that speak the Model Context Protocol, over standard input and output",
    usage: MCP_USAGE,
    run: mcpCommand,
  },
};
