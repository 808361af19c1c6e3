import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { pack, type Tarballs } from "./stranger.ts";

/** The packages are packed once for all tests of this folder, outside of the workspace. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "oncepaid-packed-"));
  project.provide("tarballs", await pack(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}

declare module "vitest" {
  export interface ProvidedContext {
    tarballs: Tarballs;
  }
}
