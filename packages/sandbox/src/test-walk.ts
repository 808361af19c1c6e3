import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Fixtures, MOMENT, makeFixtures } from "./test-fixtures.ts";
import type { Operation, Shape } from "./test-operations.ts";
import type { Probe } from "./test-probes.ts";
import { TestShop } from "./test-shop.ts";
import { API_VERSION } from "./version.ts";
import { isJson } from "./wire.ts";

export type Outcome = "applied" | "lost" | "refused";

/** What a request leaves behind: as it is, and without what is never the same twice. */
interface Left {
  plain: string;
  whole: string;
}

/** Of a parameter's words that are tried: what takes the first few takes the others, or refuses them by name. */
const MOST_WORDS = 6;

/** What can't be said beside a parameter. */
const RIVALS: Record<string, readonly string[]> = {
  coupon: ["discount", "promotion_code"],
  custom_unit_amount: ["unit_amount"],
  discount: ["coupon", "promotion_code"],
  invoice_item: ["amount", "description"],
  payment_method: ["payment_method_data"],
  payment_method_data: ["payment_method"],
  pricing: ["amount"],
  price_data: ["amount", "plan", "price", "pricing"],
  product: ["product_data"],
  product_data: ["product"],
  promotion_code: ["coupon", "discount"],
  shipping_rate: ["shipping_rate_data"],
  shipping_rate_data: ["shipping_rate"],
  unit_amount_decimal: ["unit_amount"],
};

/** One sandbox for all probes, whose store can be looked into. */
export class Walk {
  static async open(): Promise<Walk> {
    const dir = mkdtempSync(join(tmpdir(), "parameters-"));
    const shop = await TestShop.open({ dataDir: dir });
    const [endpoint] = (await shop.stripe.webhookEndpoints.list()).data;
    // Nobody listens: a delivery of each event would cost more than the probe.
    await shop.stripe.webhookEndpoints.update(endpoint?.id ?? "", { enabled_events: ["plan.deleted"] });
    const db = new DatabaseSync(join(dir, "sandbox.sqlite"), { readOnly: true });
    return new Walk(dir, shop, db, await makeFixtures(shop));
  }

  readonly shop: TestShop;
  readonly fixtures: Fixtures;
  /** No two moments that are asked for are the same, so that each is known again. */
  #moments = 0;
  readonly #dir: string;
  readonly #db: DatabaseSync;

  private constructor(dir: string, shop: TestShop, db: DatabaseSync, fixtures: Fixtures) {
    this.#dir = dir;
    this.shop = shop;
    this.#db = db;
    this.fixtures = fixtures;
  }

  async close(): Promise<void> {
    this.#db.close();
    await this.shop.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /**
   * What the request leaves behind without the parameter: the same every time, or nothing could be told from it. Undefined where it
   * is refused, as one that lacks just the parameter is.
   */
  async plainOf(operation: Operation, probe: () => Probe | Promise<Probe>): Promise<string | undefined> {
    const [first, second] = [await probe(), await probe()];
    const one = await this.send(operation, first.id, first.base).catch(refusedOnly);
    const other = await this.send(operation, second.id, second.base).catch(refusedOnly);
    if (one?.plain === other?.plain) return one?.plain;
    throw new Error(`${operation.path} isn't the same twice:\n${one?.plain}\n${other?.plain}`);
  }

  /** Sends a parameter in each of the ways it can be said, until it shows. */
  async try(
    operation: Operation,
    { plain, probe }: { plain: string | undefined; probe: () => Probe | Promise<Probe> },
    { way, shape }: { way: readonly string[]; shape: Shape },
  ): Promise<Outcome> {
    let outcome: Outcome = "refused";
    const called = way.findLast((part) => part !== "0") ?? "";
    let fresh = await probe();
    let seen = plain;
    for (let place = 0; ; place++) {
      const value = (fresh.own?.[called] ?? this.#valuesFor(called, shape))[place];
      if (value === undefined) return outcome;
      const params = this.#withValue(fresh.base, operation.params, way, value);
      const after = await this.send(operation, fresh.id, params).catch(refusedOnly);
      // What was refused has changed nothing.
      if (after === undefined) continue;
      // Where there is nothing to compare with, two values must differ.
      seen ??= after.plain;
      if (after.plain !== seen || shows(after.whole, value)) return "applied";
      outcome = "lost";
      fresh = await probe();
    }
  }

  /** Whether a list that is narrowed by a parameter has other objects than the whole one, in any of the ways it can be said. */
  async narrows(
    operation: Operation,
    { id, base }: Probe,
    { way, shape }: { way: readonly string[]; shape: Shape },
  ): Promise<Outcome> {
    const called = way.findLast((part) => part !== "0") ?? "";
    const listed = async (params: object) =>
      idsIn((await this.send(operation, id, params).catch(refusedOnly))?.whole);
    const all = await listed(base);
    let outcome: Outcome = "refused";
    // What nothing is of leaves nothing.
    const some = shape.kind === "text" ? ["none_such"] : [];
    const values = shape.kind === "number" ? [1, 2 * MOMENT] : [...this.#valuesFor(called, shape), ...some];
    for (const value of values) {
      const found = await listed(this.#withValue(base, operation.params, way, value));
      if (found === undefined) continue;
      if (found !== all) return "applied";
      outcome = "lost";
    }
    return outcome;
  }

  /** All that a request leaves behind. Bookings come by themselves, seconds after a charge. */
  async send({ method, path }: Operation, id: string | undefined, params: object): Promise<Left> {
    const seq = this.#db.prepare("SELECT max(seq) AS seq FROM object").get()?.seq ?? 0;
    const url = (id ?? "").split(" ").reduce((way, one) => way.replace(/:\w+/, one), path);
    const answer = await this.#call(method, url, params);
    const made = this.#db
      .prepare(
        "SELECT id, body FROM object WHERE seq > ? AND kind NOT IN ('balance_transaction', 'event') ORDER BY seq",
      )
      .all(Number(seq));
    const ids = [String(answer.id), ...made.map((row) => String(row.id))];
    const notes = ids.flatMap((one) =>
      this.#db.prepare("SELECT name, body FROM note WHERE id = ? ORDER BY name").all(one),
    );
    const whole = JSON.stringify([
      answer,
      made.map(({ body }) => JSON.parse(String(body))),
      notes.map(noteOf),
    ]);
    return { plain: plainly(whole), whole };
  }

  async #call(method: string, path: string, params: object): Promise<Record<string, unknown>> {
    const form = new URLSearchParams(pairsOf("", params)).toString();
    const response = await fetch(
      `${this.shop.sandbox.url}${path}${method === "POST" || !form ? "" : `?${form}`}`,
      {
        ...(method === "POST" && { body: form }),
        headers: {
          authorization: "Bearer sk_test_123",
          "content-type": "application/x-www-form-urlencoded",
          "stripe-version": API_VERSION,
        },
        method,
      },
    );
    const answer: unknown = await response.json();
    if (response.status >= 400)
      throw new Refused(response.status, `${method} ${path}: ${JSON.stringify(answer)}`);
    return isJson(answer) ? answer : {};
  }

  /** The base with one more value, and with whatever the hashes on its way require beside it. */
  #withValue(base: object, shape: Shape | undefined, way: readonly string[], value: unknown): object {
    return Object(this.#placed(structuredClone(base), shape, way, value));
  }

  #placed(
    at: unknown,
    shape: Shape | undefined,
    [name, ...rest]: readonly string[],
    value: unknown,
    inside = "",
  ): unknown {
    if (name === undefined) return value;
    const inner = shape?.kind === "words" ? shape.also : shape;
    if (inner?.kind === "list") {
      const items = Array.isArray(at) ? at : [];
      return [this.#placed(items[0], inner.item, rest, value, inside), ...items.slice(1)];
    }
    const hash = isJson(at) ? at : {};
    const fields = inner?.kind === "hash" ? inner.fields : {};
    // A hash that the base doesn't have gets what it needs, as far as this isn't the parameter itself or its rival.
    const rivals = [name, ...(RIVALS[name] ?? [])];
    const needed = at === undefined ? this.#neededIn(inside, name) : {};
    for (const rival of RIVALS[name] ?? []) delete hash[rival];
    for (const [field, value] of Object.entries(needed)) {
      const wanted = field === name ? rest.length > 0 : !rivals.includes(field);
      if (wanted && hash[field] === undefined && fields[field]) hash[field] = value;
    }
    for (const [field, { shape: kind, required }] of Object.entries(fields)) {
      if (required && field !== name && hash[field] === undefined) hash[field] = this.#minimal(field, kind);
    }
    hash[name] = this.#placed(hash[name], fields[name]?.shape, rest, value, name);
    return hash;
  }

  #neededIn(hash: string, name: string): Record<string, unknown> {
    return { ...this.fixtures.needed[hash], ...this.fixtures.needed[`${hash} ${name}`] };
  }

  #minimal(name: string, shape: Shape): unknown {
    if (shape.kind === "list") return [this.#minimal(name, shape.item)];
    if (shape.kind !== "hash") return this.#valuesFor(name, shape)[0];
    if (this.fixtures.needed[name]) return { ...this.fixtures.needed[name] };
    const all = Object.entries(shape.fields);
    const some = all.filter(([, field]) => field.required);
    const required = some.length > 0 ? some : all.slice(0, 1);
    return Object.fromEntries(required.map(([field, inner]) => [field, this.#minimal(field, inner.shape)]));
  }

  #valuesFor(name: string, shape: Shape): unknown[] {
    const known = this.fixtures.values[name];
    // The declarations aren't read to the last depth: what is deeper may be a hash.
    const hash = shape.kind === "unknown" ? this.fixtures.needed[name] : undefined;
    if (hash) return [hash, { ...hash, recurring: this.fixtures.needed.recurring }];
    if (shape.kind === "words")
      return [
        ...(known ?? []),
        ...(name === "type" ? shape.words : shape.words.slice(0, MOST_WORDS)),
        ...(shape.also ? this.#valuesFor(name, shape.also) : []),
      ];
    if (known) return known;
    if (shape.kind === "boolean") return [true, false];
    if (shape.kind === "map") return [{ probe: "7" }];
    if (shape.kind === "number") {
      if (/(_at|_end|_date|_by|end|start|anchor)$/.test(name)) return [MOMENT + ++this.#moments, 7];
      return [7, 777, 12];
    }
    return ["Probe text", "https://probe.test/here", "12.5", "#123456"];
  }
}

class Refused extends Error {
  readonly status: number;
  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

function refusedOnly(error: unknown): undefined {
  if (error instanceof Refused && error.status < 500) return undefined;
  throw error;
}

/** The ids in a list's answer; the answer is the first of what is left. */
function idsIn(whole: string | undefined): string | undefined {
  if (whole === undefined) return undefined;
  const [answer] = JSON.parse(whole);
  return JSON.stringify(Object(answer).data?.map((one: unknown) => Object(one).id));
}

function pairsOf(name: string, value: unknown): [string, string][] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    pairsOf(name === "" ? key : `${name}[${key}]`, inner),
  );
}

/** Small numbers and booleans are everywhere; a text, an id or a moment that was sent is there because it was taken. */
const shows = (whole: string, value: unknown) =>
  (typeof value === "string" || Number(value) > 1e9) && whole.includes(JSON.stringify(value));

const noteOf = ({ name, body }: Record<string, unknown>) => [
  name,
  name === "contents" ? JSON.parse(String(body)) : body,
];

/** What is drawn, or comes by itself seconds later. */
const RANDOM = [
  "authorization_code",
  "client_secret",
  "code",
  "event_name",
  "fingerprint",
  "id",
  "identifier",
  "invoice_prefix",
  "lookup_key",
  "network_transaction_id",
  "number",
  "reference",
  "reference_status",
];

function plainly(text: string): string {
  const stripped = JSON.stringify(JSON.parse(text), (key, value) => (RANDOM.includes(key) ? "…" : value));
  return stripped
    .replaceAll(/http:\/\/127[^"]*/g, "url")
    .replaceAll(/\b(?:[a-z]+_)+(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{8,}/g, "id")
    .replaceAll(/\b(cus|prod|si|sub|in|price|pi|ch|di|evt|il|li)_[A-Za-z0-9]{8,}/g, "id")
    .replaceAll(/\b1[789]\d{8}\b/g, "moment");
}
