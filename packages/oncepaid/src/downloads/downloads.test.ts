import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signLink } from "#/downloads/link.ts";
import { products } from "../../../../shop/src/catalog/products.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { runFolder } from "../../../../test/support/database.ts";
import {
  chargeRefunded,
  completed,
  disputeObject,
  event,
  newPayment,
} from "../../../../test/support/events.ts";

const CONTENT = "Everything that happens after the card was charged.";
const SECRET = "a-secret-for-tests-of-32-characters";
let app: TestApi;
let folder: string;

beforeAll(async () => {
  folder = join(runFolder(), `files-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "field-guide.pdf"), CONTENT);
  app = await startApi({ STORAGE_URL: pathToFileURL(folder).href });
});
afterAll(() => app.close());

let carts = 0;
/** A visitor's paid e-book. */
async function bought(quantity = 1) {
  const cart = { cartId: `cart-download-${++carts}`, productKey: "ebook", quantity };
  const started = await app.post("/api/checkout", cart);
  const cookie = started.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const payment = newPayment(String(started.json.orderId), String(started.json.url).split("/").at(-1) ?? "");
  await app.deliver(completed(payment));
  const [row] = await app.rows<{ id: string }>("select id from entitlement where order_id = $1", [
    payment.orderId,
  ]);
  return { cookie, payment, path: `/api/downloads/${row?.id}`, id: row?.id ?? "" };
}

const follow = (path: string, headers: Record<string, string> = {}) =>
  fetch(app.url + path, { headers, redirect: "manual" });

async function linkOf({ path, cookie }: { path: string; cookie: string }): Promise<string> {
  const answer = await follow(path, { cookie });
  expect(answer.status).toBe(302);
  return answer.headers.get("location") ?? "";
}

const codeOf = async (answer: Response) => (await answer.json()).code;

test("the owner is redirected to a link that gives the file under its name", async () => {
  const link = await linkOf(await bought());
  const answer = await follow(link);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(CONTENT);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/pdf",
    "content-length": String(CONTENT.length),
    "content-disposition": "attachment; filename*=UTF-8''stripe-checkout-field-guide.pdf",
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
  });
});

test("a download is resumed by range, only from the same file", async () => {
  const link = await linkOf(await bought());
  const whole = await follow(link);
  const etag = whole.headers.get("etag") ?? "";
  await whole.text();
  const rest = await follow(link, { range: "bytes=11-", "if-range": etag });
  expect(rest.status).toBe(206);
  expect(rest.headers.get("content-range")).toBe(`bytes 11-${CONTENT.length - 1}/${CONTENT.length}`);
  expect(await rest.text()).toBe(CONTENT.slice(11));
  const changed = await follow(link, { range: "bytes=11-", "if-range": '"another"' });
  expect([changed.status, await changed.text()]).toEqual([200, CONTENT]);
  const past = await follow(link, { range: "bytes=1000-" });
  expect([past.status, past.headers.get("content-range")]).toEqual([416, `bytes */${CONTENT.length}`]);
  const head = await fetch(app.url + link, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(CONTENT.length)]);
});

test("a file without a byte in it is a whole download too", async () => {
  const link = await linkOf(await bought());
  writeFileSync(join(folder, "field-guide.pdf"), "");
  const [answer, part] = [await follow(link), await follow(link, { range: "bytes=0-" })];
  writeFileSync(join(folder, "field-guide.pdf"), CONTENT);
  expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, "0", ""]);
  expect(part.status).toBe(416);
});

test("to everybody else there is no such download", async () => {
  const mine = await bought();
  const other = await bought();
  expect((await follow(mine.path)).status).toBe(401);
  expect((await follow(mine.path, { cookie: other.cookie })).status).toBe(404);
  expect((await follow(`${mine.path}?file=nothing`, { cookie: mine.cookie })).status).toBe(404);
  for (const id of ["nonsense", "01890000-0000-7000-8000-000000000000", "%00"]) {
    expect((await follow(`/api/downloads/${id}`, { cookie: mine.cookie })).status).toBe(404);
  }
  expect((await follow(mine.path, app.asServer)).status).toBe(302);
});

test("a link that has run out or was tampered with is refused", async () => {
  const { id } = await bought();
  const old = signLink({ entitlementId: id, file: "guide" }, SECRET, Date.now() - 5 * 60_000);
  const expired = await follow(`/api/files/${old}`);
  expect([expired.status, await codeOf(expired)]).toEqual([403, "link_expired"]);
  const forged = signLink({ entitlementId: id, file: "guide" }, "another secret of 32 characters or so");
  for (const token of [forged, "nonsense", `${old}x`]) {
    const answer = await follow(`/api/files/${token}`);
    expect([answer.status, await codeOf(answer)]).toEqual([403, "link_invalid"]);
  }
});

test("who follows an old link in a browser gets a page in their language, with the same status", async () => {
  const { id, path } = await bought();
  const old = signLink({ entitlementId: id, file: "guide" }, SECRET, Date.now() - 5 * 60_000);
  const hindi = { accept: "text/html,*/*;q=0.8", "accept-language": "hi-IN,hi;q=0.9" };
  const expired = await follow(`/api/files/${old}`, hindi);
  expect([expired.status, expired.headers.get("content-type")]).toEqual([403, "text/html; charset=UTF-8"]);
  expect(await expired.text()).toMatch(
    /<html lang="hi">[\s\S]*data-code="link_expired"[\s\S]*href="\/account"/,
  );
  const unknown = await follow(path, { accept: "text/html" });
  expect(unknown.status).toBe(401);
  expect(await unknown.text()).toContain('<main data-code="unauthenticated">');
});

test("a refund ends new links and those that are out, at once", async () => {
  const purchase = await bought();
  const link = await linkOf(purchase);
  await app.deliver(chargeRefunded(purchase.payment, 1900));
  for (const answer of [await follow(purchase.path, { cookie: purchase.cookie }), await follow(link)]) {
    expect([answer.status, await codeOf(answer)]).toEqual([403, "access_ended"]);
  }
});

test("a dispute interrupts downloads until it is won", async () => {
  const purchase = await bought();
  const link = await linkOf(purchase);
  await app.deliver(event("charge.dispute.created", disputeObject(purchase.payment, "needs_response")));
  expect(await codeOf(await follow(link))).toBe("access_suspended");
  await app.deliver(event("charge.dispute.closed", disputeObject(purchase.payment, "won")));
  expect((await follow(link)).status).toBe(200);
});

test("an operator ends downloads at once and gives them back", async () => {
  const purchase = await bought();
  const link = await linkOf(purchase);
  await app.post(`/api/admin/entitlements/${purchase.id}/end`, {}, app.asServer);
  expect(await codeOf(await follow(link))).toBe("access_ended");
  await app.post(`/api/admin/entitlements/${purchase.id}/restore`, {}, app.asServer);
  expect((await follow(link)).status).toBe(200);
});

test("any number of requests at once get as many links as the policy allows, and an operator allows as many again", async () => {
  const product = products.find(({ key }) => key === "ebook");
  const limit = product?.kind === "download" ? product.downloadLimit : 0;
  const purchase = await bought(2);
  const rush = async () => {
    const answers = await Promise.all(
      Array.from({ length: limit * 2 + 15 }, () => follow(purchase.path, { cookie: purchase.cookie })),
    );
    return answers.map(({ status }) => status).sort();
  };
  const allowed = [...Array(limit * 2).fill(302), ...Array(15).fill(403)];
  expect(await rush()).toEqual(allowed);
  const [counted] = await app.rows("select count(*)::int as links from download where entitlement_id = $1", [
    purchase.id,
  ]);
  expect(counted).toEqual({ links: limit * 2 });
  expect(await codeOf(await follow(purchase.path, { cookie: purchase.cookie }))).toBe("download_limit");
  const reissued = await app.post(`/api/admin/entitlements/${purchase.id}/reissue`, {}, app.asServer);
  expect(reissued).toMatchObject({ status: 200, json: { reissued: true } });
  expect(await rush()).toEqual(allowed);
});

test.each([
  ["a link checker that asks where the link leads (HEAD)", { method: "HEAD", headers: {} }],
  [
    "a browser that fetches ahead (prefetch)",
    { method: "GET", headers: { "sec-purpose": "prefetch;prerender" } },
  ],
])("%s gets no link and costs no download", async (_, how) => {
  const { id, path, cookie } = await bought();
  const look = async (as: string) => {
    const headers = { ...how.headers, cookie: as };
    const answer = await fetch(app.url + path, { ...how, headers, redirect: "manual" });
    return [answer.status, answer.headers.get("location")];
  };
  expect(await look(cookie)).toEqual([204, null]);
  expect((await look((await bought()).cookie))[0]).toBe(404);
  expect(await app.rows("select 1 from download where entitlement_id = $1", [id])).toEqual([]);
  await app.post(`/api/admin/entitlements/${id}/end`, {}, app.asServer);
  expect((await look(cookie))[0]).toBe(403);
});

test("only an operator may allow more, and only for files", async () => {
  const { id, cookie } = await bought();
  expect((await app.post(`/api/admin/entitlements/${id}/reissue`, {}, { cookie })).status).toBe(403);
  expect((await app.post("/api/admin/entitlements/nonsense/reissue", {}, app.asServer)).status).toBe(404);
});

test("a file that isn't in the storage is said to be unavailable, not gone", async () => {
  const purchase = await bought();
  const link = await linkOf(purchase);
  rmSync(join(folder, "field-guide.pdf"));
  const answer = await follow(link);
  expect([answer.status, await codeOf(answer)]).toEqual([503, "file_unavailable"]);
  writeFileSync(join(folder, "field-guide.pdf"), CONTENT);
});
