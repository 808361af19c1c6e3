import type { Engine } from "#/engine.ts";
import { type Finding, fail, ok, warn } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";

type Missing = { key: string; access: number; paid: number };

/** What was sold and isn't in the catalog any more, while somebody has it, or has paid and waits for it. */
export async function checkCatalog(engine: Engine, words: Words): Promise<Finding[]> {
  const { rows } = await engine.database.query<Missing>(
    `select key, count(*) filter (where had)::int as access, count(*) filter (where not had)::int as paid
       from (select product_key as key, true as had from oncepaid.entitlement where state <> 'ended'
              union all
             select i.product_key, false from oncepaid."order" o join oncepaid.order_item i on i.order_id = o.id
              where o.status = 'PAID' and o.fulfilled_at is null) as sold
      where key <> all ($1::text[]) group by key order by key`,
    [engine.catalog.products.map(({ key }) => key)],
  );
  const findings = rows.flatMap((missing) => told(missing, words));
  return findings.length > 0 ? findings : [ok("Every product that somebody has is in it.")];
}

function told({ key, access, paid }: Missing, { catalog }: Words): Finding[] {
  const findings: Finding[] = [];
  if (paid > 0) {
    findings.push(
      fail(
        `“${key}” is not in the catalog any more, and was paid without being granted (orders: ${paid}).`,
        `Put it back into ${catalog}, and the orders are fulfilled by themselves; or give the payments back.`,
      ),
    );
  }
  if (access > 0) {
    findings.push(
      warn(
        `“${key}” is not in the catalog any more, and people have it (${access}).`,
        `Put it back into ${catalog}, where alone its name, its files and its policy stand: until then its access ends by the usual policy of its kind.`,
      ),
    );
  }
  return findings;
}
