import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { unbuiltOperations, unbuiltParameters } from "../test-coverage.ts";
import { declaredOperations } from "../test-operations.ts";
import { fatesOf, routeFor } from "../test-taken.ts";
import { routes } from "../v1/routes.ts";
import { secondRoutes } from "../v2/app.ts";
import type { Endpoint } from "./endpoint.ts";
import { ApiError } from "./errors.ts";
import type { Raw, RawHash } from "./form.ts";
import { isUnbuiltOperation, operationName } from "./unbuilt.ts";

test("the list of what isn't built is what the SDK says now: node packages/sandbox/bin/unbuilt.ts writes it", () => {
  const listIn = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
  expect(listIn("unbuilt.json")).toEqual(unbuiltParameters());
  expect(listIn("unbuilt-operations.json")).toEqual(unbuiltOperations());
});

test("what the sandbox has is not said to be missing", () => {
  const wrong = [...declaredOperations(), ...declaredOperations("v2")].filter((operation) => {
    const { method, path } = operation;
    const there =
      routeFor(routes, operation) !== undefined ||
      secondRoutes.some((route) => operationName(route) === operationName(operation));
    return isUnbuiltOperation(method, path.replaceAll(/:\w+/g, "x_1")) === there;
  });
  expect(wrong.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test("every parameter that the SDK declares and the sandbox doesn't apply is refused by its name", () => {
  const refused = declaredOperations().flatMap((operation) => {
    const route = routeFor(routes, operation);
    const fates = route ? fatesOf(route, operation) : [];
    return fates
      .filter(({ fate }) => fate === "refused" || fate === "absent")
      .flatMap(({ way }) => (route ? { route, way } : []));
  });
  const wrong = refused.filter(({ route, way }) => !isRefusedByName(refusalOf(route, way), way));
  expect(wrong.map(({ route, way }) => `${route.method} ${route.path} ${way.join(".")}`)).toEqual([]);
  expect(refused.length).toBeGreaterThan(100);
});

test.each(["POST /v1/coupons", "GET /v1/charges", "POST /v1/payment_intents"])(
  "%s: what Stripe doesn't know is unknown here too",
  (name) => {
    const route = routes.find((one) => `${one.method} ${one.path}` === name);
    expect(route && refusalOf(route, ["colour"])).toMatchObject({
      details: { code: "parameter_unknown", param: "colour" },
      message: "Received unknown parameter: colour",
    });
  },
);

/** By the name of the parameter, or of a hash that it is in. */
function isRefusedByName(error: unknown, way: readonly string[]): boolean {
  if (!(error instanceof ApiError)) return false;
  const { code, param = "" } = error.details;
  const full = way.map((part, depth) => (depth === 0 ? part : `[${part}]`)).join("");
  const isOfIt = full === param || full.startsWith(`${param}[`);
  return error.message === `${param} is not supported by the sandbox.` && code === undefined && isOfIt;
}

function refusalOf(route: Endpoint, way: readonly string[]): unknown {
  try {
    route.prepare(rawOf(way), "");
    return undefined;
  } catch (error) {
    return error;
  }
}

function rawOf([name = "", ...rest]: readonly string[]): RawHash {
  const value: Raw = rest.length === 0 ? "true" : rawOf(rest);
  return { [name]: value };
}
