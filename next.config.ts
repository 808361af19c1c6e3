import type { NextConfig } from "next";

const development = process.env.NODE_ENV === "development";

/**
 * Scripts and styles of our own only. Inline ones are Next's own data and Mantine's variables: both are written by the
 * server into the page. Development needs eval for React's error overlay.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const securityHeaders = [
  { key: "Content-Security-Policy", value: contentSecurityPolicy },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  // The success page has the session's id in its URL; no other site gets to see it.
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
];

const config: NextConfig = {
  poweredByHeader: false,
  devIndicators: false,
  // Loaded by Node as they are: they open sockets and read files of their own.
  serverExternalPackages: ["better-auth", "kysely", "pg", "pino", "rate-limiter-flexible", "stripe"],
  // A title that streams in later leaves the page without one for a moment, at every change of language.
  htmlLimitedBots: /.*/,
  // Types are checked by `npm run check`, once for the whole repository.
  typescript: { ignoreBuildErrors: true },
  // A font is imported for its URL, to be asked for before the styles name it.
  turbopack: { rules: { "*.woff2": { type: "asset" } } },
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default config;
