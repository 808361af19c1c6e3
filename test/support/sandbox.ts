import Stripe from "stripe";

/** The sandbox behind an app, as Stripe's account owner and its buyers see it. */
export type Sandbox = {
  stripe: Stripe;
  /** What Stripe has no API for: `sandbox/README.md`. */
  control(method: string, path: string, body?: object): Promise<unknown>;
  /** Waits until everything that is due has been sent. */
  sent(): Promise<void>;
  /** The buyer pays on the page. */
  pay(sessionId: string, method?: string): Promise<void>;
  refund(sessionId: string, amount?: number): Promise<void>;
  cancelPlan(sessionId: string): Promise<void>;
};

export function sandboxAt(url: string): Sandbox {
  const { hostname, port } = new URL(url);
  const stripe = new Stripe("sk_test_sandbox", { host: hostname, port, protocol: "http", telemetry: false });
  const control = async (method: string, path: string, body: object = {}): Promise<unknown> => {
    const init = method === "GET" ? {} : { method, body: JSON.stringify(body) };
    const response = await fetch(`${url}/sandbox/${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    stripe,
    control,
    sent: async () => {
      while (Object(await control("POST", "webhooks/idle")).idle !== true) {}
    },
    pay: async (sessionId, method = "pm_card_visa") => {
      await stripe.rawRequest("POST", `/v1/payment_pages/${sessionId}/confirm`, { payment_method: method });
    },
    refund: async (sessionId, amount) => {
      const { payment_intent: payment } = await stripe.checkout.sessions.retrieve(sessionId);
      await stripe.refunds.create({ payment_intent: idOf(payment), ...(amount && { amount }) });
    },
    cancelPlan: async (sessionId) => {
      const { subscription } = await stripe.checkout.sessions.retrieve(sessionId);
      await stripe.subscriptions.cancel(idOf(subscription));
    },
  };
}

function idOf(object: string | { id: string } | null): string {
  return typeof object === "string" ? object : (object?.id ?? "");
}
