import type { Engine } from "#/engine.ts";
import type { Failure } from "#/failure.ts";
import { keptOf, named, type Person } from "#/people/person.ts";
import { type OrderView, selectOrders, viewOf } from "#/purchases/order-view.ts";

/** Everything the engine keeps of a person, as JSON for them. Amounts are minor units, times ISO 8601 in UTC. */
export type PersonExport = {
  orders: (OrderView & ExportedBuyer)[];
  /** Access that was given without an order. */
  grants: {
    id: string;
    productKey: string;
    email: string | null;
    until: string | null;
    note: string | null;
    at: string;
  }[];
  /** Places in other people's plans, and invitations to them. */
  seats: {
    id: string;
    orderId: string;
    email: string;
    invitedAt: string;
    joinedAt: string | null;
    endedAt: string | null;
  }[];
  downloads: { entitlementId: string; file: string; at: string }[];
  /** What Stripe told of the orders, as it came; an object without fields where it was removed since. */
  events: { id: string; type: string; created: string; payload: unknown }[];
};

type ExportedBuyer = {
  userId: string;
  email: string | null;
  locale: string;
  createdAt: string;
  stripeCustomerId: string | null;
  /** What the buyer wrote on Stripe's page. */
  sessions: { id: string; email: string | null; name: string | null }[];
};

export async function exportPerson(
  engine: Engine,
  person: Person,
): Promise<{ ok: true; person: PersonExport } | Failure> {
  const whom = named(person);
  if ("ok" in whom) return whom;
  const { orders, grants, seats } = await keptOf(engine.database, whom);
  return {
    ok: true,
    person: {
      orders: await ordersOf(engine, orders),
      grants: await rowsOf(engine, GRANTS, grants),
      seats: await rowsOf(engine, SEATS, seats),
      downloads: await rowsOf(engine, DOWNLOADS, [...orders, ...grants]),
      events: await rowsOf(engine, EVENTS, orders),
    },
  };
}

async function ordersOf(engine: Engine, ids: string[]): Promise<PersonExport["orders"]> {
  if (ids.length === 0) return [];
  const rows = await selectOrders(engine).where("o.id", "in", ids).orderBy("o.id").execute();
  const buyers = new Map(
    (await rowsOf<ExportedBuyer & { id: string }>(engine, BUYERS, ids)).map((one) => [one.id, one]),
  );
  return rows.flatMap((row) => {
    const buyer = buyers.get(row.id);
    return buyer ? [{ ...viewOf(row), ...buyer }] : [];
  });
}

/** One JSON document per row, times as JSON has them. */
async function rowsOf<Row>({ database }: Engine, text: string, ids: readonly string[]): Promise<Row[]> {
  const { rows } = await database.query<{ row: Row }>(text, [ids]);
  return rows.map(({ row }) => row);
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const BUYERS = `
  select json_build_object('id', id, 'userId', user_id, 'email', email, 'locale', locale, 'createdAt', ${iso("created_at")},
                           'stripeCustomerId', stripe_customer_id,
                           'sessions', (select coalesce(json_agg(json_build_object(
                                                 'id', key, 'email', value ->> 'email', 'name', value ->> 'name') order by key), '[]')
                                          from jsonb_each(facts -> 'sessions'))) as row
    from oncepaid."order" where id = any ($1::uuid[])`;

const GRANTS = `
  select json_build_object('id', id, 'productKey', product_key, 'email', email, 'until', ${iso("until")}, 'note', note,
                           'at', ${iso("at")}) as row
    from oncepaid.granted_access where id = any ($1::uuid[]) order by id`;

const SEATS = `
  select json_build_object('id', id, 'orderId', order_id, 'email', email, 'invitedAt', ${iso("invited_at")},
                           'joinedAt', ${iso("joined_at")}, 'endedAt', ${iso("ended_at")}) as row
    from oncepaid.seat where id = any ($1::uuid[]) order by invited_at, id`;

const DOWNLOADS = `
  select json_build_object('entitlementId', d.entitlement_id, 'file', d.file, 'at', ${iso("d.at")}) as row
    from oncepaid.download d join oncepaid.entitlement e on e.id = d.entitlement_id
   where e.order_id = any ($1::uuid[]) or e.grant_id = any ($1::uuid[]) order by d.at, d.id`;

const EVENTS = `
  select json_build_object('id', id, 'type', type, 'created', ${iso("created")}, 'payload', payload) as row
    from oncepaid.stripe_event where order_id = any ($1::uuid[]) order by created, id`;
