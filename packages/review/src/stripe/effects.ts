import type { Node } from "@babel/types";
import type { Module } from "../syntax/module.ts";
import { bindingOf, isCall } from "../syntax/module.ts";
import type { Project } from "../syntax/project.ts";
import { targetsOf } from "../syntax/targets.ts";
import { chainOf, literalText, walk } from "../syntax/walk.ts";

/** Something code does that outlives it: `write` in a database, `message` to somebody, `sign-in` of somebody. */
export type Effect = {
  module: Module;
  node: Node;
  kind: "write" | "message" | "sign-in";
  /** Done twice, it is there twice. */
  repeats: boolean;
  /** Done by a function of another package, of which only the name is seen. */
  named?: boolean;
};

const ADDS =
  /(?:^|\.)(?:create|createMany|insert|insertOne|insertMany|insertInto|add|addDoc|increment|incr|incrBy|incrby|decrement|rpush|lpush|xadd)$/;
const CHANGES =
  /(?:^|\.)(?:update|updateOne|updateMany|updateTable|updateDoc|setDoc|upsert|set|hset|save|delete|deleteOne|deleteMany|deleteFrom|remove|patch|put|replaceOne|findOneAndUpdate|findByIdAndUpdate|findByPk|merge|\$executeRaw|\$executeRawUnsafe)$/;
/** Objects that keep what is written to them. */
const STORE =
  /(?:^|\.)(?:\w*prisma\w*|\w*db|\w*DB|database|\w*Db|supabase\w*|drizzle|knex|kysely|mongo\w*|models?|repo|\w*[rR]epository|\w*[cC]ollection|firestore|\w*Ref|doc|tx|trx|transaction|pool|adapter|em|entityManager|manager|payload|redis|kv|convex|strapi|directus|pb|adminClient|serviceClient)(?:\(\))?\./i;
/** `Order.create(…)`: a class or model of the project, none of the language's. */
const MODEL =
  /^(?!Response\.|NextResponse\.|Object\.|Array\.|Promise\.|Stripe\.|Buffer\.|URL\.|Math\.|JSON\.|Date\.|Map\.|Set\.|Intl\.|Schema\.|Reflect\.|Symbol\.|Headers\.|Sentry\.|Error\.|Logger\.)[A-Z]\w*\./;
const RUNS_SQL =
  /(?:^|\.)(?:query|execute|run|exec|prepare|raw|unsafe|\$queryRaw|\$executeRaw|\$executeRawUnsafe|sql)$/;
const SQL_WRITE = /\b(?:insert\s+into|update\s+["`\w]+\s+set|delete\s+from)\b/i;
const SQL_ADD = /\binsert\s+into\b/i;

/** Functions of other packages, by the names people give them. */
const NAMED_ADD =
  /^(?:(?:create|add|insert|give|issue|credit|deliver)_?(?:\w*(?:order|licen[cs]e|subscription|user|account|purchase|enrol?lment|entitlement|access|credit|membership|booking|ticket|payment|transaction|record|member|role|token|points|key|course)s?)|(?:grant|fulfil|fulfill|provision|enrol|enroll|award|ship)(?:[A-Z_]\w*)?)$/i;
const NAMED_CHANGE =
  /^(?:update|upsert|save|mark|activate|upgrade|unlock|confirm|complete|set)_?(?:\w*(?:order|licen[cs]e|subscription|user|account|purchase|enrol?lment|entitlement|access|credit|membership|booking|ticket|payment|invoice|team|org|organization|workspace|plan|paid|status|profile)s?)$/i;
const NAMED_MESSAGE =
  /(?:^|\.)(?:send|notify|mail|email)(?:(?=[A-Z])\w*|Mail|Email)?$|(?:emails?|mailer|transporter|sgMail|resend|postmark|ses)\w*\.(?:\w+\.)*send\w*$/;
const SIGNS_IN =
  /(?:^|\.)(?:setSession|createSession|createUserSession|commitSession|startSession|signIn\w*|logIn|login|loginUser|setAuthCookie|createAuthToken|createSessionToken|setSessionCookie|setSessionTokenCookie|createSessionCookie|issueToken)$|^jwt\.sign$/;
const SETS_COOKIE =
  /(?:cookies\(\)|[cC]ookieStore|[cC]ookies|^res|^reply|^response)\.(?:set|cookie|setCookie)$|^setCookie$/;
const ACCESS_COOKIE = /session|token|auth|jwt|user|access|premium|paid|subscri|^pro$|plan|member/i;

export function effectsIn(project: Project, module: Module, start: Node): Effect[] {
  const effects: Effect[] = [];
  walk(start, (node) => {
    if (isCall(node)) {
      const effect = effectOf(project, module, node);
      if (effect) effects.push({ module, node, ...effect });
    } else if (node.type === "TaggedTemplateExpression" && RUNS_SQL.test(chainOf(node.tag))) {
      const sql = node.quasi.quasis.map(({ value }) => value.raw).join("?");
      if (SQL_WRITE.test(sql)) effects.push({ module, node, kind: "write", repeats: addsRow(sql) });
    } else if (node.type === "AssignmentExpression" && isAccessFlag(node.left)) {
      effects.push({ module, node, kind: "sign-in", repeats: false });
    }
    return undefined;
  });
  return effects;
}

type Kind = Pick<Effect, "kind" | "repeats" | "named">;

function effectOf(
  project: Project,
  module: Module,
  call: Parameters<typeof targetsOf>[2] & { callee: Node; arguments: Node[] },
): Kind | undefined {
  const chain = chainOf(call.callee);
  const name = chain.slice(chain.lastIndexOf(".") + 1);
  if (
    /(?:^|\.)(?:checkout|paymentIntents|customers|subscriptions|refunds|prices|products|webhooks|billingPortal|invoices|coupons|promotionCodes|transfers|accounts|paymentMethods|setupIntents)\./.test(
      chain,
    ) &&
    /stripe/i.test(chain)
  )
    return undefined;
  if (isHookState(module, call.callee)) return undefined;
  if (SIGNS_IN.test(chain) && !/portal|billing|checkout|stripe/i.test(chain))
    return { kind: "sign-in", repeats: false };
  if (SETS_COOKIE.test(chain)) {
    return ACCESS_COOKIE.test(literalText(call.arguments[0]) ?? "")
      ? { kind: "sign-in", repeats: false }
      : undefined;
  }
  if (STORE.test(chain) || MODEL.test(chain)) {
    if (ADDS.test(chain)) return { kind: "write", repeats: true };
    if (CHANGES.test(chain)) return { kind: "write", repeats: incrementsIn(call.arguments) };
  }
  if (RUNS_SQL.test(chain)) {
    const sql = sqlText(call.arguments[0]);
    if (SQL_WRITE.test(sql)) return { kind: "write", repeats: addsRow(sql) };
  }
  if (NAMED_MESSAGE.test(chain) && !/^(?:res|reply|response|ctx|c|ws|socket|rb2b)\./.test(chain)) {
    return targetsOf(project, module, call.callee).length > 0 && !/mail/i.test(name)
      ? undefined
      : { kind: "message", repeats: true };
  }
  const plain =
    chain === name ||
    /^(?:this|\w*[sS]ervice|orders?|licen[cs]es?|access|entitlements?|credits?|users?)\.\w+$/.test(chain);
  if (!plain || targetsOf(project, module, call.callee).length > 0) return undefined;
  if (NAMED_ADD.test(name)) return { kind: "write", repeats: true, named: true };
  return NAMED_CHANGE.test(name) ? { kind: "write", repeats: false, named: true } : undefined;
}

/** `const [session, setSession] = useState()`: what a page shows, nothing else. */
function isHookState(module: Module, callee: Node): boolean {
  if (callee.type !== "Identifier") return false;
  const values = bindingOf(module, callee.name, callee)?.values ?? [];
  return values.some(({ node }) => isCall(node) && /(?:^|\.)use[A-Z]\w*$/.test(chainOf(node.callee)));
}

/** `data: { credits: { increment: 10 } }`, `$inc`, `increment(1)`: changes that add to what is there. */
function incrementsIn(nodes: readonly Node[]): boolean {
  let found = false;
  for (const argument of nodes) {
    walk(argument, (node) => {
      if (node.type === "ObjectProperty" && /^(?:increment|decrement|\$inc|\$push)$/.test(chainOf(node.key)))
        found = true;
      if (isCall(node) && /(?:^|\.)increment$/.test(chainOf(node.callee))) found = true;
      return undefined;
    });
  }
  return found;
}

function sqlText(node: Node | undefined): string {
  if (!node) return "";
  const text = literalText(node);
  if (text !== undefined) return text;
  return node.type === "TemplateLiteral" ? node.quasis.map(({ value }) => value.raw).join("?") : "";
}

function addsRow(sql: string): boolean {
  return SQL_ADD.test(sql) && !/on\s+conflict|on\s+duplicate|insert\s+ignore|where\s+not\s+exists/i.test(sql);
}

/** `req.session.userId = …` */
function isAccessFlag(target: Node): boolean {
  return /(?:^|\.)(?:req|request|ctx|c)\.session\.\w+$/.test(chainOf(target));
}
