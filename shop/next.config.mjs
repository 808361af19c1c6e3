import { join } from "node:path";

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  // The success page has the session's id in its URL; no other site gets to see it.
  { key: "Referrer-Policy", value: "same-origin" },
];

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  devIndicators: false,
  // Loaded by Node as they are, once for the pages and the API: they open sockets and read files of their own.
  serverExternalPackages: [
    "@aws-sdk/client-s3",
    "better-auth",
    "kysely",
    "pg",
    "pg-boss",
    "pino",
    "prom-client",
    "rate-limiter-flexible",
    "stripe",
  ],
  // A title that streams in later leaves the page without one for a moment, at every change of language.
  htmlLimitedBots: /.*/,
  // Types are checked by `npm run check`, once for the whole repository.
  typescript: { ignoreBuildErrors: true },
  turbopack: {
    // The engine lies beside the shop.
    root: join(import.meta.dirname, ".."),
    // A font is imported for its URL, to be asked for before the styles name it.
    rules: { "*.woff2": { type: "asset" } },
    // Pages write texts that were parsed before (texts/parsed.ts), with a tenth of the code that would parse them in the browser.
    resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" },
  },
  // One style sheet more costs a page more than the few rules of another page in it do.
  experimental: { cssChunking: { type: "graph", requestCost: 1_000_000, weightDistribution: 0 } },
  transpilePackages: ["oncepaid"],
  // What a page may load is in src/proxy.ts.
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default config;
