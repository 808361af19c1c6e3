import { webhookSecret } from "../ids.ts";
import type { Store } from "../store.ts";

/** Seconds for which a rolled secret can stay valid beside the new one, at most. */
export const LONGEST_OVERLAP = 86_400;

interface Retiring {
  secret: string;
  until: number;
}

/** The secrets an endpoint's deliveries are signed with: the current one first, then those still being rolled. */
export function secretsOf(store: Store, endpointId: string, now: number): string[] {
  const current = store.note(endpointId, "secret");
  if (current === undefined) return [];
  return [current, ...retiring(store, endpointId, now).map(({ secret }) => secret)];
}

/** Gives an endpoint a new secret; the old one goes on signing for as many seconds. */
export function rollSecret(store: Store, endpointId: string, overlap: number, now: number): string {
  const old = store.note(endpointId, "secret");
  const secret = webhookSecret();
  store.setNote(endpointId, "secret", secret);
  const kept = retiring(store, endpointId, now);
  if (old !== undefined && overlap > 0) kept.unshift({ secret: old, until: now + overlap });
  store.setNote(endpointId, "retiring_secrets", JSON.stringify(overlap > 0 ? kept : []));
  return secret;
}

function retiring(store: Store, endpointId: string, now: number): Retiring[] {
  const known: Retiring[] = JSON.parse(store.note(endpointId, "retiring_secrets") ?? "[]");
  return known.filter(({ until }) => until > now);
}
