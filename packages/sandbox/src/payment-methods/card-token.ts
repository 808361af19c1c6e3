import { createHash } from "node:crypto";
import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { numberOfToken, testNumbers } from "./test-cards.ts";

const NOTE = "card";

/** A card's number can't be read from this; the same card always has the same. */
export const fingerprint = (text: string) =>
  createHash("sha256").update(text).digest("base64url").slice(0, 16);

export const fingerprintOfCard = (number: string) => fingerprint(`sandbox ${number}`);

/** What is said of the card behind a token: whose it is, by which network it pays, and its id as a source. */
interface Said {
  billing?: Kinds["payment_method"]["billing_details"];
  card?: string;
  expiry: { month: number; year: number };
  network?: string | undefined;
}

interface Kept extends Said {
  print: string;
}

/** Of the card behind a token, its number isn't kept: only its fingerprint. */
export function keepCard(act: Act, token: string, { number, ...said }: Said & { number: string }): void {
  const kept: Kept = { ...said, print: fingerprintOfCard(number) };
  act.store.setNote(token, NOTE, JSON.stringify(kept));
}

/** The test card that a token stands for: a ready-made one, or one that was made of a number. */
export function numberBehind(act: Act, token: string): ({ number: string } & Partial<Said>) | undefined {
  const note = act.store.note(token, NOTE);
  const ready = numberOfToken(token);
  if (note === undefined) return ready === undefined ? undefined : { number: ready };
  const { print, ...said }: Kept = JSON.parse(note);
  const number = testNumbers().find((one) => fingerprintOfCard(one) === print);
  return number === undefined ? undefined : { number, ...said };
}
