import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { operationName } from "./api/unbuilt.ts";
import { declaredOperations, leavesOf, type Operation } from "./test-operations.ts";
import { absentIn, fatesOf, routeFor } from "./test-taken.ts";
import { routes } from "./v1/routes.ts";
import { secondRoutes } from "./v2/app.ts";

/** One family of the API: what the SDK declares of it, and what there is. */
interface Family {
  name: string;
  operations: { declared: number; there: number };
  parameters: { declared: number; taken: number; ignored: number };
}

/** What isn't built and isn't counted, and why: names that stand anywhere in a parameter's way, or its whole way. */
const LEFT_OUT: Record<string, RegExp> = {
  "ways to pay that aren't built":
    /^(acss_debit|affirm|afterpay_clearpay|alipay|alma|amazon_pay|au_becs_debit|bacs_debit|bancontact|billie|bizum|blik|boleto|card_present|cashapp|crypto|demo_pay|eps|fpx|giropay|grabpay|interac_present|kakao_pay|klarna|konbini|kr_card|link|mb_way|mobilepay|multibanco|naver_pay|nz_bank_account|p24|pay_by_bank|payco|paynow|paypal|paypay|payto|pix|promptpay|revolut_pay|samsung_pay|satispay|scalapay|sequra|sofort|sunbit|swish|twint|wechat_pay|zip)$/,
  "platforms (Connect), and who sells for others":
    /^(on_behalf_of|transfer_data|application_fee_amount|application_fee_percent|refund_application_fee|reverse_transfer|person|account|destination|managed_payments)$/,
  "accounts of the second API in a customer's place": /^customer_account$/,
  "Japan's writing": /^(kana|kanji|statement_descriptor_(suffix_)?(kana|kanji))$/,
  "cards that somebody else has asked their bank about (`three_d_secure`), or has kept":
    /^(three_d_secure|setup_credential_usage|stored_credential_usage|moto|cvc_token)$/,
  "Elements, and what only it makes (`confirmation_token`, `cvc_update`)":
    /^(confirmation_token|cvc_update)$/,
  "Stripe's other products: Tax calculations, Radar sessions, Financial Connections, payment records":
    /^(hooks|radar_options|financial_connections|financial_connections_account|payment_record|payment_record_refund|pii)$/,
  "mandates for UPI payments that repeat: UPI pays once here": /^(.*\.)?upi\.mandate_options(\..*)?$/,
  "instalments of Mexico's cards": /^installments$/,
  "the card networks' own programmes for evidence": /^(enhanced_evidence|appeal|intended_submission_method)$/,
  "previews that Stripe opens to few: `billing_schedules`, `pause_schedules`, `current_trial`":
    /^(billing_schedules|pause_schedules|current_trial)$/,
};

/** What is built is counted, whatever it is called. */
function leftOut({ fate, way }: ReturnType<typeof fatesOf>[number]): string | undefined {
  if (fate !== "refused" && fate !== "absent") return undefined;
  return Object.entries(LEFT_OUT).find(([, names]) =>
    [...way, way.join(".")].some((part) => names.test(part)),
  )?.[0];
}

/** The families of which anything is there. */
export function coverage(): Family[] {
  const operations = declaredOperations();
  const there = new Set(operations.filter((one) => routeFor(routes, one)).map(familyOf));
  return [...there].sort().map((name) =>
    familyFrom(
      name,
      operations.filter((one) => familyOf(one) === name),
    ),
  );
}

/** The events that the SDK declares, and those of them that the sandbox's own code names. */
export function events(): { declared: number; told: number } {
  const entry = createRequire(import.meta.url).resolve("stripe");
  const text = readFileSync(join(dirname(dirname(entry)), "esm/resources/Events.d.ts"), "utf8");
  const declared = new Set([...text.matchAll(/^ {4}type: '([\w.]+)';/gm)].map(([, type = ""]) => type));
  const own = new URL("./", import.meta.url).pathname;
  const sources = readdirSync(own, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/(^|\/)test-|\.test\.ts$/.test(name),
  );
  const told = new Set(
    sources
      .flatMap((name) => [...readFileSync(join(own, name), "utf8").matchAll(/"([a-z_]+(?:\.[a-z_]+)+)"/g)])
      .map(([, type = ""]) => type),
  );
  return { declared: declared.size, told: [...declared].filter((type) => told.has(type)).length };
}

/** The same as a table for the README. */
export function coverageTable(): string {
  const families = coverage();
  const all = families.reduce(
    (sum, { operations, parameters }) => ({
      declared: sum.declared + parameters.declared,
      operations: sum.operations + operations.declared,
      taken: sum.taken + parameters.taken + parameters.ignored,
      there: sum.there + operations.there,
    }),
    { declared: 0, operations: 0, taken: 0, there: 0 },
  );
  const rows = families.map(
    ({ name, operations, parameters }) =>
      `| ${name} | ${operations.there} of ${operations.declared} | ${parameters.taken} | ${parameters.ignored} | ${parameters.declared - parameters.taken - parameters.ignored} |`,
  );
  const { declared, told } = events();
  return [
    "| family | operations | parameters applied | ignored for a reason | refused by name |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    `${all.there} of ${all.operations} operations and ${all.taken} of ${all.declared} parameters of these families; ${told} of the ${declared} types of events.`,
    "",
    "| parameters that aren't counted | how many |",
    "|---|---|",
    ...Object.entries(uncounted()).map(([why, many]) => `| ${why} | ${many} |`),
  ].join("\n");
}

/** Of each operation that is there: the parameters that the SDK declares and the route doesn't know. */
export function unbuiltParameters(): Record<string, string[]> {
  const all = declaredOperations().flatMap((operation): [string, string[]][] => {
    const route = routeFor(routes, operation);
    if (!route) return [];
    const absent = leavesOf(operation.params).flatMap(({ way }) => absentIn(route, way) ?? []);
    return absent.length === 0 ? [] : [[operationName(route), [...new Set(absent)].sort()]];
  });
  return Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The operations that the SDK declares and no route serves. */
export function unbuiltOperations(): string[] {
  const isBuilt = (operation: Operation) =>
    routeFor(routes, operation) !== undefined ||
    secondRoutes.some((route) => operationName(route) === operationName(operation));
  const absent = [...declaredOperations(), ...declaredOperations("v2")].filter((one) => !isBuilt(one));
  return [...new Set(absent.map(operationName))].sort();
}

/** How many parameters of the operations that are there are left out, by the reason. */
function uncounted(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const operation of declaredOperations()) {
    const route = routeFor(routes, operation);
    for (const one of route ? fatesOf(route, operation) : []) {
      const why = leftOut(one);
      if (why !== undefined) sums[why] = (sums[why] ?? 0) + 1;
    }
  }
  return sums;
}

function familyFrom(name: string, operations: readonly Operation[]): Family {
  const served = operations.flatMap((operation) => {
    const route = routeFor(routes, operation);
    return route ? [{ operation, route }] : [];
  });
  const fates = served
    .flatMap(({ operation, route }) => fatesOf(route, operation))
    .filter((one) => leftOut(one) === undefined);
  return {
    name,
    operations: { declared: operations.length, there: served.length },
    parameters: {
      declared: fates.length,
      ignored: fates.filter(({ fate }) => typeof fate === "object").length,
      taken: fates.filter(({ fate }) => fate === "taken").length,
    },
  };
}

const NESTED = ["billing", "billing_portal", "checkout", "entitlements", "radar", "test_helpers"];

/** `POST /v1/checkout/sessions/:id` is of the family `checkout/sessions`. */
function familyOf({ path }: Operation): string {
  const [, , first = "", second = ""] = path.split("/");
  return NESTED.includes(first) ? `${first}/${second}` : first;
}
