import { createHash } from "node:crypto";
import type { Act } from "../act.ts";
import { numberOfToken, testNumbers } from "./test-cards.ts";

const NOTE = "card";

/** A card's number can't be read from this; the same card always has the same. */
export const fingerprint = (text: string) =>
  createHash("sha256").update(text).digest("base64url").slice(0, 16);

export const fingerprintOfCard = (number: string) => fingerprint(`sandbox ${number}`);

interface Kept {
  print: string;
  expiry: { month: number; year: number };
}

/** Of the card behind a token, only its fingerprint and its expiry are kept. */
export function keepCard(
  act: Act,
  token: string,
  { number, expiry }: { number: string; expiry: Kept["expiry"] },
): void {
  act.store.setNote(token, NOTE, JSON.stringify({ print: fingerprintOfCard(number), expiry } satisfies Kept));
}

/** The test card that a token stands for: a ready-made one, or one that was made of a number. */
export function numberBehind(
  act: Act,
  token: string,
): { number: string; expiry?: Kept["expiry"] } | undefined {
  const note = act.store.note(token, NOTE);
  const ready = numberOfToken(token);
  if (note === undefined) return ready === undefined ? undefined : { number: ready };
  const { print, expiry }: Kept = JSON.parse(note);
  const number = testNumbers().find((one) => fingerprintOfCard(one) === print);
  return number === undefined ? undefined : { number, expiry };
}
