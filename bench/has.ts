import { oncepaid } from "../shop/src/oncepaid.ts";
import { quantile } from "./load.ts";

const ASKED = 2_000;

/** Milliseconds of `has` inside a program, one question after the other, of a buyer who has the product. */
export async function measureHas(userId: string): Promise<number> {
  const taken: number[] = [];
  for (let number = 0; number < ASKED; number++) {
    const began = performance.now();
    const has = await oncepaid().has(userId, "ebook");
    taken.push(performance.now() - began);
    if (!has) throw new Error(`${userId} has paid, and has nothing.`);
  }
  return quantile(taken, 0.5);
}
