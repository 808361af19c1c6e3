import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, signed } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

/** Sent in chunks, so that nobody is told the length beforehand. */
function inChunks(
  method: string,
  path: string,
  headers: Record<string, string>,
  chunks: (string | Buffer)[],
) {
  return new Promise<{ status: number; json: Record<string, unknown> }>((resolve, reject) => {
    const sent = request(app.url + path, { method, headers }, async (answer) => {
      const text = (await answer.toArray()).join("");
      resolve({ status: answer.statusCode ?? 0, json: JSON.parse(text) });
    });
    sent.on("error", reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

const json = { "content-type": "application/json" };

test("a delivery in chunks is verified over exactly its bytes, and applied", async () => {
  const payment = await app.order();
  const { payload, header } = signed(completed(payment));
  // Cut in the middle of whatever is there, letters of several bytes included.
  const bytes = Buffer.from(payload);
  const chunks = [bytes.subarray(0, 7), bytes.subarray(7, 300), bytes.subarray(300)];
  const answer = await inChunks(
    "POST",
    "/api/stripe/webhook",
    { ...json, "stripe-signature": header },
    chunks,
  );
  expect(answer).toEqual({ status: 200, json: { received: true, outcome: "applied" } });
});

test("a cart in chunks is a cart", async () => {
  const body = JSON.stringify({ cartId: "cart-in-chunks", productKey: "ebook", userId: "chunky" });
  const answer = await inChunks("POST", "/api/checkout", { ...json, ...app.asServer }, [
    body.slice(0, 10),
    body.slice(10),
  ]);
  expect(answer).toMatchObject({ status: 200, json: { url: expect.any(String) } });
});

test("a body that is too large is refused, in chunks or in one; only Stripe's events may be longer than 64 kB", async () => {
  const refused = { status: 413, json: { code: "payload_too_large" } };
  const [most, megabyte] = ["x".repeat(64 * 1024), "x".repeat(1024 * 1024)];
  for (const [path, longest] of [
    ["/api/checkout", most],
    ["/api/stripe/webhook", megabyte],
  ] as const) {
    expect(await inChunks("POST", path, json, [longest, "x"])).toMatchObject(refused);
    expect(await app.post(path, `${longest}x`)).toMatchObject(refused);
    expect((await app.post(path, longest)).status).toBe(400);
  }
});
