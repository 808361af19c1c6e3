import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

/** The entries that run beside the engine: in a browser, at the edge, in another program. */

const PACKAGE = join(import.meta.dirname, "..");
const ROOT = join(PACKAGE, "../..");

const NOTHING = /(?!)/;

/** What each may bring along, and how much it is when it is bundled, minified and compressed, as its page in the README says. */
const ENTRIES = {
  "src/receive-webhook.ts": {
    modules: /^node_modules\/(standardwebhooks|@stablelib\/base64|fast-sha256)\//,
    kilobytes: 6,
  },
  "src/client.ts": { modules: /^packages\/oncepaid\/src\/client\//, kilobytes: 3.2 },
  "src/react.ts": { modules: /^packages\/oncepaid\/src\/(react|client)\//, kilobytes: 2.1 },
  "src/failure.ts": { modules: NOTHING, kilobytes: 0.7 },
};

test.each(Object.entries(ENTRIES))(
  "%s pulls in nothing of the server",
  async (entry, { modules, kilobytes }) => {
    const { code, ids } = await bundle(join(PACKAGE, entry));
    expect(ids.filter((id) => id !== `packages/oncepaid/${entry}` && !modules.test(id))).toEqual([]);
    expect(gzipSync(code).byteLength / 1000).toBeLessThan(kilobytes);
  },
);

async function bundle(input: string): Promise<{ code: string; ids: string[] }> {
  const build = await rolldown({ input, platform: "browser", external: ["react"] });
  const { output } = await build.generate({ minify: true });
  await build.close();
  const modules = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
  const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  // What the bundler itself adds begins with a NUL.
  const ids = modules.filter((id) => !id.startsWith("\0")).map((id) => relative(ROOT, id));
  return { code, ids };
}
