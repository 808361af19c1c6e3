import { awaited, newVisitor, type Read, type Visitor } from "./visitor.ts";

/** Where the parts of a started shop are. */
export type Places = { shop: string; stripe: string; mail: string; owner: string };

const PAGES = [
  "/",
  "/pricing",
  "/cart",
  "/sign-in",
  "/contact",
  "/terms",
  "/account",
  "/sitemap.xml",
  "/robots.txt",
  "/icon.svg",
];
const PRODUCTS = ["ebook", "pro", "workshop", "birds"];
const DESK = [
  "",
  "/orders",
  "/slots",
  "/plans",
  "/jobs",
  "/events",
  "/audit",
  "/endpoints",
  "/keys",
  "/operators",
  "/recovery",
];

/** Goes wherever a buyer and an owner go, in a language; `read` gets all that they are sent. */
export async function walk(places: Places, language: string, read: Read): Promise<void> {
  const buyer = newVisitor(places.shop, language, read);
  for (const path of [...PAGES, ...PRODUCTS.map((key) => `/products/${key}`)]) await buyer.opens(path);
  await buyer.opens("/no-such-page", 404);
  await signIn(buyer, places, `buyer.${language}@example.com`);
  const book = await buys(buyer, places, { productKey: "birds" }, read);
  await buys(buyer, places, { productKey: "pro" }, read);
  const walked = await buys(buyer, places, { productKey: "workshop", slotId: await dateOf(buyer) }, read);
  await buyer.opens("/account");
  await buyer.opens(`/api/bookings/${walked}.ics`);
  const { url } = await buyer.sends("/api/billing-portal", {});
  read(`${language} portal`, await (await fetch(String(url))).text());
  await refundedBy(places, language, read, [book, walked]);
}

async function signIn(visitor: Visitor, { mail }: Places, email: string): Promise<void> {
  const known = new Set((await mailsTo(mail, email)).map(({ id }) => id));
  await visitor.sends("/api/auth/email-otp/send-verification-otp", { email });
  const id = await awaited(`a code for ${email}`, async () =>
    (await mailsTo(mail, email)).map((one) => one.id).find((one) => !known.has(one)),
  );
  const { text } = Object(await (await fetch(`${mail}/api/messages/${id}`)).json());
  const [otp] = /\b\d{8}\b/.exec(String(text)) ?? [];
  await visitor.sends("/api/auth/sign-in/email-otp", { email, otp });
}

/** Buys and pays; answers the order once it is granted. */
async function buys(visitor: Visitor, { stripe }: Places, what: object, read: Read): Promise<string> {
  const { url, orderId } = await visitor.sends("/api/checkout", {
    cartId: `cart-${crypto.randomUUID()}`,
    ...what,
  });
  read(`payment page ${JSON.stringify(what)}`, await (await fetch(String(url))).text());
  const [session] = /cs_test_\w+/.exec(String(url)) ?? [];
  const paid = await fetch(`${stripe}/v1/payment_pages/${session}/confirm`, {
    method: "POST",
    headers: { authorization: "Bearer sk_test_sandbox" },
    body: new URLSearchParams({ payment_method: "pm_card_visa" }),
  });
  if (!paid.ok) throw new Error(`The payment was answered ${paid.status}: ${await paid.text()}`);
  await awaited(`${orderId} to be granted`, async () => {
    const order = JSON.parse(await visitor.opens(`/api/orders/${orderId}`));
    return order.status === "FULFILLED" ? true : undefined;
  });
  await visitor.opens(`/checkout/success?session_id=${session}`);
  return String(orderId);
}

async function dateOf(visitor: Visitor): Promise<string> {
  const { slots } = JSON.parse(await visitor.opens("/api/slots?productKey=workshop"));
  return String(slots[0].id);
}

async function refundedBy(places: Places, language: string, read: Read, orders: string[]): Promise<void> {
  const owner = newVisitor(places.shop, language, read);
  await signIn(owner, places, places.owner);
  for (const path of DESK) await owner.opens(`/admin${path}`);
  for (const order of orders) {
    await owner.opens(`/admin/orders/${order}`);
    await owner.sends(`/api/orders/${order}/refund`, {});
    await awaited(`${order} to be refunded`, async () => {
      const { status } = JSON.parse(await owner.opens(`/api/orders/${order}`));
      return status === "REFUNDED" ? true : undefined;
    });
  }
}

type Listed = { id: string; subject: string };

export async function mailsTo(mail: string, email?: string): Promise<Listed[]> {
  const query = email === undefined ? "" : `?to=${encodeURIComponent(email)}`;
  const { messages } = Object(await (await fetch(`${mail}/api/messages${query}`)).json());
  return Array.isArray(messages) ? messages : [];
}

/** Every mail as it was sent, attachments included. */
export async function readMails(mail: string, read: Read): Promise<number> {
  const mails = await mailsTo(mail);
  for (const { id, subject } of mails) {
    const { attachments, ...rest } = Object(await (await fetch(`${mail}/api/messages/${id}`)).json());
    read(`mail ${subject}`, JSON.stringify(rest));
    for (const { filename, content } of attachments)
      read(`${filename} of ${subject}`, Buffer.from(content, "base64").toString());
  }
  return mails.length;
}
