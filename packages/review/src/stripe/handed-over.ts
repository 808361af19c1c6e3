import type { Node } from "@babel/types";
import type { CallNode } from "../syntax/module.ts";
import { bare, chainOf, keyText, literalText, walk } from "../syntax/walk.ts";
import type { Kind } from "./effect.ts";

/** Writes that are no database call: a file, a service's own client, a queue, another server. */

const DYNAMO = /^(?:Put|Update|Delete|BatchWrite|TransactWrite|BatchExecuteStatement)(?:Items?)?Command$/;
const SENDS_TO_QUEUE = /^(?:SendMessage|SendMessageBatch|Publish|PutEvents|StartExecution|Invoke)Command$/;
const FILES =
  /(?:^|\.)(?:writeFile|writeFileSync|appendFile|appendFileSync|outputFile|outputJson|writeJson|writeTextFile)$|^Bun\.write$/;
/** Clerk, Auth0, Firebase, Supabase: what a user may do stands in their record. */
const USER_RECORD =
  /(?:^|\.)(?:updateUserMetadata|updateOrganizationMetadata|updateUserAppMetadata|updateUserById|setCustomUserClaims|users\.updateUser|users\.update|organizations\.update\w*)$/;
const CONVEX = /(?:^|\.)(?:runMutation|runAction|mutation|runAfter)$/;
const QUEUE =
  /(?:^|\.)(?:\w*[qQ]ueue\w*|jobs?|bull\w*|boss|inngest|tasks?|\w*[tT]ask|publisher|topic|\w*[bB]us|\w*[pP]roducer|qstash|pubsub|eventEmitter|events|emitter|broker|kafka|rabbit\w*|channel)(?:\(\))?\.(?:add|send|emit|emitAsync|publish|publishJSON|publishMessage|enqueue|trigger|dispatch|execute|push|sendToQueue|createJob)$/;
const POSTS =
  /(?:^|\.)(?:axios|got|ky|http|httpService|api|apiClient|\$axios|superagent|needle)\.(?:post|put|patch)$/;
/** Servers that are told, and do nothing about access. */
const ONLY_TOLD =
  /stripe\.com|slack|discord|telegram|analytics|posthog|segment|mixpanel|plausible|sentry|log|track|metric|mail|sendgrid|resend|postmark|brevo|hubspot|facebook|googletag|twilio/i;
/** A database function says by its name what it does. */
const ADDS_BY_NAME = /^(?:add|create|insert|grant|give|credit|increment|increase|issue|award|enrol)/i;

export function handedOver(call: CallNode, chain: string): Kind | undefined {
  const [first] = call.arguments;
  const command = first?.type === "NewExpression" ? chainOf(first.callee) : "";
  if (chain.endsWith(".send") && DYNAMO.test(command))
    return { kind: "write", repeats: addsItem(call, command) };
  if (chain.endsWith(".send") && SENDS_TO_QUEUE.test(command)) return elsewhere(true);
  if (/(?:^|\.)rpc$/.test(chain)) return elsewhere(ADDS_BY_NAME.test(literalText(first) ?? ""));
  if (FILES.test(chain)) return { kind: "write", repeats: /append/.test(chain) };
  if (USER_RECORD.test(chain)) return { kind: "write", repeats: false };
  if (CONVEX.test(chain) && /(?:^|\.)(?:internal|api)\./.test(chainOf(first ?? call))) {
    const name =
      chainOf(first ?? call)
        .split(".")
        .at(-1) ?? "";
    return elsewhere(ADDS_BY_NAME.test(name));
  }
  if (isDocument(call, chain)) return { kind: "write", repeats: true };
  if (QUEUE.test(chain)) return elsewhere(true);
  return postsAway(call, chain) ? { ...elsewhere(true), remote: true } : undefined;
}

/** What is done there can't be seen here; it may guard itself. */
function elsewhere(repeats: boolean): Kind {
  return { kind: "write", repeats, named: true };
}

/** A `PutCommand` writes over what has the same key, so it adds only with a new key or to a number. */
function addsItem(call: CallNode, command: string): boolean {
  let found = false;
  walk(call, (node) => {
    if (node.type === "CallExpression")
      found ||= /(?:randomUUID|uuid|v4|nanoid|ulid|now)$/.test(chainOf(node.callee));
    const text = literalText(node);
    if (text !== undefined && /Update/.test(command)) found ||= /\bADD\b|\+/.test(text);
    if (text !== undefined && /^attribute_not_exists/.test(text)) found = false;
    return undefined;
  });
  return found;
}

/** Sanity: `client.create({ _type: "order", … })`. */
function isDocument(call: CallNode, chain: string): boolean {
  const [first] = call.arguments;
  return /\.create$/.test(chain) && has(first, "_type");
}

function postsAway(call: CallNode, chain: string): boolean {
  const [address, options] = call.arguments;
  if (!address || ONLY_TOLD.test(textOf(address))) return false;
  if (POSTS.test(chain)) return true;
  if (!/^(?:fetch|\$fetch|ofetch|fetcher|axios|undici\.fetch|ky|got)$/.test(chain)) return false;
  return /^(?:POST|PUT|PATCH)$/i.test(methodOf(options) ?? methodOf(address) ?? "");
}

function methodOf(options: Node | undefined): string | undefined {
  if (options?.type !== "ObjectExpression") return undefined;
  for (const property of options.properties) {
    if (property.type === "ObjectProperty" && keyText(property.key, property.computed) === "method") {
      return literalText(property.value);
    }
  }
  return undefined;
}

function has(node: Node | undefined, name: string): boolean {
  const value = node && bare(node);
  return (
    value?.type === "ObjectExpression" &&
    value.properties.some(
      (property) => property.type !== "SpreadElement" && keyText(property.key, property.computed) === name,
    )
  );
}

/** Every word of an address: its texts and the names in its holes. */
function textOf(start: Node): string {
  const words: string[] = [];
  walk(start, (node) => {
    if (node.type === "StringLiteral") words.push(node.value);
    if (node.type === "TemplateElement") words.push(node.value.raw);
    if (node.type === "Identifier") words.push(node.name);
    return undefined;
  });
  return words.join(" ");
}
