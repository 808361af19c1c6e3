import type { OutboundWebhook } from "#/outbox/jobs.ts";

/** A delivery with where it goes. */
export type Delivery = {
  id: string;
  endpointId: string;
  key: string;
  subject: string;
  what: OutboundWebhook;
  outcome: "delivered" | "given_up" | "dropped" | null;
  /** Null for the endpoint of the settings. */
  url: string | null;
  /** The newest first; the former one for as long as it signs too. */
  secrets: string[];
  disabled: boolean;
};

/** What was sent, and what came back. */
export type Attempt = {
  at: Date;
  request: { headers: Record<string, string>; body: string };
  status: number | null;
  answer: string | null;
  error: string | null;
  taken: boolean;
};
