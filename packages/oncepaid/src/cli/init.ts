import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** What `init` did with one file. */
type Made = { file: string; done: "made" | "added to" | "left as it is" };

const ENV = `# Oncepaid (oncepaid.config.ts)
DATABASE_URL=postgres://user:password@127.0.0.1:5432/app
APP_URL=http://localhost:3000
STRIPE_SECRET_KEY=sk_test_...
STRIPE_WEBHOOK_SECRET=whsec_...
# For the sandbox instead of Stripe: http://127.0.0.1:12111 (npx oncepaid sandbox). Leave it empty for Stripe
STRIPE_API_BASE=
# Where the files you sell lie: file:///srv/files or s3://KEY:SECRET@host/bucket
STORAGE_URL=
# Keys of your own servers, of at least 32 characters: they may ask for everything over HTTP
API_KEYS=
`;
const ENV_MARK = "# Oncepaid (oncepaid.config.ts)";

/**
 * Writes the config, the route and the lines of .env.example into a Next.js app with an App Router. Changes nothing that is there.
 * Answers the exit code.
 */
export function init(folder: string, print: (text: string) => void): number {
  const app = ["app", join("src", "app")].find((path) => existsSync(join(folder, path)));
  if (app === undefined) {
    print(
      `There is no app/ or src/app/ in ${folder}: run this in the folder of a Next.js app with an App Router. In any other app, ` +
        "make the config by hand and mount `toNodeListener` of oncepaid/node.",
    );
    return 1;
  }
  const base = app === "app" ? "" : "src";
  const config = join(base, "oncepaid.config.ts");
  const route = join(app, "api", "oncepaid", "[[...path]]", "route.ts");
  const made = [
    write(folder, config, CONFIG),
    write(folder, route, routeText(relative(dirname(route), config))),
    addEnv(folder),
  ];
  print(made.map(({ file, done }) => `${done.padEnd(14)} ${file}`).join("\n"));
  print(NEXT);
  return 0;
}

function write(folder: string, file: string, text: string): Made {
  const path = join(folder, file);
  if (existsSync(path)) return { file, done: "left as it is" };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return { file, done: "made" };
}

function addEnv(folder: string): Made {
  const file = ".env.example";
  const path = join(folder, file);
  if (!existsSync(path)) return write(folder, file, ENV);
  const text = readFileSync(path, "utf8");
  if (text.includes(ENV_MARK)) return { file, done: "left as it is" };
  appendFileSync(path, `${text.endsWith("\n") ? "" : "\n"}\n${ENV}`);
  return { file, done: "added to" };
}

const CONFIG = `import { booking, createOncepaid, download, plan } from "oncepaid";

export const oncepaid = createOncepaid({
  database: process.env.DATABASE_URL,
  stripe: {
    secretKey: process.env.STRIPE_SECRET_KEY,
    webhookSecret: process.env.STRIPE_WEBHOOK_SECRET?.split(","),
    apiBase: process.env.STRIPE_API_BASE,
  },
  appUrl: process.env.APP_URL,
  storage: process.env.STORAGE_URL,
  apiKeys: process.env.API_KEYS?.split(",") ?? [],
  products: [
    download({
      key: "guide",
      name: "Field guide",
      price: { amount: 1900, currency: "usd" },
      files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }],
    }),
    plan({ key: "pro", name: "Pro", price: { amount: 2900, currency: "usd", interval: "month" } }),
    booking({ key: "workshop", name: "Workshop", price: { amount: 14900, currency: "usd" } }),
  ],
  // Your own accounts: who sent this request? Null for nobody; then the browser gets a visitor's cookie.
  identify: async () => null,
});
`;

function routeText(config: string): string {
  const path = config.split("\\").join("/").replace(/\.ts$/, "");
  return `import { toNextHandler } from "oncepaid/next";
import { oncepaid } from "${path}";

export const { GET, POST, PATCH, PUT, DELETE } = toNextHandler(oncepaid);
`;
}

const NEXT = `
Next:
  1. Copy the lines of .env.example to .env and fill them in.
  2. npx oncepaid migrate     makes the schemas oncepaid and oncepaid_jobs, and touches nothing else
  3. npx oncepaid push        makes the prices of your products at Stripe
  4. Start your app, and send a buyer to the url of: await oncepaid.checkout({ cartId, productKey: "guide", userId })
  5. npx oncepaid doctor      says what is missing before buyers come
`;
