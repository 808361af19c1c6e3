import type { ApiRule, DeliveryRule } from "../faults/rules.ts";

/** What an SDK needs to use an account of its own. */
export interface AccountKeys {
  id: string;
  publishableKey: string;
  secretKey: string;
  /** The signing secret of the endpoint, if there was to be one. */
  webhookSecret: string | undefined;
}

/** An endpoint for all events. */
export interface Webhook {
  url: string;
  /** What it is signed with; made up where none is given. */
  secret?: string;
}

/** An account in the hands of the program that started the sandbox: its keys, and what Stripe has no API for. */
export interface Account extends AccountKeys {
  /** Virtual time, in seconds since 1970. */
  now(): number;
  /** Moves time forward by seconds; what falls due happens in order, each at its own moment. */
  advance(seconds: number): void;
  /** Resolves once everything that is due was sent; false when it takes longer than 40 seconds. */
  idle(): Promise<boolean>;
  /** Keeps all state under a name, up to eight; a name that is known is overwritten. */
  snapshot(name?: string): void;
  /** Puts it back, clock and pending deliveries included. Throws where nothing was kept under the name. */
  restore(name?: string): void;
  /** Forgets all but the endpoints and their secrets; real time again. */
  reset(): void;
  /** Lets requests to the API fail. What it returns switches that off. */
  failRequests(rule: ApiRule): () => void;
  /** Lets deliveries go wrong. What it returns switches that off. */
  failDeliveries(rule: DeliveryRule): () => void;
}
