/** Who may import whom. `npm run check` runs it; the reason stands in each rule's comment. */
import { readFileSync } from "node:fs";
import { engineRooms, sandboxRooms, shopRooms } from "./rooms.mjs";

const TESTS =
  "\\.test\\.tsx?$|^test/|/test/|^packages/sandbox/(src/test-[a-z]+|src/stripe-js/test-merchant|src/delivery/test-receiver|src/billing/test-billing)\\.ts$|^packages/review/src/test-project\\.ts$";
const ENGINE = "^packages/oncepaid/src/";
const SANDBOX = "^packages/sandbox/src/";
const SHOP = "^shop/src/";
/** What the package `oncepaid` shows of itself. */
const ENTRIES = Object.values(JSON.parse(readFileSync("packages/oncepaid/package.json", "utf8")).exports)
  .map((file) => file.replace("./src/", "").replace(".", "\\."))
  .join("|");

export default {
  forbidden: [
    ...roomRules(ENGINE, engineRooms),
    ...roomRules(SHOP, shopRooms),
    ...roomRules(SANDBOX, sandboxRooms),
    {
      name: "no-cycles",
      comment: "Data walks one way through the house; types are counted.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "the-engine-knows-no-shop",
      comment: "It is put into other people's apps.",
      severity: "error",
      from: { path: "^packages/oncepaid/", pathNot: TESTS },
      to: { path: "^(shop|bin|bench)/|^packages/(?!oncepaid/)" },
    },
    {
      name: "the-engine-by-its-entries",
      comment:
        "The shop is the engine's first user: what it needs, any other app needs too. Tests and measurements look inside.",
      severity: "error",
      from: { path: "^(shop|bin)/", pathNot: TESTS },
      to: { path: "^packages/oncepaid/", pathNot: `${ENGINE}(${ENTRIES})$` },
    },
    {
      name: "only-stripe-imports-the-sdk",
      comment:
        "An SDK's words and errors are translated once. The sandbox and tests speak to it from the other side.",
      severity: "error",
      from: { path: "^(packages/oncepaid|shop|bin)/", pathNot: `${ENGINE}stripe/|${TESTS}` },
      to: { path: "^node_modules/stripe/" },
    },
    {
      name: "pure-rules",
      comment: "A reader can check these with a pencil: no database, no network, no configuration, no clock.",
      severity: "error",
      from: {
        path: `${ENGINE}(rules|events|catalog|checkout/(decide|parameters|request)\\.ts)`,
        pathNot: TESTS,
      },
      to: {
        path: "^node:(?!crypto)|^node_modules/(pg|kysely|stripe)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "sandbox-and-review-stand-alone",
      comment: "They are other programs: one is reached over HTTP only, the other reads code.",
      severity: "error",
      from: { path: "^packages/(sandbox|review)/", pathNot: TESTS },
      to: { path: "^(shop|bin|test|bench)/|^packages/(?!$1/)" },
    },
    {
      name: "nobody-imports-sandbox-or-review",
      comment: "What works against the sandbox has to work against Stripe. Only the launcher runs them.",
      severity: "error",
      from: { path: "^(packages/oncepaid|shop|test|bench)/" },
      to: { path: "^packages/(sandbox|review)/" },
    },
    {
      name: "no-tests-in-the-program",
      comment: "What is shipped must not need what tests it.",
      severity: "error",
      from: {
        pathNot: `${TESTS}|^packages/sandbox/bin/(coverage|unbuilt)\\.ts$|^bin/(test|quick-start)\\.ts$|^bench/|^vitest\\.config\\.ts$`,
      },
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
    exclude: {
      path: "(^|/)(\\.next|\\.data|\\.test)/|^examples/|^packages/[^/]+/(dist|stage)/|^packages/review/fixtures/|^shop/next-env\\.d\\.ts$|^next$",
    },
    parser: "swc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};

/** A room imports itself and the rooms its line names, nothing else of its building; types are counted. */
function roomRules(building, rooms) {
  return Object.entries(rooms).map(([room, allowed]) => {
    const own = [room, ...allowed].map((name) => (name.includes(".") ? name : `${name}/`));
    return {
      name: `room-${room}`,
      comment: `${room} may import ${allowed.join(", ") || "no other room"} (rooms.mjs).`,
      severity: "error",
      from: { path: `${building}${room.includes(".") ? room : `${room}/`}`, pathNot: TESTS },
      to: { path: building, pathNot: `${building}(${own.join("|")})|${TESTS}` },
    };
  });
}
