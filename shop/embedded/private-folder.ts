import { chmodSync, mkdirSync } from "node:fs";

/** A folder that only its owner may enter, also where it was made by a version that let others in. */
export function makePrivate(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
}
