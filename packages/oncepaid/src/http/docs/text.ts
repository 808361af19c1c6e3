import { STATUS_OF } from "#/failure.ts";
import { MEANING } from "#/http/codes.ts";
import { codesOf, FAILURE_CODES, INTRODUCTION, scopeOf, templateOf } from "#/http/description.ts";
import { jsonSchemaOf, typeOf } from "#/http/docs/schema.ts";
import { endpoint, file } from "#/http/endpoint.ts";
import { OUTBOUND, OUTBOUND_HEADERS } from "#/http/outbound.ts";
import type { Route } from "#/http/route.ts";

/** The same as the page, as one text: for a model to read, which needs no form and pays by the word. */

export function textEndpoint(all: () => readonly Route[], basePath: string) {
  return endpoint({
    summary: "All of this, as a text for a language model to read",
    answers: file("text/plain", "Markdown, as llmstxt.org describes it."),
    handle: async (c) => c.text(`# The API\n\n${httpText(all(), basePath)}`),
  });
}

/** Every route with what it takes, answers and may fail with, the failures, and what other servers are told. */
export function httpText(routes: readonly Route[], basePath: string): string {
  return [
    ...INTRODUCTION,
    "",
    "## Routes",
    ...routes.map((one) => routeText(one, basePath)),
    "## Failures",
    "",
    ...FAILURE_CODES.map((code) => `- ${STATUS_OF[code]} \`${code}\`: ${MEANING[code]}`),
    "",
    "## What other servers are told",
    "",
    OUTBOUND[0]?.description ?? "",
    "",
    ...Object.entries(OUTBOUND_HEADERS.shape).map(
      ([name, { description }]) => `- header \`${name}\`: ${description}`,
    ),
    ...OUTBOUND.map(({ path, summary, event }) => `- \`${path}\`: ${summary}. ${shapeOf(event, "output")}`),
    "",
  ].join("\n");
}

function routeText(route: Route, basePath: string): string {
  const { method, path, summary, access, takes, example, answers } = route;
  const codes = codesOf(route);
  const lines = [
    `\n### ${method} ${basePath}${templateOf(path)}\n`,
    `${summary}. For ${access.who}.${scopeOf(access)}\n`,
    ...(["query", "headers", "body"] as const).map((part) => {
      const taken = takes[part];
      return taken && `- ${part}: ${shapeOf(taken, "input")}`;
    }),
    example && `- example: \`${JSON.stringify(example)}\``,
    answers.content?.schema
      ? `- answers ${answers.status}: ${shapeOf(answers.content.schema, "output")}`
      : `- answers ${answers.status}: ${answers.description}`,
    codes && `- fails: ${codes.map((code) => `\`${code}\``).join(", ")}`,
  ];
  return lines.filter((line) => line !== undefined).join("\n");
}

type Schema = ReturnType<typeof jsonSchemaOf>;

/** `{ cartId: string, 8–200 characters; quantity?: integer }` */
function shapeOf(schema: Parameters<typeof jsonSchemaOf>[0], io: "input" | "output"): string {
  return shape(jsonSchemaOf(schema, io), io);
}

function shape(schema: Schema | boolean, io: "input" | "output"): string {
  if (typeof schema === "boolean") return "anything";
  const { properties, required = [], items, anyOf, oneOf } = schema;
  if (properties) {
    const fields = Object.entries(properties).map(([name, one]) => {
      const said = typeof one === "object" && one.description ? ` (${one.description})` : "";
      return `${name}${required.includes(name) ? "" : "?"}: ${shape(one, io)}${said}`;
    });
    return `{ ${fields.join("; ")} }`;
  }
  if (items !== undefined && !Array.isArray(items)) return `[${shape(items, io)}]`;
  const choices = anyOf ?? oneOf;
  if (choices) return [...new Set(choices.map((one) => shape(one, io)))].join(" | ");
  return typeOf(schema);
}
