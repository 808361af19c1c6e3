/** Who may import whom. `npm run check` runs it; the reason stands in each rule's comment. */
const DOMAIN =
  "^src/(accounts|bookings|catalog|checkout|downloads|entitlements|fulfilment|notify|orders|plans|webhooks)/";
const TESTS = "\\.test\\.tsx?$|^test/";

export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Data walks one way through the house.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "only-stripe-imports-the-sdk",
      comment:
        "An SDK's words and errors are translated once. The sandbox and tests speak to it from the other side.",
      severity: "error",
      from: { path: "^(src|bin|embedded)/", pathNot: `^src/stripe/|${TESTS}` },
      to: { path: "^node_modules/stripe/" },
    },
    {
      name: "pure-rules",
      comment: "A reader can check these with a pencil: no database, no network, no configuration, no clock.",
      severity: "error",
      from: {
        path: "^src/(orders/(order|facts|refunds|renewals)|fulfilment/[a-z]+|webhooks/(events|objects/[a-z]+)|checkout/(decide|parameters|request))\\.ts$",
      },
      to: {
        path: "^src/(db|config|log|jobs|server|migrate)\\.ts$|^src/stripe/|^node:(?!crypto)|^node_modules/(pg|kysely|stripe)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "sandbox-stands-alone",
      comment: "It is another program, reached over HTTP only; so is the app for it.",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: "^(src|embedded|bin)/" },
    },
    {
      name: "nobody-imports-the-sandbox",
      comment: "What works against the sandbox has to work against Stripe.",
      severity: "error",
      from: { path: "^(src|embedded|test)/" },
      to: { path: "^sandbox/" },
    },
    {
      name: "review-stands-alone",
      comment: "It reads other people's code and knows none of ours.",
      severity: "error",
      from: { path: "^review/" },
      to: { path: "^(src|sandbox|embedded|bin|test)/" },
    },
    {
      name: "nobody-imports-the-review",
      comment: "Only its command does.",
      severity: "error",
      from: { path: "^(src|sandbox|embedded|test)/" },
      to: { path: "^review/" },
    },
    {
      name: "nobody-imports-pages",
      comment: "Pages are the end of the way.",
      severity: "error",
      from: { pathNot: "^src/app/" },
      to: { path: "^src/app/" },
    },
    {
      name: "pages-use-the-domain",
      comment: "A page calls the domain itself; only the catch-all route mounts the API.",
      severity: "error",
      from: { path: "^src/(app|ui)/", pathNot: "^src/app/api/" },
      to: { path: "^src/(api|recovery|stripe)/" },
    },
    {
      name: "domain-knows-no-edge",
      comment:
        "The domain doesn't know who asks: no pages, no HTTP routes, no sweeps. Mails tell amounts as pages do.",
      severity: "error",
      from: { path: DOMAIN, pathNot: TESTS },
      to: { path: "^src/(app|ui|api|recovery|work)/|^src/server\\.ts$", pathNot: "^src/ui/money\\.ts$" },
    },
    {
      name: "stripe-knows-no-domain",
      comment:
        "The SDK's room translates; it decides nothing. Setting up a new account needs to know what is sold.",
      severity: "error",
      from: { path: "^src/stripe/", pathNot: `^src/stripe/provision\\.ts$|${TESTS}` },
      to: { path: `${DOMAIN}|^src/(app|ui|api|recovery|db|server)` },
    },
    {
      name: "no-tests-in-the-program",
      comment: "What is shipped must not need what tests it.",
      severity: "error",
      from: { pathNot: `${TESTS}|^bin/test\\.ts$|^vitest\\.config\\.ts$` },
      to: { path: TESTS },
    },
    {
      name: "resolvable",
      comment: "An import nobody can follow.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.data|\\.test|review/fixtures)/|^next-env\\.d\\.ts$" },
    parser: "swc",
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
