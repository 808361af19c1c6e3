import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * `node bin/large-project.ts [FILES]`: writes a project of so many files (10,000 by default), reviews it in a process of its
 * own, and prints how long that took and how much memory it had at most. Exit code 1 over 25 seconds or 600 MB.
 */
const files = Number(process.argv[2] ?? 10_000);
const MOST_SECONDS = 25;
const MOST_MEGABYTES = 600;
/** One file in so many is about payments, as in a shop with a large back office. */
const ONE_IN = 20;

const root = mkdtempSync(join(tmpdir(), "review-large-"));
try {
  for (let number = 0; number < files; number++) write(number);
  const start = performance.now();
  const command = join(import.meta.dirname, "measured-review.ts");
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, root], { encoding: "utf8" });
  const seconds = (performance.now() - start) / 1000;
  const megabytes = Number(/^(\d+) kB/m.exec(stdout)?.[1] ?? Number.NaN) / 1024;
  process.stdout.write(stderr);
  console.log(stdout.trim().split("\n").slice(1).join("\n"));
  console.log(
    `${files} files: ${seconds.toFixed(1)} s (at most ${MOST_SECONDS}), ${megabytes.toFixed(0)} MB (at most ${MOST_MEGABYTES})`,
  );
  process.exitCode = status === 0 && seconds <= MOST_SECONDS && megabytes <= MOST_MEGABYTES ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}

function write(number: number): void {
  const folder = `src/area-${Math.floor(number / 100)}`;
  const path = join(root, folder, `part-${number}.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, number % ONE_IN === 0 ? payments(number) : ordinary(number));
}

/** About as long as a file of a real application: a type, a few functions, a class. */
function ordinary(number: number): string {
  const before = Math.max(0, number - 1);
  const functions = Array.from(
    { length: 6 },
    (_, index) => `
export async function step${number}x${index}(row: Row${number}, list: readonly Row${number}[]): Promise<string[]> {
  const chosen = list.filter((entry) => entry.size > row.size && entry.tags.includes("a${index}"));
  if (chosen.length === 0) return [];
  const names = new Map(chosen.map((entry) => [entry.id, entry.name ?? \`row \${entry.id}\`]));
  for (const [id, name] of names) {
    if (name.length > ${index + 3}) console.info(id, name.toUpperCase());
  }
  return [...names.values()].sort((a, b) => a.localeCompare(b));
}`,
  );
  return `import { Service${before} } from "../area-${Math.floor(before / 100)}/part-${before}";
export type Row${number} = { id: string; name?: string; size: number; tags: string[] };
${functions.join("\n")}
export class Service${number} {
  constructor(private readonly inner: Service${before} | undefined) {}
  async run(rows: Row${number}[]) {
    const [first] = rows;
    return first ? step${number}x0(first, rows) : this.inner?.run(rows);
  }
}
`;
}

function payments(number: number): string {
  return `import Stripe from "stripe";
import { db } from "./db";
export class Service${number} { async run(rows: unknown[]) { return rows.map(String); } }
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY ?? "");
export async function open${number}(order: { id: string; attempt: string; price: string }) {
  return stripe.checkout.sessions.create(
    {
      mode: "payment",
      client_reference_id: order.id,
      line_items: [{ price: order.price, quantity: 1 }],
      success_url: \`\${process.env.APP_URL}/thanks\`,
    },
    { idempotencyKey: \`checkout:\${order.attempt}\` },
  );
}
export async function POST(request: Request) {
  const event = stripe.webhooks.constructEvent(
    await request.text(),
    request.headers.get("stripe-signature") ?? "",
    process.env.STRIPE_WEBHOOK_SECRET as string,
  );
  switch (event.type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded": {
      const session = event.data.object;
      if (session.payment_status === "unpaid") break;
      await db.order.updateMany({ where: { id: session.client_reference_id, status: "open" }, data: { status: "paid" } });
      break;
    }
    case "charge.refunded":
      if (event.data.object.refunded) await db.order.update({ where: { id: event.data.object.metadata.order }, data: { status: "ended" } });
      break;
    case "charge.dispute.created":
      await db.order.update({ where: { id: event.data.object.metadata.order }, data: { status: "held" } });
  }
  return Response.json({ received: true });
}
`;
}
