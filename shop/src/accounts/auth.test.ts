import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { withoutSettings } from "../../../test/support/settings.ts";

const SHOP = join(import.meta.dirname, "../..");

/** What a process without a free file descriptor meets: better-auth can't be loaded, so many times. */
const failsToLoad = (times: number) => `
import { registerHooks } from "node:module";
let left = ${times};
registerHooks({
  resolve: (name, context, next) => {
    if (name === "better-auth" && left-- > 0) throw new Error("EMFILE: too many open files");
    return next(name, context);
  },
});
`;

const RETRIES = `
${failsToLoad(1)}
const { auth } = await import("#/accounts/auth.ts");
const failed = await auth().then(() => "", (error) => error.message);
const { options } = await auth();
console.log(JSON.stringify({ failed, basePath: options.basePath }));
`;

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, args, {
    cwd: SHOP,
    env: {
      ...withoutSettings(),
      DATABASE_URL: "postgres://127.0.0.1:1/nobody",
      STRIPE_SECRET_KEY: "sk_test_other",
      STRIPE_WEBHOOK_SECRET: "whsec_x",
      STRIPE_PRICE_EBOOK: "price_ebook",
      STRIPE_PRICE_PRO: "price_pro",
      STRIPE_PRICE_PRO_YEAR: "price_pro_year",
      STRIPE_PRICE_WORKSHOP: "price_workshop",
      AUTH_SECRET: "a-secret-for-tests-of-32-characters",
    },
    timeout: 100_000,
  });

test("better-auth that can't be loaded is loaded by the next request", async () => {
  const { stdout } = await run("--input-type=module", "--eval", RETRIES);
  expect(JSON.parse(stdout)).toEqual({ failed: "EMFILE: too many open files", basePath: "/api/auth" });
}, 120_000);

test("a web process that can't load better-auth doesn't start", async () => {
  const hooks = `data:text/javascript,${encodeURIComponent(failsToLoad(1_000))}`;
  const refused = await run("--import", hooks, "src/server.ts").then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("EMFILE: too many open files") });
}, 120_000);
