import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { type Delivery, receiveWebhook } from "#/receive-webhook.ts";

const SECRET = `whsec_${Buffer.from("the secret of these tests alone!").toString("base64")}`;
const OTHER = `whsec_${Buffer.from("another secret of these tests").toString("base64")}`;
const URL_ = "https://app.example.com/hooks";
const MINUTE_MS = 60_000;
const ORDER = {
  orderId: "01a20cca-7b1c-754e-a58f-fa7d9a358266",
  version: 3,
  cartId: "cart-0001",
  userId: "user_42",
  status: "FULFILLED",
  amountTotal: 1900,
  amountRefunded: 0,
  amountLost: 0,
  currency: "usd",
};
const told = (type: string) => JSON.stringify({ type, timestamp: "2026-11-24T09:00:00.000Z", data: ORDER });

function signed(body: string, { secret = SECRET, at = new Date() } = {}) {
  return {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
  };
}

const requestOf = (body: string, headers: Record<string, string>) =>
  new Request(URL_, { method: "POST", headers, body });

test("a request that we have signed is read, and its data is typed by what was told", async () => {
  const body = told("order.fulfilled");
  const received = await receiveWebhook(requestOf(body, signed(body)), SECRET);
  if (!received.ok) throw new Error(received.error);
  expect(received.event).toEqual({ id: "msg_1", ...JSON.parse(body) });
  if (received.event.type === "entitlement.changed") throw new Error("That is another one.");
  const amount: number | null = received.event.data.amountTotal;
  expect(amount).toBe(1900);
});

test("Node's own headers with bytes, and text, are read as a request is", async () => {
  const body = told("order.refunded");
  const headers = { host: "app.example.com", "set-cookie": ["a", "b"], ...signed(body) };
  const event = { id: "msg_1", type: "order.refunded" };
  for (const raw of [Buffer.from(body), new TextEncoder().encode(body), body]) {
    expect(await receiveWebhook({ body: raw, headers }, SECRET)).toMatchObject({ ok: true, event });
  }
});

test("while a secret is replaced both are good, one alone only for what it signed", async () => {
  const body = told("order.canceled");
  const from = (secret: string) => requestOf(body, signed(body, { secret }));
  for (const signedWith of [SECRET, OTHER]) {
    expect(await receiveWebhook(from(signedWith), [OTHER, SECRET])).toMatchObject({ ok: true });
  }
  expect(await receiveWebhook(from(OTHER), SECRET)).toMatchObject({ ok: false, code: "invalid_signature" });
});

test("a changed byte, a foreign id, no signature, or one of six minutes away is refused with 400", async () => {
  const body = told("order.fulfilled");
  const headers = signed(body);
  const old = signed(body, { at: new Date(Date.now() - 6 * MINUTE_MS) });
  const early = signed(body, { at: new Date(Date.now() + 6 * MINUTE_MS) });
  const deliveries: Delivery[] = [
    { body: body.replace("1900", "1901"), headers },
    { body: Buffer.from(`\uFEFF${body}`), headers },
    { body, headers: { ...headers, "webhook-id": "msg_2" } },
    { body, headers: { ...headers, "webhook-signature": "" } },
    { body, headers: {} },
    { body, headers: { ...headers, "webhook-timestamp": "soon" } },
    { body, headers: old },
    { body, headers: early },
  ];
  for (const delivery of deliveries) {
    expect(await receiveWebhook(delivery, SECRET)).toMatchObject({ code: "invalid_signature", status: 400 });
  }
});

test("one of four minutes ago is still good", async () => {
  const body = told("order.fulfilled");
  const headers = signed(body, { at: new Date(Date.now() - 4 * MINUTE_MS) });
  expect(await receiveWebhook({ body, headers }, SECRET)).toMatchObject({ ok: true });
});

test("without a secret nothing is trusted, and the sender is told to try again", async () => {
  const body = told("order.fulfilled");
  for (const secret of [undefined, "", " ", "whsec_", [], ["", ""], "no base64 !"]) {
    expect(await receiveWebhook({ body, headers: signed(body) }, secret)).toMatchObject({
      code: "not_configured",
      status: 500,
    });
  }
  expect(await receiveWebhook({ body, headers: signed(body) }, `${SECRET},`.split(","))).toMatchObject({
    ok: true,
  });
});

test("what a newer version tells is signed and not known, so it isn't sent again", async () => {
  for (const type of ["order.teleported", "toString"]) {
    const body = told(type);
    const received = await receiveWebhook(requestOf(body, signed(body)), SECRET);
    expect(received).toMatchObject({ code: "unknown_event", status: 200 });
  }
});

test("a body that a parser had first is a mistake of the program, told as one", async () => {
  const parsed: Delivery = { body: "", headers: {} };
  Reflect.set(parsed, "body", { type: "order.fulfilled" });
  await expect(receiveWebhook(parsed, SECRET)).rejects.toThrow("raw bytes");
});
