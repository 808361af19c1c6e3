import pg from "pg";
import { engineIn } from "../packages/oncepaid/src/oncepaid.ts";
import { parseEvent } from "../packages/oncepaid/src/webhooks/event.ts";
import { applyEvent } from "../packages/oncepaid/src/webhooks/receive.ts";
import { oncepaid } from "../shop/src/oncepaid.ts";
import { copied, type Original, writeCopies } from "./copies.ts";
import { numbered, runPgbench } from "./run-pgbench.ts";
import { type BenchedShop, openOrder } from "./shop.ts";
import { CONNECTIONS, paidEvent, sessionOf, settleTables, UNPAID } from "./webhook.ts";

const PER_CLIENT = 500;
const ORDERS = CONNECTIONS * PER_CLIENT;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * What PostgreSQL's own load generator makes of the statements of one paid event: those that the app sends, with as many
 * connections, on the same database. Transactions per second; undefined where there is no pgbench.
 */
export async function measurePgbench(shop: BenchedShop, round: number): Promise<number | undefined> {
  const stem = `pgbench${round}`;
  const template = { order: await openOrder(shop, stem), stem, others: [] };
  const client = new pg.Client({ connectionString: shop.databaseUrl });
  await client.connect();
  try {
    await writeCopies(client, UNPAID, template, ORDERS);
    await settleTables(client);
    const perSecond = await paidByPgbench(shop, template);
    const { rows } = await client.query<{ granted: number }>(
      `select count(*)::int as granted from oncepaid."order" where status = 'FULFILLED' and cart_id like 'cart-${stem}copy%'`,
    );
    if (perSecond !== undefined && rows[0]?.granted !== ORDERS) {
      throw new Error(`pgbench granted ${rows[0]?.granted} of ${ORDERS} orders.`);
    }
    return perSecond;
  } finally {
    await client.end();
  }
}

async function paidByPgbench(shop: BenchedShop, template: Original): Promise<number | undefined> {
  // What a process reads only once is not what an event costs.
  const warm = await openOrder(shop, `warm-here-${template.stem}`);
  await apply(JSON.stringify(paidEvent(warm, await sessionOf(shop, warm))));
  const event = paidEvent(template.order, await sessionOf(shop, template.order), template.stem);
  const statements = await statementsOf(JSON.stringify(event));
  const uuids = statements.flatMap(({ values }) =>
    values.flatMap((value) => String(value).match(UUID) ?? []),
  );
  const others = [...new Set(uuids)].filter((id) => id !== template.order.orderId);
  const script = scriptOf(statements, { ...template, others });
  return runPgbench(shop.databaseUrl, script, { clients: CONNECTIONS, perClient: PER_CLIENT });
}

type Statement = { text: string; values: unknown[] };

/** Applies the event here, as the app does, and keeps what the database was asked. */
async function statementsOf(payload: string): Promise<Statement[]> {
  const { pool } = engineIn(oncepaid()).database;
  const asked: Statement[] = [];
  const query = pool.query.bind(pool);
  Object.defineProperty(pool, "query", {
    configurable: true,
    value: (statement: Statement) => {
      asked.push(statement);
      return query(statement);
    },
  });
  await apply(payload).finally(() => Reflect.deleteProperty(pool, "query"));
  return asked;
}

async function apply(payload: string): Promise<void> {
  const event = parseEvent(payload);
  if (!event) throw new Error("The event of the bench is none.");
  const received = await applyEvent(engineIn(oncepaid()), event);
  if (!received.ok) throw new Error(`The event of the bench failed: ${received.error}`);
}

function scriptOf(statements: readonly Statement[], original: Original): string {
  const sql = statements.map((statement) => sqlOf(statement, original));
  return [numbered(PER_CLIENT), ...sql.map((statement) => `${statement};`)].join("\n");
}

/**
 * The statement with its values in it. A document is made and read once, as a parameter is, however often the statement names it: each of
 * these statements begins with `with`.
 */
function sqlOf({ text, values }: Statement, original: Original): string {
  const literalOf = (number: string) => expression(values[Number(number) - 1], original);
  const documents = new Set(Array.from(text.matchAll(/\$(\d+)::jsonb/g), ([, number = ""]) => number));
  const given = Array.from(
    documents,
    (number) => `given_${number} as materialized (select ${literalOf(number)}::jsonb as value), `,
  );
  return text
    .replace(/\$(\d+)::jsonb/g, (_, number: string) => `(select value from given_${number})`)
    .replace(/\$(\d+)/g, (_, number: string) => literalOf(number))
    .replace(/^\s*with /, () => `with ${given.join("")}`);
}

function expression(value: unknown, original: Original): string {
  if (Array.isArray(value)) return `array[${value.map((each) => expression(each, original)).join(", ")}]`;
  if (typeof value === "string") return `(${copied(value, original, ":bench_number::integer")})`;
  return value === null || value === undefined ? "null" : String(value);
}
