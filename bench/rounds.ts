import { quantile } from "./load.ts";
import { measurePgbench } from "./pgbench.ts";
import { measurePlain } from "./plain.ts";
import type { BenchedShop } from "./shop.ts";
import { measureWebhook } from "./webhook.ts";

/** One round: the app, then pgbench twice on the same database, so that what else the machine does counts for all of them. */
export type Round = {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU per event, in milliseconds; null where the system doesn't tell. */
  nodeMs: number | null;
  postgresMs: number | null;
  loadMs: number;
  busy: number | null;
  stripeCalls: number;
  /** Transactions per second of pgbench; null where there is none. */
  sameStatements: number | null;
  plainStatements: number | null;
};

export async function measureRounds(
  shop: BenchedShop,
  count: number,
  tell: (line: string) => void,
): Promise<Round[]> {
  // Not counted: node compiles for some thousand requests.
  tell("Paying orders, until node has compiled what it runs…");
  await measureWebhook(shop, "warm");
  const rounds: Round[] = [];
  for (let number = 0; number < count; number++) {
    tell(`Paying orders, then the same by pgbench: round ${number + 1} of ${count}…`);
    rounds.push(await measureRound(shop, number));
  }
  return rounds;
}

async function measureRound(shop: BenchedShop, number: number): Promise<Round> {
  const { load, payload, ...paid } = await measureWebhook(shop, stemOf(number));
  return {
    ...paid,
    perSecond: load.perSecond,
    p50Ms: quantile(load.milliseconds, 0.5),
    p99Ms: quantile(load.milliseconds, 0.99),
    sameStatements: (await measurePgbench(shop, number)) ?? null,
    plainStatements: (await measurePlain(shop, payload)) ?? null,
  };
}

function stemOf(round: number): string {
  return `round${round}`;
}

/** Who has paid in a round. */
export function buyerOf(round: number): string {
  return `buyer-${stemOf(round)}copy0x1`;
}

/** The middle one of what the rounds came to; null where one of them came to nothing. */
export function median(rounds: readonly Round[], of: (round: Round) => number | null): number | null {
  const values = rounds.map(of).filter((value) => value !== null);
  return values.length === rounds.length ? quantile(values, 0.5) : null;
}

export function beside(of: "sameStatements" | "plainStatements") {
  return (round: Round) => (round[of] === null ? null : round.perSecond / round[of]);
}
