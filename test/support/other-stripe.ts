import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Another Stripe-compatible server, written from Stripe's public reference and nothing else of ours: the app has to
 * get along with what Stripe promises, not with what our sandbox happens to do. Just enough of it, with its calls
 * counted and its answers scripted.
 */
export type OtherStripe = {
  url: string;
  /** Every request in order. */
  calls: { method: string; path: string; key: string | undefined; form: URLSearchParams }[];
  sessions: Map<string, SessionRecord>;
  /** Any other object it can be asked for, by id. */
  objects: Map<string, object>;
  refunds: Map<string, { payment_intent: string; amount: number; metadata: Record<string, string> }>;
  /** Lists of anything but sessions, by path, newest first; one that isn't here is empty. */
  lists: Map<string, ListedObject[]>;
  /** Set to answer differently; unset means as Stripe does. */
  script: {
    status?: number;
    /** The next new key is answered with a 500, and so is whoever comes with that key again. */
    keepsError?: boolean;
    /** Before Stripe does what it is asked. */
    latencyMs?: number;
    /** After it did, before the answer goes out. */
    answerLatencyMs?: number;
    dropAnswers?: boolean;
    /** The id of a session that every creation is answered with. */
    sameSession?: string;
    /** A price that was archived: no session can be made with it. */
    archivedPrice?: string;
    /** A customer that was deleted: nothing can be done for it. */
    deletedCustomer?: string;
  };
  close(): Promise<void>;
};

export type ListedObject = { id: string; created?: number; [field: string]: unknown };

export type SessionRecord = {
  id: string;
  status: "open" | "complete" | "expired";
  payment_status: "paid" | "unpaid" | "no_payment_required";
  [field: string]: unknown;
};

const UNIT_AMOUNT = 1900;
const DAY = 24 * 60 * 60;
/** Seconds: what Stripe's reference says of `expires_at`. */
const SHORTEST_SESSION = 30 * 60;
const LISTS = new Set([
  "/v1/checkout/sessions",
  "/v1/disputes",
  "/v1/radar/early_fraud_warnings",
  "/v1/events",
  "/v1/invoice_payments",
  "/v1/invoices",
  "/v1/prices",
  "/v1/promotion_codes",
  "/v1/refunds",
  "/v1/subscriptions",
]);

export async function startOtherStripe(): Promise<OtherStripe> {
  const calls: OtherStripe["calls"] = [];
  const sessions = new Map<string, SessionRecord>();
  const objects = new Map<string, object>();
  const refunds: OtherStripe["refunds"] = new Map();
  const lists = new Map<string, ListedObject[]>();
  const answers = new Map<string, KeptAnswer>();
  const script: OtherStripe["script"] = {};
  let count = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const form = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stripe");
    const header = request.headers["idempotency-key"];
    const key = Array.isArray(header) ? header[0] : header;
    calls.push({ method: request.method ?? "GET", path: pathname, key, form });
    if (script.latencyMs) await pause(script.latencyMs);
    if (script.status)
      return send(response, script.status, error("api_error", "An error that was asked for."));
    const known = key === undefined ? undefined : answers.get(key);
    const answer = known
      ? replay(known, form)
      : (failure(key) ?? route(request.method ?? "GET", pathname, form, searchParams));
    if (key !== undefined && !known && [200, 500].includes(answer.status)) {
      answers.set(key, { status: answer.status, body: JSON.stringify(answer.json), form: sorted(form) });
    }
    if (script.answerLatencyMs) await pause(script.answerLatencyMs);
    if (script.dropAnswers) return void response.destroy();
    send(response, answer.status, answer.json, known ? { "idempotent-replayed": "true" } : {});
  }

  function failure(key: string | undefined): { status: number; json: unknown } | undefined {
    if (!script.keepsError || key === undefined) return undefined;
    script.keepsError = false;
    return { status: 500, json: error("api_error", "An error that is kept.") };
  }

  function route(
    method: string,
    path: string,
    form: URLSearchParams,
    query: URLSearchParams,
  ): { status: number; json: unknown } {
    const other = objects.get(path.split("/").at(-1) ?? "");
    if (method === "GET" && other) return { status: 200, json: other };
    if (method === "GET" && LISTS.has(path)) return page(path, query);
    // Stripe answers for a subscription that has ended as for one that it never had.
    if (method === "DELETE" && other && !("status" in other && other.status === "canceled"))
      return { status: 200, json: Object.assign(other, { status: "canceled" }) };
    if (method === "POST" && other && path.startsWith("/v1/subscriptions/")) {
      const behavior = form.get("pause_collection[behavior]");
      const paused = behavior ? { behavior } : null;
      return { status: 200, json: Object.assign(other, { pause_collection: paused }) };
    }
    const [, , , , id = "", action] = path.split("/");
    if (script.deletedCustomer !== undefined && form.get("customer") === script.deletedCustomer) {
      const message = `No such customer: '${script.deletedCustomer}'`;
      const { error: missing } = error("invalid_request_error", message, "resource_missing");
      return { status: 400, json: { error: { ...missing, param: "customer" } } };
    }
    if (method === "POST" && path === "/v1/billing_portal/sessions") {
      const url = `http://stripe.example/portal/${form.get("customer")}`;
      return { status: 200, json: { id: "bps_other", object: "billing_portal.session", url } };
    }
    if (method === "POST" && path === "/v1/checkout/sessions")
      return isTimely(form) ?? isActive(form) ?? { status: 200, json: create(form) };
    if (method === "POST" && path === "/v1/refunds") return refund(form);
    const session = sessions.get(id);
    if (!path.startsWith("/v1/checkout/sessions/") || !session) {
      return {
        status: 404,
        json: error("invalid_request_error", `No such object: ${path}`, "resource_missing"),
      };
    }
    if (method === "GET") return { status: 200, json: session };
    if (action === "expire" && session.status !== "open") {
      return { status: 400, json: error("invalid_request_error", "Only open sessions can be expired.") };
    }
    session.status = "expired";
    return { status: 200, json: session };
  }

  function isActive(form: URLSearchParams): { status: number; json: unknown } | undefined {
    if (script.archivedPrice === undefined || form.get("line_items[0][price]") !== script.archivedPrice)
      return;
    const message = `The price specified is inactive: ${script.archivedPrice}`;
    const { error: inactive } = error("invalid_request_error", message);
    return { status: 400, json: { error: { ...inactive, param: "line_items[0][price]" } } };
  }

  /** Gives back a part of a payment, or what is left of it, and never more. */
  function refund(form: URLSearchParams): { status: number; json: unknown } {
    const payment = form.get("payment_intent") ?? "";
    const before = [...refunds.values()].filter(({ payment_intent }) => payment_intent === payment);
    const left = before.reduce((rest, { amount }) => rest - amount, UNIT_AMOUNT);
    const amount = Number(form.get("amount") ?? left);
    if (amount > left || left === 0) {
      const json = error(
        "invalid_request_error",
        "The payment has already been refunded.",
        "charge_already_refunded",
      );
      return { status: 400, json };
    }
    const id = `re_other${refunds.size + 1}`;
    const made = {
      id,
      object: "refund",
      status: "succeeded",
      payment_intent: payment,
      amount,
      metadata: metadataOf(form, "metadata"),
    };
    refunds.set(id, made);
    return { status: 200, json: made };
  }

  /** The refunds of one payment are those that were made here; of invoices those of a subscription can be asked for. */
  function listed(path: string, query: URLSearchParams): ListedObject[] {
    const payment = path === "/v1/refunds" ? query.get("payment_intent") : null;
    const [plan, status] = [query.get("subscription"), query.get("status")];
    if (path === "/v1/invoices" && plan !== null)
      return (lists.get(path) ?? []).filter((one) => one.subscription === plan && one.status === status);
    if (payment === null) return lists.get(path) ?? [];
    return [...refunds]
      .filter(([, { payment_intent }]) => payment_intent === payment)
      .map(([id, made]) => ({ id, ...made }));
  }

  function page(path: string, query: URLSearchParams): { status: number; json: unknown } {
    const all = path === "/v1/checkout/sessions" ? [...sessions.values()].reverse() : listed(path, query);
    const since = Number(query.get("created[gte]") ?? 0);
    if (!Number.isInteger(since))
      return { status: 400, json: error("invalid_request_error", `Invalid integer: ${since}`) };
    if (since < 0)
      return { status: 400, json: error("invalid_request_error", "Invalid timestamp: must be >= 0.") };
    const given = (list: string) =>
      [...query].flatMap(([name, value]) => (name.startsWith(`${list}[`) ? [value] : []));
    const [types, keys] = [given("types"), given("lookup_keys")];
    const asked: ListedObject[] = all.filter(
      ({ created, type, lookup_key }) =>
        Number(created ?? since) >= since &&
        (types.length === 0 || types.includes(String(type))) &&
        (keys.length === 0 || keys.includes(String(lookup_key))),
    );
    const after = query.get("starting_after");
    const start = asked.findIndex(({ id }) => id === after) + 1;
    if (after !== null && start === 0) {
      const { error: missing } = error(
        "invalid_request_error",
        `No such object: ${after}`,
        "resource_missing",
      );
      return { status: 400, json: { error: { ...missing, param: "starting_after" } } };
    }
    const end = start + Number(query.get("limit") ?? 10);
    const json = { object: "list", url: path, data: asked.slice(start, end), has_more: end < asked.length };
    return { status: 200, json };
  }

  function create(form: URLSearchParams): SessionRecord {
    const same = sessions.get(script.sameSession ?? "");
    if (same) return same;
    count++;
    const now = Math.floor(Date.now() / 1000);
    const id = `cs_test_other${String(count).padStart(6, "0")}`;
    const quantity = Number(form.get("line_items[0][quantity]") ?? 1);
    const session: SessionRecord = {
      id,
      object: "checkout.session",
      mode: form.get("mode"),
      status: "open",
      payment_status: "unpaid",
      ...(form.get("ui_mode") === "embedded_page"
        ? { url: null, client_secret: `${id}_secret_other` }
        : { url: `http://stripe.example/c/pay/${id}`, client_secret: null }),
      created: now,
      expires_at: Number(form.get("expires_at") ?? now + DAY),
      amount_total: UNIT_AMOUNT * quantity,
      currency: "usd",
      client_reference_id: form.get("client_reference_id"),
      metadata: metadataOf(form, "metadata"),
      success_url: form.get("success_url"),
      // Only shown when it is asked for; nobody here minds that it always is.
      line_items: {
        data: [{ price: { id: form.get("line_items[0][price]"), unit_amount: UNIT_AMOUNT }, quantity }],
      },
      payment_intent: null,
      subscription: null,
      customer: null,
      livemode: false,
    };
    sessions.set(id, session);
    return session;
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    calls,
    sessions,
    objects,
    refunds,
    lists,
    script,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type KeptAnswer = { status: number; body: string; form: string };

function replay(known: KeptAnswer, form: URLSearchParams): { status: number; json: unknown } {
  if (known.form !== sorted(form))
    return { status: 400, json: error("idempotency_error", "Other parameters.") };
  return { status: known.status, json: JSON.parse(known.body) };
}

function metadataOf(form: URLSearchParams, name: string): Record<string, string> {
  const prefix = `${name}[`;
  const pairs = [...form].filter(([field]) => field.startsWith(prefix));
  return Object.fromEntries(pairs.map(([field, value]) => [field.slice(prefix.length, -1), value]));
}

function sorted(form: URLSearchParams): string {
  const copy = new URLSearchParams(form);
  copy.sort();
  return copy.toString();
}

function error(type: string, message: string, code?: string) {
  return { error: { type, message, ...(code && { code }) } };
}

function isTimely(form: URLSearchParams): { status: number; json: unknown } | undefined {
  const expiresAt = form.get("expires_at");
  const seconds = Number(expiresAt) - Math.floor(Date.now() / 1000);
  if (expiresAt === null || (seconds >= SHORTEST_SESSION && seconds <= DAY)) return undefined;
  const json = error("invalid_request_error", "expires_at must be between 30 minutes and 24 hours from now.");
  return { status: 400, json };
}

function send(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_other", ...headers });
  response.end(JSON.stringify(json));
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
