import { z } from "zod";
import { FEWER_PROXIES, readReports } from "#/database/last-report.ts";
import type { Engine } from "#/engine.ts";
import { type Finding, ok, warn } from "#/operations/doctor/finding.ts";
import type { Words } from "#/operations/words.ts";

/** Somebody who came in another way once, long ago, says nothing of the buyers of today. */
const SEEN_DAYS = 7;

const kept = z.object({ trusted: z.number() });

/** What stands before the app can't be asked. What the web processes saw of it can. */
export async function checkProxies({ database, settings }: Engine, words: Words): Promise<Finding[]> {
  const trusted = settings.trustedProxies;
  if (typeof trusted !== "number") return [ok("Proxies are trusted by their networks.")];
  if (trusted === 0) return [ok("No proxy is trusted: limits count by who connects.")];
  const [seen] = await readReports(database, [FEWER_PROXIES]);
  const oldest = Date.now() - SEEN_DAYS * 24 * 60 * 60 * 1000;
  // Whoever has changed the number since has read this.
  const isStill = seen && kept.parse(seen.result).trusted === trusted && Date.parse(seen.at) >= oldest;
  if (!isStill) return [ok(`Trusted by their number: ${trusted}. Nobody was seen to come through fewer.`)];
  return [
    warn(
      `A buyer came through fewer proxies than the ${trusted} that are trusted (${seen.at}), and can write the address that limits count by.`,
      `Set ${words.trustedProxies} to the number that every buyer comes through, or to their networks.`,
    ),
  ];
}
