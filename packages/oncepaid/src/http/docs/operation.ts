import { html } from "hono/html";
import type { z } from "zod";
import { STATUS_OF } from "#/failure.ts";
import { codesOf, scopeOf, templateOf } from "#/http/description.ts";
import { fieldsOf, jsonSchemaOf, typeOf } from "#/http/docs/schema.ts";
import type { Route } from "#/http/route.ts";

/** One route on the page: what it is, a form to try it, what it answers. */

type Html = ReturnType<typeof html>;

/** By which a link names it. */
export function anchorOf({ method, path }: Route): string {
  return `${method.toLowerCase()}${templateOf(path).replaceAll(/[^\w]+/g, "-")}`.replace(/-$/, "");
}

export function operation(route: Route, basePath: string): Html {
  const { method, path, summary, access, takes } = route;
  return html`<details class="operation" id="${anchorOf(route)}">
<summary><span class="method ${method}">${method}</span><code>${basePath}${templateOf(path)}</code><span>${summary}</span></summary>
<div><p class="muted">For ${access.who}.${scopeOf(access).replaceAll("`", "")}</p>
${takes.body ? html`<h3>Body</h3>${fieldsOf(takes.body, "input")}` : ""}
${form(route, basePath)}${answers(route)}</div></details>
`;
}

function form({ method, path, takes, example }: Route, basePath: string): Html {
  return html`<form data-method="${method}" data-path="${basePath}${templateOf(path)}"><fieldset disabled><legend>Try it</legend>
${inputs("path", takes.params)}${inputs("query", takes.query)}${inputs("header", takes.headers)}
${takes.body ? html`<label><b>body</b><textarea name="body" spellcheck="false">${example ? JSON.stringify(example, null, 2) : "{}"}</textarea></label>` : ""}
<button>Send</button><output aria-live="polite"></output></fieldset></form>`;
}

/** A field for each of them. */
function inputs(where: "path" | "query" | "header", schema: z.ZodObject | undefined): Html[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema, "input");
  return Object.entries(properties).map(([name, one]) => {
    const described = typeof one === "boolean" ? {} : one;
    const needed = required.includes(name) ? html` required` : "";
    return html`<label><b>${name}</b> ${typeOf(described)}${described.description ? ` · ${described.description}` : ""}
<input name="${name}" data-in="${where}" autocomplete="off" spellcheck="false"${needed}></label>`;
  });
}

function answers(route: Route): Html {
  const { status, description, content, also = {} } = route.answers;
  const codes = codesOf(route);
  return html`<h3>Answers</h3>
<details class="answers"><summary><code>${status}</code> ${content ? content.type : description}</summary>
${content?.schema ? fieldsOf(content.schema, "output") : html`<p class="muted">${description}</p>`}</details>
${Object.entries(also).map(([other, said]) => html`<p class="muted"><code>${other}</code> ${said}</p>`)}
${codes ? html`<h3>Failures</h3><ul class="fails">${codes.map((code) => html`<li>${STATUS_OF[code]} ${code}</li>`)}</ul>` : ""}`;
}
