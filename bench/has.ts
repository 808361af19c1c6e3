import { engineIn } from "../packages/oncepaid/src/oncepaid.ts";
import { oncepaid } from "../shop/src/oncepaid.ts";
import { quantile } from "./load.ts";

const ASKED = 2_000;

/**
 * Milliseconds of `has` inside a program, one question after the other, of a buyer who has the product; beside them those of a statement
 * that looks nothing up, in turns with it: the way to the database and back. As many before them aren't counted: node goes on compiling.
 */
export async function measureHas(userId: string): Promise<{ hasMs: number; emptyMs: number }> {
  const has = async () => {
    if (!(await oncepaid().has(userId, "ebook"))) throw new Error(`${userId} has paid, and has nothing.`);
  };
  const { database } = engineIn(oncepaid());
  const empty = () => database.query({ name: "bench-empty", text: "select true as has", values: [] });
  const taken: { has: number[]; empty: number[] } = { has: [], empty: [] };
  for (let number = 0; number < 2 * ASKED; number++) {
    const [hasMs, emptyMs] = [await millisecondsOf(has), await millisecondsOf(empty)];
    if (number < ASKED) continue;
    taken.has.push(hasMs);
    taken.empty.push(emptyMs);
  }
  return { hasMs: quantile(taken.has, 0.5), emptyMs: quantile(taken.empty, 0.5) };
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
