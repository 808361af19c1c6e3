import { z } from "zod";
import { signed } from "../support/events.ts";
import { type Chance, oddBody, oddJson, oddText } from "./values.ts";

export type Target = "api" | "page" | "webhook" | "sandbox" | "mail";
export type FuzzedRequest = {
  target: Target;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
};

/** What is read of an OpenAPI document: enough to make requests that are nearly right. */
const schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const operation = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).optional(),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown().optional() })) })
    .optional(),
});
const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

type Operation = { method: string; path: string; query: string[]; body: unknown };

export function operationsOf(openapi: unknown): [Operation, ...Operation[]] {
  const operations = Object.entries(document.parse(openapi).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const { parameters = [], requestBody } = operation.parse(described);
      const query = parameters.filter((one) => one.in === "query").map(({ name }) => name);
      return {
        method: method.toUpperCase(),
        path,
        query,
        body: requestBody?.content["application/json"]?.schema,
      };
    }),
  );
  const [first, ...others] = operations;
  if (!first) throw new Error("The document describes nothing.");
  return [first, ...others];
}

const PAGES = [
  "/",
  "/products/ebook",
  "/products/{x}",
  "/pricing",
  "/cart",
  "/sign-in",
  "/account",
  "/checkout/success",
  "/checkout/pay/{x}",
  "/join/{x}",
  "/admin",
  "/admin/orders/{x}",
  "/admin/customers/{x}",
  "/admin/slots/{x}",
  "/_next/image",
  "/_next/static/{x}",
  "/{x}",
] as const;
const SANDBOX = [
  "/v1/checkout/sessions",
  "/v1/customers",
  "/v1/prices",
  "/v1/products",
  "/v1/payment_intents",
  "/v1/refunds",
  "/v1/charges",
  "/v1/subscriptions",
  "/v1/invoices",
  "/v1/coupons",
  "/v1/events",
  "/v1/disputes",
  "/v1/billing_portal/sessions",
  "/v1/{x}",
  "/c/pay/{x}",
  "/sandbox/deliveries",
  "/",
] as const;
const SANDBOX_FIELDS = [
  "mode",
  "amount",
  "currency",
  "customer",
  "email",
  "limit",
  "starting_after",
  "expand[]",
  "metadata[a]",
  "line_items[0][price]",
  "line_items[0][quantity]",
  "payment_intent",
  "success_url",
] as const;
const MAIL = ["/", "/api/messages", "/messages/{x}", "/messages/{x}/{x}", "/{x}"] as const;
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
const NO_BODY = new Set(["GET", "HEAD"]);
const EVENT_TYPES = [
  "checkout.session.completed",
  "charge.refunded",
  "refund.updated",
  "charge.dispute.closed",
  "customer.subscription.updated",
  "invoice.paid",
  "invoice.payment_failed",
  "customer.updated",
  "payment_intent.succeeded",
  "no.such.event",
] as const;

export type Ground = {
  operations: [Operation, ...Operation[]];
  apiKey: string;
  ids: [string, ...string[]];
  secret: string;
};

export function fuzzedRequest(chance: Chance, ground: Ground): FuzzedRequest {
  const target = chance.of<Target>([
    "api",
    "api",
    "api",
    "api",
    "api",
    "page",
    "page",
    "webhook",
    "sandbox",
    "mail",
  ]);
  if (target === "api") return apiRequest(chance, ground);
  if (target === "webhook") return delivery(chance, ground);
  const paths = { page: PAGES, sandbox: SANDBOX, mail: MAIL }[target];
  const method = chance.is(0.7) ? "GET" : chance.of(METHODS);
  const headers = oddHeaders(chance);
  if (target !== "sandbox")
    return {
      target,
      method,
      path: filled(chance, ground, chance.of(paths)),
      headers,
      body: bodyFor(chance, method),
    };
  // Half of them with fields of Stripe's: a search where it reads, a form where it writes.
  const path = filled(chance, ground, `${chance.of(SANDBOX)}${chance.is(0.3) ? "/{x}" : ""}`);
  const form = new URLSearchParams(
    Array.from({ length: chance.below(4) }, () => [chance.of(SANDBOX_FIELDS), oddText(chance)]),
  ).toString();
  const asForm = {
    ...headers,
    authorization: "Bearer sk_test_sandbox",
    "content-type": "application/x-www-form-urlencoded",
  };
  return NO_BODY.has(method)
    ? { target, method, path: `${path}?${form}`, headers: asForm, body: undefined }
    : { target, method, path, headers: asForm, body: chance.is(0.8) ? form : oddBody(chance) };
}

/** A route of the table, nearly as it is described. */
function apiRequest(chance: Chance, ground: Ground): FuzzedRequest {
  const route = chance.of(ground.operations);
  const method = chance.is(0.9) ? route.method : chance.of(METHODS);
  const query = route.query.filter(() => chance.is(0.5)).map((name) => `${name}=${encoded(chance)}`);
  const headers = oddHeaders(chance);
  if (chance.is(0.6)) headers.authorization = `Bearer ${ground.apiKey}`;
  if (chance.is(0.5))
    headers["idempotency-key"] = chance.of(["a", "b", oddHeaderText(chance), crypto.randomUUID()]);
  if (!NO_BODY.has(method)) headers["content-type"] = chance.is(0.9) ? "application/json" : "text/plain";
  const near = chance.is(0.7) ? JSON.stringify(likeSchema(chance, ground, route.body)) : oddBody(chance);
  return {
    target: "api",
    method,
    path: filled(chance, ground, route.path) + (query.length > 0 ? `?${query.join("&")}` : ""),
    headers,
    body: NO_BODY.has(method) ? undefined : near,
  };
}

/** Deliveries: signed ones with odd objects, and odd signatures. */
function delivery(chance: Chance, { secret, ids }: Ground): FuzzedRequest {
  const told = {
    id: `evt_${crypto.randomUUID()}`,
    object: "event",
    api_version: chance.of([undefined, "2020-01-01", oddText(chance)]),
    created: chance.of([Math.floor(Date.now() / 1000), 0, -1, 1e15, oddJson(chance)]),
    type: chance.of(EVENT_TYPES),
    livemode: chance.of([false, false, false, true, oddJson(chance)]),
    data: { object: chance.is(0.3) ? oddJson(chance) : oddObject(chance, ids) },
  };
  const { payload, header } = signed(JSON.parse(JSON.stringify(told)), secret);
  const signature = chance.is(0.7) ? header : chance.of(["", "t=1,v1=", "t=,v1=0", oddHeaderText(chance)]);
  const body = chance.is(0.9) ? payload : oddBody(chance);
  return {
    target: "webhook",
    method: "POST",
    path: "/api/stripe/webhook",
    headers: { "stripe-signature": signature },
    body,
  };
}

function oddObject(chance: Chance, ids: [string, ...string[]]): object {
  const fields = [
    "id",
    "object",
    "metadata",
    "payment_intent",
    "customer",
    "status",
    "payment_status",
    "amount_total",
    "currency",
  ];
  const more = Object.fromEntries(
    fields.map((field) => [field, chance.is(0.5) ? oddText(chance) : oddJson(chance)]),
  );
  return {
    ...more,
    id: `cs_${crypto.randomUUID()}`,
    client_reference_id: chance.of(ids),
    metadata: { order_id: chance.of(ids) },
  };
}

function likeSchema(chance: Chance, ground: Ground, described: unknown): unknown {
  const { type, enum: values, properties } = schema.safeParse(described).data ?? {};
  if (chance.is(0.15)) return oddJson(chance);
  if (values) return values[chance.below(values.length)];
  if (properties)
    return Object.fromEntries(
      Object.entries(properties)
        .filter(() => chance.is(0.8))
        .map(([name, one]) => [name, likeSchema(chance, ground, one)]),
    );
  if (type === "number" || type === "integer") return chance.of([1, 2, 3, -1, 0, 1e15]);
  if (type === "boolean") return chance.is(0.5);
  if (type === "array") return [oddJson(chance)];
  return chance.is(0.5) ? chance.of(ground.ids) : oddText(chance);
}

function filled(chance: Chance, { ids }: Ground, path: string): string {
  return path.replaceAll(/\{\w+\}/g, () => (chance.is(0.4) ? chance.of(ids) : encoded(chance)));
}

/** Mostly as a browser would write it, now and then as it is. */
function encoded(chance: Chance): string {
  const text = oddText(chance).toWellFormed();
  return chance.is(0.8) ? encodeURIComponent(text) : text.replaceAll(/[^\x21-\x7e]|[?#]/g, "");
}

function oddHeaderText(chance: Chance): string {
  return oddText(chance)
    .replaceAll(/[^\x20-\x7e]/g, "")
    .slice(0, 2_000);
}

function oddHeaders(chance: Chance): Record<string, string> {
  const headers: Record<string, string> = {
    // Somebody else each time: one alone would soon hear nothing but 429.
    "x-forwarded-for": `203.${chance.below(256)}.${chance.below(256)}.${chance.below(256)}`,
  };
  for (const name of [
    "cookie",
    "accept-language",
    "accept",
    "range",
    "origin",
    "rsc",
    "next-router-state-tree",
    "next-action",
  ]) {
    if (chance.is(0.12)) headers[name] = oddHeaderText(chance);
  }
  return headers;
}

function bodyFor(chance: Chance, method: string): string | Buffer | undefined {
  return NO_BODY.has(method) ? undefined : oddBody(chance);
}
