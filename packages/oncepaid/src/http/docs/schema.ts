import { html } from "hono/html";
import { z } from "zod";

/** A schema as a list of its fields, for a person. */

type Html = ReturnType<typeof html>;
type Schema = z.core.JSONSchema.BaseSchema;

/** The fields of what is taken or answered; a sentence where it has none. */
export function fieldsOf(schema: z.ZodType, io: "input" | "output"): Html {
  const described = jsonSchemaOf(schema, io);
  return inner(described) ?? html`<p class="muted">${typeOf(described)}</p>`;
}

/** As JSON Schema; a description stands beside it. */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): Schema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" });
}

/** What lies in it: the fields of an object, of a list's elements, of each choice. */
function inner(schema: Schema): Html | undefined {
  const { items, anyOf, oneOf, properties, required = [] } = schema;
  if (properties) {
    const rows = Object.entries(properties).map(([name, one]) =>
      field(name, asSchema(one), required.includes(name)),
    );
    return rows.length > 0 ? html`<ul class="fields">${rows}</ul>` : undefined;
  }
  if (items !== undefined && !Array.isArray(items)) return inner(asSchema(items));
  if (typeof schema.additionalProperties === "object") return inner(schema.additionalProperties);
  const choices = (anyOf ?? oneOf ?? []).map((one) => inner(one)).filter((one) => one !== undefined);
  if (choices.length < 2) return choices[0];
  return html`${choices.map((one, index) => html`${index > 0 ? html`<small>or</small>` : ""}${one}`)}`;
}

function field(name: string, schema: Schema, required: boolean): Html {
  return html`<li><code>${name}</code> <small>${typeOf(schema)}</small>${required ? html` <em>required</em>` : ""}
    ${schema.description ? html`<br><small>${schema.description}</small>` : ""}${inner(schema) ?? ""}</li>`;
}

/** In a few words: `string, 8–200 characters`, `list of object`, `"now" or "period_end"`. */
export function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" or ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(" or ");
  if (schema.type === "array") {
    return `list of ${schema.items === undefined || Array.isArray(schema.items) ? "anything" : typeOf(asSchema(schema.items))}`;
  }
  const name = schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? "anything");
  return [name, ...limitsOf(schema)].join(", ");
}

/** zod's limits of a safe integer say nothing that a person would want to read. */
function limitsOf({ minLength, maxLength, minimum, maximum, default: usual }: Schema): string[] {
  const characters = between(minLength, maxLength);
  const value = between(safe(minimum), safe(maximum));
  return [
    ...(characters ? [`${characters} characters`] : []),
    ...(value ? [value] : []),
    ...(usual === undefined ? [] : [`${JSON.stringify(usual)} if left out`]),
  ];
}

function safe(limit: number | undefined): number | undefined {
  return limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER ? limit : undefined;
}

function between(least: number | undefined, most: number | undefined): string | undefined {
  if (least !== undefined && most !== undefined) return least === most ? `${least}` : `${least}–${most}`;
  if (least !== undefined) return `at least ${least}`;
  return most === undefined ? undefined : `at most ${most}`;
}

/** JSON Schema has `true` for anything, and `false` for nothing. */
function asSchema(schema: Schema | boolean): Schema {
  return typeof schema === "boolean" ? {} : schema;
}
