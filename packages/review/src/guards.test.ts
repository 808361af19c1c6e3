import { expect, test } from "vitest";
import { review } from "./review.ts";
import { testProject } from "./test-project.ts";

/** What keeps a second delivery from granting again, and what only looks like it. */

const PRISMA = 'import { PrismaClient } from "@prisma/client";\nexport const db = new PrismaClient();\n';

function grantedTwice(grant: string, beside: Record<string, string> = {}): boolean {
  const route = `
import Stripe from "stripe";
import { db } from "./db";
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);
export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(await request.text(), request.headers.get("stripe-signature"), process.env.STRIPE_WEBHOOK_SECRET);
  if (event.type === "checkout.session.completed" || event.type === "checkout.session.async_payment_succeeded") {
    const session = event.data.object;
    if (session.payment_status !== "paid") return new Response();
    ${grant}
  }
  return new Response();
}`;
  const { findings, failures } = review(testProject({ "route.ts": route, "db.ts": PRISMA, ...beside }));
  expect(failures).toEqual([]);
  return findings.some(({ rule }) => rule.id === "granted-twice");
}

const CREATE = "await db.licence.create({ data: { owner: session.client_reference_id } });";

test.each([
  [
    "a look before, with a way out",
    `if (await db.licence.findFirst({ where: { session: session.id } })) return new Response(); ${CREATE}`,
  ],
  [
    "a look before, kept under a name",
    `const known = await db.licence.findUnique({ where: { session: session.id } }); if (known) return new Response(); ${CREATE}`,
  ],
  [
    "a look that is compared with null",
    `const known = await db.licence.findUnique({ where: { session: session.id } }); if (known !== null) return new Response(); ${CREATE}`,
  ],
  [
    "a count",
    `const count = await db.licence.count({ where: { session: session.id } }); if (count > 0) return new Response(); ${CREATE}`,
  ],
  [
    "what is not there yet is made",
    `const known = await db.licence.findUnique({ where: { session: session.id } }); if (!known) { ${CREATE} }`,
  ],
  [
    "the state of the order",
    `const order = await db.order.findUnique({ where: { id: session.client_reference_id } }); if (order.status === "paid") return new Response(); ${CREATE}`,
  ],
  [
    "the state of the order, around the write",
    `const order = await db.order.findUnique({ where: { id: session.client_reference_id } }); if (order.status !== "paid") { ${CREATE} }`,
  ],
  [
    "a time that is set once",
    `const order = await db.order.findUnique({ where: { id: session.client_reference_id } }); if (order.fulfilledAt) return new Response(); ${CREATE}`,
  ],
  [
    "an update that says which state it expects",
    `const { count } = await db.order.updateMany({ where: { id: session.client_reference_id, status: "open" }, data: { status: "paid" } }); if (count === 0) return new Response(); ${CREATE}`,
  ],
  [
    "the event's id, inserted before in one transaction",
    `await db.$transaction(async (tx) => { await tx.event.create({ data: { id: event.id } }); await tx.licence.create({ data: { owner: session.client_reference_id } }); });`,
  ],
  [
    "the event's id, in a list of one transaction",
    `await db.$transaction([db.event.create({ data: { id: event.id } }), db.licence.create({ data: { owner: session.client_reference_id } })]);`,
  ],
  [
    "a function that says whether the event is known",
    `if (await alreadyProcessed(event.id)) return new Response(); ${CREATE}`,
  ],
  ["a function that claims the event", `if (!(await claimEvent(event.id))) return new Response(); ${CREATE}`],
  ["a function that runs what it is given once", `await once(event.id, async () => { ${CREATE} });`],
  [
    "a key in Redis that is set once",
    `const first = await redis.set(event.id, "1", { NX: true }); if (!first) return new Response(); ${CREATE}`,
  ],
  [
    "an upsert",
    `await db.licence.upsert({ where: { session: session.id }, update: {}, create: { session: session.id } });`,
  ],
  [
    "a conflict that changes nothing",
    `await db.insert(licences).values({ session: session.id }).onConflictDoNothing();`,
  ],
  [
    "duplicates that are skipped",
    `await db.licence.createMany({ data: [{ session: session.id }], skipDuplicates: true });`,
  ],
  [
    "SQL with on conflict",
    "await db.$executeRaw`insert into licences (session) values ($" +
      "{session.id}) on conflict do nothing`;",
  ],
  [
    "a catch that knows a duplicate",
    `try { ${CREATE} } catch (error) { if (error.code !== "P2002") throw error; }`,
  ],
  [
    "an insert whose duplicate ends the work",
    `try { await db.event.create({ data: { id: event.id } }); } catch { return new Response(); } ${CREATE}`,
  ],
  [
    "Supabase's answer about a duplicate",
    `const { error } = await db.from("events").insert({ id: event.id }); if (error?.code === "23505") return new Response(); ${CREATE}`,
  ],
])("%s keeps a second delivery from granting again", (_, grant) => {
  expect(grantedTwice(grant)).toBe(false);
});

test.each([
  ["nothing", CREATE],
  [
    "a buyer who is found",
    `const user = await db.user.findUnique({ where: { id: session.client_reference_id } }); if (!user) return new Response(); ${CREATE}`,
  ],
  [
    "a buyer who is found, around the write",
    `const user = await db.user.findUnique({ where: { id: session.client_reference_id } }); if (user) { ${CREATE} }`,
  ],
  [
    "a buyer who is made when missing",
    `let user = await db.user.findUnique({ where: { id: session.client_reference_id } }); if (!user) { user = await db.user.create({ data: { id: session.client_reference_id } }); } await db.user.update({ where: { id: user.id }, data: { credits: { increment: 5 } } });`,
  ],
  ["a log with the event's id", `console.log("already processed?", event.id); ${CREATE}`],
  [
    "the event's id in another table that is written over",
    `await db.lastEvent.update({ where: { id: 1 }, data: { note: event.id } }); ${CREATE}`,
  ],
  [
    "a look whose answer nobody asks for",
    `const known = await db.licence.findUnique({ where: { session: session.id } }); console.log(known); ${CREATE}`,
  ],
  [
    "a guard that stands after the write",
    `${CREATE} const known = await db.licence.findUnique({ where: { session: session.id } }); if (known) return new Response();`,
  ],
  [
    "a guard around another write",
    `const known = await db.mail.findUnique({ where: { session: session.id } }); if (!known) { await db.mail.create({ data: { session: session.id } }); } ${CREATE}`,
  ],
  [
    "an upsert with an increment",
    `await db.wallet.upsert({ where: { user: session.client_reference_id }, update: { credits: { increment: 5 } }, create: { credits: 5 } });`,
  ],
  [
    "an error that is thrown on",
    `const { error } = await db.from("profiles").update({ seen: true }).eq("id", session.client_reference_id); if (error) throw error; ${CREATE}`,
  ],
  [
    "a name that says unique",
    `const uniqueLicence = makeUnique(); await db.licence.create({ data: { key: uniqueLicence } });`,
  ],
  [
    "a key that is new on every run",
    `await db.licence.upsert({ where: { key: randomUUID() }, update: {}, create: { owner: session.client_reference_id } });`,
  ],
])("%s doesn't keep a second delivery from granting again", (_, grant) => {
  expect(grantedTwice(grant)).toBe(true);
});

test("a column that the schema calls unique holds a session once", () => {
  const grant = "await db.licence.create({ data: { sessionId: session.id } });";
  expect(grantedTwice(grant)).toBe(true);
  expect(grantedTwice(grant, { "schema.prisma": "model Licence {\n  sessionId String @unique\n}\n" })).toBe(
    false,
  );
  expect(
    grantedTwice(grant, {
      "schema.prisma":
        "model Licence {\n  sessionId String\n  owner String\n  @@unique([sessionId, owner])\n}\n",
    }),
  ).toBe(true);
  expect(
    grantedTwice(grant, { "db/001.sql": "create table licence (session_id text unique not null);" }),
  ).toBe(false);
  expect(
    grantedTwice(grant, {
      "table.ts": 'export const licences = pgTable("licences", { sessionId: text("session_id").unique() });',
    }),
  ).toBe(false);
  expect(
    grantedTwice(grant, {
      "model.ts":
        'export const Licence = model("Licence", new Schema({ sessionId: { type: String, unique: true } }));',
    }),
  ).toBe(false);
});
