import { type Finding, ok, warn } from "oncepaid/operations";
import { BRAND } from "#/brand/brand.ts";
import { unsaid } from "#/brand/problems.ts";
import type { Brand } from "#/brand/shape.ts";
import { config, type StripeMode } from "#/config.ts";

/** A name that stands only in what comes with the shop. */
const DEMO_SELLER = "Oncepaid Demo Ltd";

export async function checkLegal(): Promise<Finding[]> {
  return legalFindings(BRAND, config().stripe.mode);
}

/** What buyers have to be told about the seller. Where no real money is taken it may wait. */
export function legalFindings(brand: Brand, mode: StripeMode): Finding[] {
  if (mode !== "live") return [ok("No real money is taken, so nobody has to be told who sells.")];
  const todo = "Write it in shop/src/brand/legal.ts, or name the https address where it is said.";
  const findings = unsaid(brand).map((sentence) => warn(sentence, todo));
  if (brand.seller.name === DEMO_SELLER) {
    findings.push(
      warn(
        `The seller is “${DEMO_SELLER}”, and what the pages say of terms, privacy and refunds may be the demo's too.`,
        "Write your own into shop/src/brand/brand.ts and shop/src/brand/legal.ts.",
      ),
    );
  }
  return findings.length > 0 ? findings : [ok(`${brand.seller.name}; terms, privacy and refunds are said.`)];
}
