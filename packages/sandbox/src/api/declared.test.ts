import { expect, test } from "vitest";
import { declaredOperations } from "../test-operations.ts";
import { declares, routeFor, waysOf } from "../test-taken.ts";
import { routes } from "../v1/routes.ts";
import { GONE } from "../versions/chain.ts";

const OPERATIONS = declaredOperations();

/** Taken though the SDK doesn't declare it, and why. */
const TAKEN_ALL_THE_SAME: Record<string, RegExp> = {
  "A page's script says it in place of a secret key.":
    /^POST \/v1\/(payment|setup)_intents\/:\w+\/confirm client_secret$/,
  "Stripe takes a card here, by its token or its number; the SDK knows the other ways to pay only.":
    /^POST \/v1\/(payment|setup)_intents(\/:\w+(\/confirm)?)? payment_method_data\.card\./,
};

/** Routes that the SDK has no method for, and why they are there. */
const ROUTES_ALL_THE_SAME: Record<string, string> = {
  "GET /v1/accounts/:id": "An account is also found by its id.",
  "GET /v1/charges/:id/refunds": "A charge's `refunds` name this address as theirs.",
  "GET /v1/payment_pages/:id": "The Stripe CLI's fixtures buy with it.",
  "POST /v1/charges/:id/refunds": "Older SDKs refund by it.",
  "POST /v1/events/:id/retry": "`stripe events resend` calls it.",
  "POST /v1/payment_pages/:id/confirm": "The Stripe CLI's fixtures buy with it.",
  "POST /v1/stripecli/sessions": "`stripe listen` begins with it.",
};

const undeclared = OPERATIONS.flatMap((operation) => {
  const route = routeFor(routes, operation);
  const ways = route ? waysOf(route).filter((way) => !declares(operation.params, way)) : [];
  return ways.map((way) => ({ operation: `${operation.method} ${operation.path}`, way }));
});

test("what a route takes is what the SDK declares, but for what older versions had and a list with reasons", () => {
  const unheard = undeclared
    .filter(({ operation, way }) => !GONE.some((gone) => isGone(gone, operation, way)))
    .map(({ operation, way }) => `${operation} ${way.join(".")}`)
    .filter((name) => !Object.values(TAKEN_ALL_THE_SAME).some((known) => known.test(name)));
  expect(unheard).toEqual([]);
});

test("no reason for taking what the SDK doesn't declare has become needless", () => {
  const names = undeclared.map(({ operation, way }) => `${operation} ${way.join(".")}`);
  for (const known of Object.values(TAKEN_ALL_THE_SAME)) {
    expect(names).toContainEqual(expect.stringMatching(known));
  }
  const needed = GONE.filter((gone) => undeclared.some(({ operation, way }) => isGone(gone, operation, way)));
  expect(needed).toEqual(GONE);
});

test("every route is an operation of the SDK's, but for a list with reasons", () => {
  const own = routes.filter((route) => !OPERATIONS.some((operation) => routeFor([route], operation)));
  expect(own.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
    Object.keys(ROUTES_ALL_THE_SAME).toSorted(),
  );
});

function isGone({ from, way: gone }: (typeof GONE)[number], operation: string, way: readonly string[]) {
  return from.test(operation) && way.join(".") === gone.map((part) => (part === "*" ? "0" : part)).join(".");
}
