import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import Stripe from "stripe";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "./server.ts";

export interface Received {
  event: Stripe.Event;
  body: string;
  headers: IncomingHttpHeaders;
}

/** Answers a webhook; by default 200. */
type Answer = (event: Stripe.Event, response: ServerResponse) => void;

/**
 * A small shop for the tests: a sandbox of its own, the real SDK pointed at it, and a real HTTP receiver that verifies
 * every signature with the SDK. Its time moves by `advance` alone: on a slow machine a test would meet what comes
 * seconds later.
 */
export class TestShop {
  readonly sandbox: RunningSandbox;
  readonly stripe: Stripe;
  readonly received: Received[] = [];
  readonly receiverUrl: string;
  /** What the receiver does with a webhook. */
  answer: Answer = (_, response) => response.end("ok");
  readonly #receiver: Server;
  #secret: string;

  static async open(options: Partial<SandboxOptions> = {}): Promise<TestShop> {
    const receiver = createServer();
    const port = await listening(receiver);
    const receiverUrl = `http://127.0.0.1:${port}/webhook`;
    const sandbox = await startSandbox({
      port: 0,
      frozenClock: true,
      webhook: { url: receiverUrl },
      ...options,
    });
    return new TestShop(sandbox, receiver, receiverUrl);
  }

  private constructor(sandbox: RunningSandbox, receiver: Server, receiverUrl: string) {
    this.sandbox = sandbox;
    this.receiverUrl = receiverUrl;
    this.#receiver = receiver;
    this.#secret = sandbox.webhookSecret ?? "";
    this.stripe = sdkFor(sandbox.port);
    receiver.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        const signature = String(request.headers["stripe-signature"]);
        const event = Stripe.webhooks.constructEvent(body, signature, this.#secret);
        this.received.push({ event, body, headers: request.headers });
        this.answer(event, response);
      });
    });
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    this.#receiver.closeAllConnections();
    await new Promise((resolve) => this.#receiver.close(resolve));
  }

  /** A session with one item, paid once. */
  session(extra: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
    return this.stripe.checkout.sessions.create({
      mode: "payment",
      success_url: "http://shop.test/thanks?session_id={CHECKOUT_SESSION_ID}",
      cancel_url: "http://shop.test/cart",
      line_items: [
        {
          price_data: { currency: "inr", unit_amount: 49_900, product_data: { name: "Handbook" } },
          quantity: 1,
        },
      ],
      ...extra,
    });
  }

  /** A session for a monthly plan. */
  plan(extra: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
    return this.session({
      mode: "subscription",
      line_items: [
        {
          price_data: {
            currency: "inr",
            unit_amount: 99_900,
            recurring: { interval: "month" },
            product_data: { name: "Pro plan" },
          },
          quantity: 3,
        },
      ],
      ...extra,
    });
  }

  /** Pays without a browser. */
  confirm(sessionId: string, payment_method = "pm_card_visa") {
    return this.stripe.rawRequest("POST", `/v1/payment_pages/${sessionId}/confirm`, { payment_method });
  }

  /** Pays on the page, as its form does. */
  submit(sessionId: string, typed: Record<string, string> = {}, headers: Record<string, string> = {}) {
    return fetch(`${this.sandbox.url}/c/pay/${sessionId}`, {
      method: "POST",
      redirect: "manual",
      headers,
      body: new URLSearchParams({
        email: "asha@example.com",
        paymentMethod: "card",
        cardNumber: "4242 4242 4242 4242",
        cardExpiry: "12 / 34",
        cardCvc: "123",
        billingName: "Asha Rao",
        billingCountry: "IN",
        ...typed,
      }),
    });
  }

  /** Takes what another endpoint's secret signs. */
  trust(secret: string): void {
    this.#secret = secret;
  }

  /** Calls the control API. */
  async control(path: string, body: object = {}): Promise<unknown> {
    const response = await fetch(`${this.sandbox.url}/sandbox/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return response.json();
  }

  advance(seconds: number): Promise<unknown> {
    return this.control("clock/advance", { seconds });
  }

  /** Waits until everything that is due has been sent; gives the types in their order of arrival. */
  async types(): Promise<string[]> {
    await this.control("webhooks/idle");
    return this.received.map(({ event }) => event.type);
  }

  /** The one event of a type that arrived, or the last of them. */
  last<Type extends Stripe.Event["type"]>(type: Type): Extract<Stripe.Event, { type: Type }> {
    const isOfType = (event: Stripe.Event): event is Extract<Stripe.Event, { type: Type }> =>
      event.type === type;
    const found = this.received.map(({ event }) => event).findLast(isOfType);
    if (!found) throw new Error(`no ${type} arrived`);
    return found;
  }

  forget(): void {
    this.received.length = 0;
  }
}

export function sdkFor(port: number, key = "sk_test_123"): Stripe {
  return new Stripe(key, {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

export function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

/** What a call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const result = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (result instanceof Stripe.errors.StripeError) return result;
  throw new Error("the call was not refused", { cause: result });
}
