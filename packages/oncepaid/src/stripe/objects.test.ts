import { expect, test } from "vitest";
import { ROUTES } from "#/events/routes.ts";
import { passes } from "#/recovery/reconcile/passes.ts";
import { isObjectType, OBJECTS } from "./objects.ts";

/** "customer.subscription.deleted" is about a subscription: the object's type stands before the verb. */
function objectTypeOf(eventType: string): string | undefined {
  const object = eventType.slice(0, eventType.lastIndexOf("."));
  return [object, object.slice(object.lastIndexOf(".") + 1)].find(isObjectType);
}

test("every handled event is about an object that can be read again, listed and asked permission for", () => {
  const unknown = Object.keys(ROUTES).filter((type) => objectTypeOf(type) === undefined);
  expect(unknown).toEqual([]);
});

test("reconcile compares every type that events are handled of", () => {
  // A charge comes with its refunds, which are listed with it.
  const compared = new Set(["charge", ...passes(true).map(({ list }) => list)]);
  const left = Object.keys(ROUTES).filter((type) => !compared.has(objectTypeOf(type) ?? ""));
  expect(left).toEqual([]);
  expect(Object.keys(OBJECTS).filter((type) => !compared.has(type))).toEqual([]);
});
