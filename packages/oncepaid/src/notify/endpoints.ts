import { randomBytes } from "node:crypto";
import type { Selectable } from "kysely";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { type By, THE_APP } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import type { WebhookEndpoint as Row } from "#/database/schema.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { disableEndpoint } from "#/notify/rest.ts";
import { OUTBOUND_TYPES, type OutboundEvent } from "#/rules/outbound-event.ts";
import { isLoopback } from "#/settings.ts";

/** Other servers that are told what happens, as people set them up. `by` names who did, for the log and the list of acts. */

export type OutboundType = OutboundEvent["type"];

/** An endpoint as it is shown: never its secret. Times are ISO 8601 in UTC. */
export type WebhookEndpoint = {
  id: string;
  url: string;
  description: string;
  /** Null for every type, also those that later versions add. */
  events: OutboundType[] | null;
  /** Its address and secret stand in the app's settings. */
  fromSettings: boolean;
  createdAt: string;
  createdBy: string;
  /** Nothing is sent there while it is set: somebody wanted it (`asked`), or nothing was taken there for days (`failing`). */
  disabledAt: string | null;
  disabledBecause: "asked" | "failing" | null;
  /** Since when everything failed that was sent there, and how often. */
  failingSince: string | null;
  failures: number;
  /** Until when the secret before this one signs too. */
  formerSecretUntil: string | null;
};

export type NewEndpoint = By & {
  /** https; http only from one's own machine to itself. */
  url: string;
  description?: string | undefined;
  /** Without it, every type. */
  events?: readonly OutboundType[] | null | undefined;
};
export type EndpointChange = Partial<NewEndpoint> & {
  /** False: nothing is sent there, and what waits is dropped. True: from now on it is told again. */
  enabled?: boolean | undefined;
};

/** `secret` is shown this once: whoever receives verifies with it. */
export type EndpointMade = { ok: true; endpoint: WebhookEndpoint; secret: string };
export type EndpointChanged = { ok: true; endpoint: WebhookEndpoint };

const SECRET_BYTES = 32;
const OVERLAP_HOURS = 24;
const UNKNOWN = failure("not_found", "There is no such webhook endpoint.");
const OF_SETTINGS = failure(
  "endpoint_of_settings",
  "The address and the secret of this endpoint stand in the app's settings; here it is only disabled and enabled.",
);
const ROTATING = failure(
  "secret_rotating",
  "The secret before this one signs still. Wait until it doesn't, or end it now with overlapHours 0.",
);

export async function createEndpoint(engine: Engine, asked: NewEndpoint): Promise<EndpointMade | Failure> {
  const problem = problemOf(engine, asked);
  if (problem) return problem;
  const [id, secret] = [uuidv7(), newSecret()];
  const { url, description = "", events = null, by = THE_APP } = asked;
  await inTransaction(engine.database, async (transaction) => {
    await transaction.query(
      `insert into oncepaid.webhook_endpoint (id, url, description, events, secret, created_by)
       values ($1, $2, $3, $4, $5, $6)`,
      [id, url, description, events, secret, by],
    );
    await writeAct(transaction, { by, what: "endpoint.created", about: id, details: { url, events } });
  });
  engine.log.info({ endpoint: id, by }, "webhook endpoint made");
  const made = await found(engine, id);
  return made.ok ? { ...made, secret } : made;
}

/** In the order they were made; that of the settings first, where they have one. */
export async function listEndpoints(engine: Engine): Promise<WebhookEndpoint[]> {
  const rows = await engine.database.db.selectFrom("webhook_endpoint").selectAll().orderBy("id").execute();
  return rows
    .filter((row) => row.url !== null || engine.settings.outboundWebhook)
    .map((row) => view(engine, row));
}

/** Changes what is named and nothing else. */
export async function changeEndpoint(
  engine: Engine,
  id: string,
  { by = THE_APP, enabled, ...change }: EndpointChange,
): Promise<EndpointChanged | Failure> {
  const before = await find(engine, id);
  if (!before) return UNKNOWN;
  const isOwn = Object.values(change).some((value) => value !== undefined);
  if (before.url === null && isOwn) return OF_SETTINGS;
  const problem = problemOf(engine, change);
  if (problem) return problem;
  await inTransaction(engine.database, async (transaction) => {
    await transaction.query(CHANGE, [
      id,
      change.url ?? null,
      change.description ?? null,
      change.events !== undefined,
      change.events ?? null,
      enabled ?? false,
    ]);
    if (enabled === false) await disableEndpoint(transaction, id, "asked");
    const was = Object.fromEntries(
      NAMED.filter((name) => name in change).map((name) => [name, before[name]]),
    );
    const details = { url: before.url, ...change, enabled, was };
    await writeAct(transaction, { by, what: "endpoint.changed", about: id, details });
  });
  engine.log.info({ endpoint: id, by, enabled, ...change }, "webhook endpoint changed");
  return found(engine, id);
}

const NAMED = ["url", "description", "events"] as const;

/** Once it is wanted again, what failed before is forgotten: it has three days anew. */
const CHANGE = `
  update oncepaid.webhook_endpoint set
         url = coalesce($2, url), description = coalesce($3, description),
         events = case when $4 then $5::text[] else events end,
         disabled_at = case when $6 then null else disabled_at end,
         disabled_because = case when $6 then null else disabled_because end,
         failing_since = case when $6 then null else failing_since end,
         failures = case when $6 then 0 else failures end
   where id = $1`;

/** With everything that was kept of it. Once more for the same one changes nothing. */
export async function removeEndpoint(
  engine: Engine,
  id: string,
  { by = THE_APP }: By,
): Promise<{ ok: true } | Failure> {
  const endpoint = await find(engine, id);
  if (!endpoint) return UNKNOWN;
  if (endpoint.url === null) return OF_SETTINGS;
  const { url } = endpoint;
  await inTransaction(engine.database, async (transaction) => {
    const { rowCount } = await transaction.query("delete from oncepaid.webhook_endpoint where id = $1", [id]);
    if (rowCount > 0)
      await writeAct(transaction, { by, what: "endpoint.removed", about: id, details: { url } });
  });
  engine.log.info({ endpoint: id, by }, "webhook endpoint removed");
  return { ok: true };
}

/**
 * Makes a new secret, shown this once. The one before it signs beside it for `overlapHours` (24), so that a receiver takes both while
 * it is changed; 0 ends it at once, for one that leaked. Asked for twice, the second is refused while two sign: a secret that a receiver
 * still needs would be lost.
 */
export async function rotateSecret(
  engine: Engine,
  id: string,
  { by = THE_APP, overlapHours = OVERLAP_HOURS }: By & { overlapHours?: number | undefined },
): Promise<EndpointMade | Failure> {
  const endpoint = await find(engine, id);
  if (!endpoint) return UNKNOWN;
  if (endpoint.url === null) return OF_SETTINGS;
  const secret = newSecret();
  const { url } = endpoint;
  const isReplaced = await inTransaction(engine.database, async (transaction) => {
    const { rowCount } = await transaction.query(ROTATE, [id, secret, overlapHours]);
    const details = { url, overlapHours };
    if (rowCount > 0)
      await writeAct(transaction, { by, what: "endpoint.secret_replaced", about: id, details });
    return rowCount > 0;
  });
  if (!isReplaced) return ROTATING;
  engine.log.info({ endpoint: id, by, overlapHours }, "webhook secret replaced");
  const changed = await found(engine, id);
  return changed.ok ? { ...changed, secret } : changed;
}

const ROTATE = `
  update oncepaid.webhook_endpoint set secret = $2,
         former_secret = case when $3::integer > 0 then secret end,
         former_secret_until = case when $3 > 0 then now() + make_interval(hours => $3) end
   where id = $1 and (former_secret_until is null or former_secret_until < now() or $3 = 0)`;

async function find({ database }: Engine, id: string): Promise<Selectable<Row> | undefined> {
  if (!isUuid(id)) return undefined;
  return database.db.selectFrom("webhook_endpoint").selectAll().where("id", "=", id).executeTakeFirst();
}

async function found(engine: Engine, id: string): Promise<EndpointChanged | Failure> {
  const row = await find(engine, id);
  return row ? { ok: true, endpoint: view(engine, row) } : UNKNOWN;
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
}

function problemOf({ settings }: Engine, { url, events }: Omit<EndpointChange, "by">): Failure | undefined {
  const wrong = (path: string, message: string) =>
    failure("invalid_request", `${path}: ${message}`, [{ path, message }]);
  if (url !== undefined && !isReachable(url, settings.appUrl)) {
    return wrong(
      "url",
      "Send an address with https and without a password; http only from your own machine to itself.",
    );
  }
  if (events && events.length === 0) return wrong("events", "Name at least one type, or null for all.");
  return undefined;
}

/** Whether it may lead into a private network is looked at when it is sent: a name may lead elsewhere by then. */
function isReachable(text: string, appUrl: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(text) && isLoopback(appUrl));
}

function view({ settings }: Engine, row: Selectable<Row>): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url ?? settings.outboundWebhook?.url.href ?? "",
    description: row.description,
    events: row.events && OUTBOUND_TYPES.filter((type) => row.events?.includes(type)),
    fromSettings: row.url === null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    disabledAt: row.disabled_at?.toISOString() ?? null,
    disabledBecause: becauseOf(row.disabled_because),
    failingSince: row.failing_since?.toISOString() ?? null,
    failures: row.failures,
    formerSecretUntil: isFuture(row.former_secret_until) ? row.former_secret_until.toISOString() : null,
  };
}

function becauseOf(text: string | null): WebhookEndpoint["disabledBecause"] {
  return text === "asked" || text === "failing" ? text : null;
}

function isFuture(date: Date | null): date is Date {
  return date !== null && date.getTime() > Date.now();
}
