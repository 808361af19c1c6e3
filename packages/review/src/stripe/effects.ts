import type { Node } from "@babel/types";
import { bindingOf, type CallNode, isCall, type Module } from "../syntax/module.ts";
import type { Project } from "../syntax/project.ts";
import { targetsOf } from "../syntax/targets.ts";
import { bare, chainOf, keyText, literalText, walk } from "../syntax/walk.ts";
import type { Effect, Kind } from "./effect.ts";
import { handedOver } from "./handed-over.ts";
import { addsToWhatIsThere, isNewOnEveryRun } from "./repeats.ts";
import { isStore, savesRecord } from "./stores.ts";

const ADDS =
  /(?:^|\.)(?:create|createMany|createDocument|insert|insertOne|insertMany|insertInto|add|addDoc|increment|incr|incrBy|incrby|decrement|rpush|lpush|xadd|persist)$/;
const CHANGES =
  /(?:^|\.)(?:update|updateOne|updateMany|updateTable|updateDoc|updateDocument|setDoc|upsert|set|hset|save|delete|deleteOne|deleteMany|deleteFrom|remove|patch|put|replaceOne|findOneAndUpdate|findByIdAndUpdate|findByPk|merge|commit|batchWrite|transactWrite|createOrReplace|createIfNotExists|\$executeRaw|\$executeRawUnsafe)$/;
const RUNS_SQL =
  /(?:^|\.)(?:query|execute|run|exec|prepare|raw|unsafe|\$queryRaw|\$executeRaw|\$executeRawUnsafe|sql)$/;
const SQL_WRITE = /\b(?:insert\s+into|update\s+["`\w]+\s+set|delete\s+from)\b/i;
const SQL_ADD = /\binsert\s+into\b|\bset\b[^;]*?\b(\w+)["`]?\s*=\s*(?:coalesce\()?["`]?\1\b["`]?[^;,]*\+/i;
const ASKS_STRIPE =
  /(?:^|\.)(?:checkout|paymentIntents|customers|subscriptions|refunds|prices|products|webhooks|billingPortal|invoices|coupons|promotionCodes|transfers|accounts|paymentMethods|setupIntents|paymentLinks|events)\./;

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

const effectsByStart = new WeakMap<Project, WeakMap<Node, readonly Effect[]>>();

export function effectsIn(project: Project, module: Module, start: Node): readonly Effect[] {
  const known = effectsByStart.get(project) ?? new WeakMap<Node, readonly Effect[]>();
  effectsByStart.set(project, known);
  const before = known.get(start);
  if (before) return before;
  // Functions may call each other in a circle: who asks again meanwhile hears of none.
  known.set(start, []);
  const effects = findEffects(project, module, start);
  known.set(start, effects);
  return effects;
}

function findEffects(project: Project, module: Module, start: Node): Effect[] {
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

function effectOf(project: Project, module: Module, call: CallNode): Kind | undefined {
  const chain = chainOf(call.callee);
  if (ASKS_STRIPE.test(chain) && /stripe/i.test(chain)) return undefined;
  if (isHookState(module, call.callee)) return undefined;
  if (SIGNS_IN.test(chain) && !/portal|billing|checkout|stripe/i.test(chain))
    return { kind: "sign-in", repeats: false };
  if (SETS_COOKIE.test(chain)) {
    return ACCESS_COOKIE.test(literalText(call.arguments[0]) ?? "")
      ? { kind: "sign-in", repeats: false }
      : undefined;
  }
  return (
    storedBy(project, module, call, chain) ??
    handedOver(call, chain) ??
    namedEffect(project, module, call, chain)
  );
}

function storedBy(project: Project, module: Module, call: CallNode, chain: string): Kind | undefined {
  const [adds, changes] = [ADDS.test(chain), CHANGES.test(chain)];
  if ((adds || changes) && isStore(project, module, call.callee) && !isSeenInside(project, module, call)) {
    return {
      kind: "write",
      repeats: adds || addsToWhatIsThere(call.arguments) || isNewOnEveryRun(call.arguments),
    };
  }
  if (RUNS_SQL.test(chain)) {
    const sql = sqlText(module, call.arguments[0]);
    if (SQL_WRITE.test(sql)) return { kind: "write", repeats: addsRow(sql) };
  }
  const saved = changes ? savesRecord(project, module, call.callee) : undefined;
  return saved && { kind: "write", repeats: saved === "new" };
}

/** `repository.add(…)` of the project's own: the write is what it does inside. */
function isSeenInside(project: Project, module: Module, { callee }: CallNode): boolean {
  return targetsOf(project, module, callee).some((target) =>
    effectsIn(project, target.module, target.node).some(({ kind }) => kind === "write"),
  );
}

function namedEffect(project: Project, module: Module, call: CallNode, chain: string): Kind | undefined {
  if (call.type === "NewExpression") return undefined;
  const name = chain.slice(chain.lastIndexOf(".") + 1);
  if (NAMED_MESSAGE.test(chain) && !/^(?:res|reply|response|ctx|c|ws|socket|rb2b)\./.test(chain)) {
    return targetsOf(project, module, call.callee).length > 0 && !/mail/i.test(name)
      ? undefined
      : { kind: "message", repeats: true };
  }
  const plain =
    chain === name ||
    /^(?:this|\w*[sS]ervice|orders?|licen[cs]es?|access|entitlements?|credits?|users?)\.\w+$/.test(chain) ||
    /^this\.\w+\.\w+$/.test(chain);
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

/** The statement, where it is written here or kept under a name. */
function sqlText(module: Module, node: Node | undefined): string {
  if (!node) return "";
  const value = bare(node);
  const text = literalText(value);
  if (text !== undefined) return text;
  if (value.type === "TemplateLiteral") return value.quasis.map((part) => part.value.raw).join("?");
  if (value.type === "ObjectExpression") return sqlText(module, namedStatement(value));
  if (value.type !== "Identifier") return "";
  const [only] = bindingOf(module, value.name, value)?.values ?? [];
  return only && only.node.type !== "Identifier" ? sqlText(module, only.node) : "";
}

/** `execute({ sql: "…", args: […] })`, `query({ text: "…" })`. */
function namedStatement({ properties }: Extract<Node, { type: "ObjectExpression" }>): Node | undefined {
  for (const property of properties) {
    if (property.type !== "ObjectProperty") continue;
    if (/^(?:sql|text)$/.test(keyText(property.key, property.computed) ?? "")) return property.value;
  }
  return undefined;
}

function addsRow(sql: string): boolean {
  return SQL_ADD.test(sql) && !/on\s+conflict|on\s+duplicate|insert\s+ignore|where\s+not\s+exists/i.test(sql);
}

/** `req.session.userId = …` */
function isAccessFlag(target: Node): boolean {
  return /(?:^|\.)(?:req|request|ctx|c)\.session\.\w+$/.test(chainOf(target));
}
