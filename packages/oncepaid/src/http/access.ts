import { createHash, timingSafeEqual } from "node:crypto";
import { type Caller, hasRole, hasScope, isOperating, type Scope } from "#/caller.ts";
import { type Failure, failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import { identify } from "#/http/caller.ts";
import type { Context, Middleware } from "#/http/context.ts";
import { checkOrigin } from "#/http/origin.ts";

/** Who may ask a route: in words, and as the middleware that sees to it. */
export type Access = {
  who: string;
  /** How a caller may prove who they are; none where it isn't asked. */
  proofs: readonly Proof[];
  /** Whether a caller who proves nothing is let in too. */
  orNobody: boolean;
  middleware: readonly Middleware[];
  /** What an API key must be allowed; `operator` where nothing is said, so that what was forgotten opens nothing. */
  scope?: Scope;
};

export type Proof = "session" | "apiKey" | "stripeSignature" | "cronSecret" | "metricsToken";

/** Reads who is asking. A wrong API key is refused here, whatever the route. */
const identifyCaller: Middleware = async (c, next) => {
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  c.set("caller", caller);
  return next();
};

/**
 * The same, for API keys that have this scope.
 *
 * @example
 * route("GET", "/invoices", scoped("read", knownCaller("Sign in to see your invoices.")), getInvoices)
 */
export function scoped(scope: Scope, access: Access): Access {
  return { ...access, scope };
}

/** Stands before every route: the scope is no matter of the route's own middleware, so it can't be left out. */
export function requireScope({ scope = "operator" }: Access): Middleware {
  return async (c, next) => {
    if (hasScope(c.var.caller, scope)) return next();
    // Source: RFC 6750, section 3.1.
    c.header("www-authenticate", `Bearer error="insufficient_scope", scope="${scope}"`);
    return answerFailure(c, failure("insufficient_scope", `This takes an API key with the scope ${scope}.`));
  };
}

/** A change that another site's page asks for is refused. A server has no cookie that such a page could use. */
const requireOrigin: Middleware = async (c, next) => {
  const changes = c.req.method !== "GET" && c.req.method !== "HEAD";
  const foreign =
    changes && c.var.caller.kind !== "server" ? checkOrigin(c.var.engine, c.req.raw.headers) : undefined;
  return foreign ? answerFailure(c, foreign) : next();
};

function requireCaller(refusalOf: (caller: Caller) => Failure | undefined): Middleware {
  return async (c, next) => {
    const refusal = refusalOf(c.var.caller);
    return refusal ? answerFailure(c, refusal) : next();
  };
}

function unauthenticated(sentence: string) {
  return ({ kind }: Caller) => (kind === "nobody" ? failure("unauthenticated", sentence) : undefined);
}

function notOperating(sentence: string) {
  return (caller: Caller) => (isOperating(caller) ? undefined : failure("forbidden", sentence));
}

/** Who asks doesn't matter, and isn't looked at. */
export const everybody: Access = {
  who: "everybody",
  proofs: [],
  orNobody: true,
  middleware: [requireOrigin],
};

/** Stripe, which signs what it sends: the handler verifies that over the bytes. */
export const stripe: Access = {
  who: "Stripe, by its signature",
  proofs: ["stripeSignature"],
  orNobody: false,
  middleware: [],
};

/** A host's cron, as Vercel's and others call a path: `Authorization: Bearer <secret>`. Without a secret there is no such route. */
const requireCronSecret: Middleware = async (c, next) => {
  const { cronSecret } = c.var.engine.settings;
  if (cronSecret === undefined) return c.notFound();
  if (isBearer(c, cronSecret)) return next();
  return answerFailure(
    c,
    failure("unauthenticated", "This needs the cron's secret: Authorization: Bearer …"),
  );
};

function isBearer(c: Context, secret: string): boolean {
  const [, given = ""] = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  return timingSafeEqual(sha256(given), sha256(secret));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

export const cron: Access = {
  who: "the host's cron, by its secret",
  proofs: ["cronSecret"],
  orNobody: false,
  middleware: [requireOrigin, requireCronSecret],
};

/** Whoever asks, known or not: what they are shown or may do depends on it. */
export const anyCaller: Access = {
  who: "anybody, each for what is theirs",
  proofs: ["session", "apiKey"],
  orNobody: true,
  middleware: [identifyCaller, requireOrigin],
};

/**
 * Whoever has an account, a guest's too, and servers. `sentence` is told to everybody else.
 *
 * @example
 * route("GET", "/invoices", knownCaller("Sign in to see your invoices."), getInvoices)
 */
export function knownCaller(sentence: string): Access {
  return {
    who: "users, each for what is theirs, and servers",
    proofs: ["session", "apiKey"],
    orNobody: false,
    middleware: [identifyCaller, requireCaller(unauthenticated(sentence)), requireOrigin],
  };
}

/** An operator whose role lets them only look changes nothing; that is no matter of a route's own, so it can't be forgotten there. */
const requireActing: Middleware = async (c, next) => {
  const changes = c.req.method !== "GET" && c.req.method !== "HEAD";
  return changes && !hasRole(c.var.caller, "support")
    ? answerFailure(c, failure("forbidden", "Your role only lets you look."))
    : next();
};

/** Operators in the browser, each by their role, and servers. */
export const operator: Access = {
  who: "operators and servers",
  proofs: ["session", "apiKey"],
  orNobody: false,
  middleware: [
    identifyCaller,
    requireCaller(notOperating("Only an admin may do this.")),
    requireActing,
    requireOrigin,
  ],
};

/** Keys, endpoints, people: what gives access to everything else is for owners. */
export const owner: Access = {
  ...operator,
  who: "owners and servers",
  middleware: [
    identifyCaller,
    requireCaller((caller) =>
      hasRole(caller, "owner") ? undefined : failure("forbidden", "Only an owner may do this."),
    ),
    requireOrigin,
  ],
};

/** The same for what an app's own servers ask most: who proves nothing hears that it takes a key. */
export const serverOrOperator: Access = {
  ...operator,
  middleware: [
    identifyCaller,
    requireCaller(unauthenticated("This needs an API key.")),
    requireCaller(notOperating("This needs an API key or an admin.")),
    requireActing,
    requireOrigin,
  ],
};

/** What measures the app, by a token that opens nothing else, beside operators and servers. */
const identifyMeter: Middleware = async (c, next) => {
  const { metricsToken } = c.var.engine.settings;
  if (metricsToken === undefined || !isBearer(c, metricsToken)) return identifyCaller(c, next);
  c.set("caller", { kind: "server", name: "metrics" });
  return next();
};

export const meters: Access = {
  who: "operators, servers, and who has the token for metrics",
  proofs: ["session", "apiKey", "metricsToken"],
  orNobody: false,
  middleware: [
    identifyMeter,
    requireCaller(notOperating("This needs the token for metrics, an API key or an admin.")),
    requireOrigin,
  ],
};

/** The database may be what is amiss: then nobody is known, and the answer still says so. */
const identifyIfPossible: Middleware = async (c, next) => {
  const caller = await identify(c.var.engine, c.req.raw.headers).catch(() => ({ kind: "nobody" }) as const);
  // Details are for keys that may read; everybody else may ask all the same.
  c.set("caller", "ok" in caller || !hasScope(caller, "read") ? { kind: "nobody" } : caller);
  return next();
};

/**
 * Whoever asks how the app is, known or not, also while nobody can be known.
 *
 * @example
 * route("GET", "/health", healthCaller, getHealth)
 */
export const healthCaller: Access = {
  who: "everybody; details for operators and servers",
  proofs: ["session", "apiKey"],
  orNobody: true,
  middleware: [identifyIfPossible],
};
