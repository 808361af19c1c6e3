import { sql } from "kysely";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { type Caller, maySee } from "#/caller.ts";
import type { DownloadProduct, ProductFile } from "#/catalog/product.ts";
import { inTransaction } from "#/database/database.ts";
import { readLink, signLink } from "#/downloads/link.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { secretOf, secretsOf } from "#/secret.ts";
import type { StoredFile } from "#/storage/storage.ts";

/** The files a paid order gives: who may have them, how often, and the links to them. */

/** One file as its buyer sees it. `bytes` is null while the storage can't be asked. */
export type DownloadView = { file: string; name: string; bytes: number | null; used: number; left: number };

const NOT_FOUND = failure("not_found", "There is no such download.");
const MISSING = failure("file_unavailable", "The file can't be read at the moment. It is safe to try again.");

/** The files of an entitlement with what is left of them; none when its product gives no files. */
export async function downloadsOf(
  engine: Engine,
  entitlement: {
    id: string;
    productKey: string;
    quantity: number;
  },
): Promise<DownloadView[]> {
  const product = downloadProduct(engine, entitlement.productKey);
  if (!product) return [];
  const used = await usedDownloads(engine, entitlement.id);
  return Promise.all(
    product.files.map(async ({ key, name, path }) => ({
      file: key,
      name,
      bytes: await bytesOf(engine, path),
      used: used.get(key) ?? 0,
      left: Math.max(0, limitOf(product, entitlement) - (used.get(key) ?? 0)),
    })),
  );
}

/** Which file is asked for, and by whom. */
type Asked = { entitlementId: string; file: string | undefined; caller: Caller };

/**
 * Gives out a link to a file, and counts it. The entitlement's row is locked meanwhile, so that any number of requests
 * at once get no more links than are left, and none after the access ended. Without `file` it is the product's first one.
 */
export async function giveLink(
  engine: Engine,
  entitlementId: string,
  file: string | undefined,
  caller: Caller,
): Promise<{ ok: true; token: string } | Failure> {
  const secret = await secretOf(engine);
  return engine.database.db.transaction().execute(async (trx) => {
    const allowed = await allowedFile(engine, trx, { entitlementId, file, caller });
    if (!allowed.ok) return allowed;
    await trx
      .insertInto("download")
      .values({ id: uuidv7(), entitlement_id: entitlementId, file: allowed.file })
      .execute();
    return { ok: true, token: signLink({ entitlementId, file: allowed.file }, secret) };
  });
}

/**
 * Whether giveLink would give a link. For who only looks: a program that asks what a link leads to, a browser that fetches pages
 * before somebody opens them. It gets no link, so nothing is counted.
 */
export async function mayDownload(
  engine: Engine,
  entitlementId: string,
  file: string | undefined,
  caller: Caller,
): Promise<{ ok: true } | Failure> {
  return engine.database.db
    .transaction()
    .execute((trx) => allowedFile(engine, trx, { entitlementId, file, caller }));
}

/** The key of the file, if one more link to it may be given; the entitlement stays locked until the transaction ends. */
async function allowedFile(
  engine: Engine,
  trx: Engine["database"]["db"],
  { entitlementId, file, caller }: Asked,
): Promise<{ ok: true; file: string } | Failure> {
  if (!isUuid(entitlementId)) return NOT_FOUND;
  const entitlement = await trx
    .selectFrom("entitlement")
    .selectAll()
    .where("id", "=", entitlementId)
    .forUpdate()
    .executeTakeFirst();
  const product = entitlement && downloadProduct(engine, entitlement.product_key);
  const found = product && findFile(product, file);
  if (!found || !maySee(caller, entitlement.user_id)) return NOT_FOUND;
  const refused = refusal(entitlement.state);
  if (refused) return refused;
  const used = (await usedDownloads(engine, entitlementId, trx)).get(found.key) ?? 0;
  if (used < limitOf(product, entitlement)) return { ok: true, file: found.key };
  return failure("download_limit", "This file was downloaded as often as is allowed; ask the shop for more.");
}

export type OpenedFile = { ok: true; file: ProductFile; stored: StoredFile };

/** What a link leads to, if it still does: the link's time and the access are checked each time it is used. */
export async function openLink(engine: Engine, token: string): Promise<OpenedFile | Failure> {
  const link = readLink(token, await secretsOf(engine));
  if (link === "forged")
    return failure("link_invalid", "This link isn't one of ours, or a part of it is missing.");
  if (link === "expired") {
    return failure("link_expired", "This link has run out; open your purchases and download again.");
  }
  const entitlement = await engine.database.db
    .selectFrom("entitlement")
    .select(["state", "product_key"])
    .where("id", "=", link.entitlementId)
    .executeTakeFirst();
  const product = entitlement && downloadProduct(engine, entitlement.product_key);
  const file = product && findFile(product, link.file);
  if (!file) return NOT_FOUND;
  const refused = refusal(entitlement.state);
  if (refused) return refused;
  const stored = await engine.storage
    .stat(file.path)
    .catch((error: unknown) => engine.log.error({ file: file.path, err: error }, "storage not read"));
  if (stored) return { ok: true, file, stored };
  engine.log.error({ file: file.path }, "a sold file is not in the storage");
  return MISSING;
}

/** An operator allows as many downloads of an entitlement again. `by` names the operator. */
export async function reissueDownloads(
  engine: Engine,
  entitlementId: string,
  by: string,
): Promise<{ ok: true } | Failure> {
  if (!isUuid(entitlementId)) return NOT_FOUND;
  const isReissued = await inTransaction(engine.database, async (transaction) => {
    const { rowCount } = await transaction.query(
      `insert into oncepaid.download_reissue (id, entitlement_id, by)
       select $2, id, $3 from oncepaid.entitlement where id = $1 and kind = 'download'`,
      [entitlementId, uuidv7(), by],
    );
    if (rowCount > 0) await writeAct(transaction, { by, what: "download.reissued", about: entitlementId });
    return rowCount > 0;
  });
  return isReissued ? { ok: true } : NOT_FOUND;
}

function refusal(state: string): Failure | undefined {
  if (state === "active") return undefined;
  return state === "suspended"
    ? failure("access_suspended", "Your access to this is paused for now, so it can't be downloaded.")
    : failure("access_ended", "Your access to this has ended, so it can't be downloaded any more.");
}

/** How often each file was downloaded since an operator last allowed more. */
async function usedDownloads(
  engine: Engine,
  entitlementId: string,
  db = engine.database.db,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom("download")
    .select(["file", ({ fn }) => fn.countAll<number>().as("used")])
    .where("entitlement_id", "=", entitlementId)
    .where(
      "at",
      ">",
      sql<Date>`coalesce((select max(r.at) from oncepaid.download_reissue r where r.entitlement_id = ${entitlementId}), '-infinity')`,
    )
    .groupBy("file")
    .execute();
  return new Map(rows.map(({ file, used }) => [file, used]));
}

function downloadProduct(engine: Engine, productKey: string): DownloadProduct | undefined {
  const product = engine.catalog.find(productKey);
  return product?.kind === "download" ? product : undefined;
}

function findFile({ files }: DownloadProduct, key: string | undefined): ProductFile | undefined {
  return key === undefined ? files[0] : files.find((file) => file.key === key);
}

/** Several copies bought are several times the downloads. */
function limitOf({ downloadLimit }: DownloadProduct, { quantity }: { quantity: number }): number {
  return downloadLimit * quantity;
}

async function bytesOf(engine: Engine, path: string): Promise<number | null> {
  const stored = await engine.storage.stat(path).catch(() => undefined);
  return stored?.bytes ?? null;
}
