import { expect, test } from "vitest";
import { review } from "./review.ts";
import { testProject } from "./test-project.ts";

/** What ended whole reviews once, and what made them say "nothing found" of code they didn't understand. */

const FAULTY = 'await stripe.refunds.create({ payment_intent: "pi_1" });\n';

test.each([
  [
    "a copy that the function hands to itself",
    "const next = new Set(seen); if (next.has(event.type)) return apply(event, next);",
  ],
  ["a name that becomes a copy of itself", "seen = new Set(seen); if (seen.has(event.type)) return;"],
  ["an object that holds itself", "const self = { self }; if (self.self.types.includes(event.type)) return;"],
  ["two names that are each other", "let a = b; let b = a; if (a.has(event.type)) return;"],
])("%s ends no review", (_, code) => {
  const root = testProject({
    "circle.ts": `export function apply(event, seen) { ${code} }\n`,
    "refund.ts": FAULTY,
  });
  const { findings, failures, skipped } = review(root);
  expect({ failures, skipped }).toEqual({ failures: [], skipped: [] });
  expect(findings.map(({ path, rule }) => `${path} ${rule.id}`)).toEqual([
    "refund.ts idempotency-key-missing",
  ]);
});

test("a file that no engine would run is named, and the rest is read", () => {
  const { findings, skipped } = review(
    testProject({ "twice.ts": "const stripe = 1; const stripe = 2;", "refund.ts": FAULTY }),
  );
  expect(skipped).toEqual([{ path: "twice.ts", reason: 'Duplicate declaration "stripe"' }]);
  expect(findings).toHaveLength(1);
});

test("modules that import each other in a circle are read", () => {
  const { failures, findings } = review(
    testProject({
      "a.ts": 'export * from "./b"; import { refund } from "./b"; export const again = () => refund();',
      "b.ts": `export * from "./a"; import { again } from "./a"; export async function refund() { again(); ${FAULTY} }`,
    }),
  );
  expect(failures).toEqual([]);
  expect(findings).toHaveLength(1);
});

test("what two webhooks lead to is found once", () => {
  const webhook = (name: string) => `
import { stripe } from "./stripe";
import { grant } from "./grant";
export async function ${name}(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature"), process.env.STRIPE_WEBHOOK_SECRET);
  if (event.type === "checkout.session.completed" && event.data.object.payment_status === "paid") await grant(event.data.object.client_reference_id);
  return new Response();
}`;
  const { findings } = review(
    testProject({
      "one.ts": webhook("one"),
      "two.ts": webhook("two"),
      "stripe.ts": 'import Stripe from "stripe"; export const stripe = new Stripe(process.env.KEY);',
      "grant.ts":
        'import { db } from "./db"; export const grant = (owner) => db.licence.create({ data: { owner } });',
      "db.ts": 'import { PrismaClient } from "@prisma/client"; export const db = new PrismaClient();',
    }),
  );
  expect(findings.filter(({ rule }) => rule.id === "granted-twice")).toHaveLength(1);
});

test("a webhook that verifies events and leads to no write that could be followed is named, instead of nothing found", () => {
  const { findings, notFollowed } = review(
    testProject({
      "route.ts": `
import Stripe from "stripe";
import { workflow } from "some-engine";
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);
export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature"), process.env.STRIPE_WEBHOOK_SECRET);
  await workflow(event);
  return new Response();
}`,
    }),
  );
  expect(findings).toEqual([]);
  expect(notFollowed).toEqual([
    { path: "route.ts", line: 6, reason: expect.stringContaining("no write could be followed") },
  ]);
});
