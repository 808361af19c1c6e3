import type { Node } from "@babel/types";
import { bindingOf, type Module } from "../syntax/module.ts";
import { originsOf } from "../syntax/origins.ts";
import type { Project } from "../syntax/project.ts";
import { bare, chainOf, keyText, walk } from "../syntax/walk.ts";

/** Objects that keep what is written to them, by the names people give them. */
const STORE =
  /(?:^|\.)(?:\w*prisma\w*|\w*db|\w*DB|database\w*|\w*Db|supabase\w*|drizzle|knex|kysely|mongo\w*|\w*[mM]odels?|repo|\w*Repo|\w*[rR]epository|\w*[cC]ollection|firestore|\w*Ref|doc|tx|trx|transaction|pool|adapter|em|entityManager|manager|payload|redis|kv|convex|strapi|directus|pb|adminClient|serviceClient|sanity\w*|orm|sequelize|dynamo\w*|docClient|documentClient|ddb\w*|store)(?:\(\))?\./i;
/** `Order.create(…)`: a class or model of the project, none of the language's. */
const MODEL =
  /^(?!(?:Response|NextResponse|Object|Array|Promise|Stripe|Buffer|URL|Math|JSON|Date|Map|Set|WeakMap|Intl|Schema|Reflect|Symbol|Headers|Sentry|Error|Logger|Number|String|Astro|Deno|Bun|Effect|Layer|Schedule|NestFactory|Test)\.)[A-Z]\w*\./;
/** How such an object is made. */
const MAKES_STORE =
  /(?:^|\.|new )(?:createClient|createServerClient|createAdminClient|createServiceClient|serverSupabase\w*|PrismaClient|MongoClient|drizzle|knex|Kysely|Pool|Client|Database|createPool|createConnection|getFirestore|firestore|getDb|useDatabase|DynamoDBClient|DocumentClient|DynamoDBDocumentClient|getRepository|getModel|model|collection|Redis|createKysely|DataSource|EntityManager|PocketBase|openDb|connect\w*|default)\(\)/i;
/** How its type is called. */
const STORE_TYPE =
  /(?:Delegate|Repository|Model|Collection|PrismaClient|PrismaService|TransactionClient|EntityManager|DataSource|Kysely|Knex|Database|Db|SupabaseClient|Firestore|Redis|Pool|PoolClient|Store)$/;

/** Whether what a method is called on keeps what is written to it: by name, by how it was made, or by its type. */
export function isStore(project: Project, module: Module, callee: Node): boolean {
  const chain = chainOf(callee);
  if (STORE.test(chain) || MODEL.test(chain)) return true;
  if (callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression") return false;
  const holder = rootOf(callee.object);
  if (holder.type === "MemberExpression" || holder.type === "OptionalMemberExpression") {
    return isHeldStore(project, module, holder);
  }
  if (holder.type !== "Identifier") return false;
  if (STORE_TYPE.test(typeOfParameter(module, holder))) return true;
  return [holder, bare(callee.object)].some((node) => isGivenStore(project, module, node));
}

/** By where the value comes from. */
function isGivenStore(project: Project, module: Module, holder: Node): boolean {
  return originsOf(project, module, holder).some(({ node, path }) => {
    const made = [chainOf(node), ...path].join(".");
    return (STORE.test(`${made}.`) && !/^[A-Z]\w*\.$/.test(`${made}.`)) || MAKES_STORE.test(made);
  });
}

/** `new Order({ … }).save()`, or a record that was read before: `order.status = "paid"; order.save()`. */
export function savesRecord(project: Project, module: Module, callee: Node): "new" | "known" | undefined {
  if (callee.type !== "MemberExpression" || keyText(callee.property, callee.computed) !== "save")
    return undefined;
  for (const { node } of originsOf(project, module, callee.object)) {
    const chain = chainOf(node);
    if (node.type === "NewExpression" && MODEL.test(chain.replace(/^new /, ""))) return "new";
    if (node.type === "NewExpression" && /^new [A-Z]\w*\(\)$/.test(chain)) return "new";
    if (/\.(?:find|get|query|create|first)\w*\(\)/.test(chain) && (MODEL.test(chain) || STORE.test(chain))) {
      return /\.create\(\)$/.test(chain) ? "new" : "known";
    }
  }
  return undefined;
}

/** What a chain of calls begins with: `orders` of `orders.where(…).first`, `this.orders` of `this.orders.create`. */
function rootOf(node: Node): Node {
  const value = bare(node);
  if (value.type === "CallExpression" || value.type === "OptionalCallExpression") return rootOf(value.callee);
  if (value.type !== "MemberExpression" && value.type !== "OptionalMemberExpression") return value;
  return value.object.type === "ThisExpression" ? value : rootOf(value.object);
}

/** `this.orders`, where the class says `private readonly orders: Model<Order>` or `@InjectModel(Order.name) orders`. */
function isHeldStore(project: Project, module: Module, holder: Node): boolean {
  if (holder.type !== "MemberExpression" || holder.object.type !== "ThisExpression") return false;
  const name = keyText(holder.property, holder.computed) ?? "";
  let outer = module.parents.get(holder);
  while (outer && outer.type !== "ClassDeclaration" && outer.type !== "ClassExpression") {
    outer = module.parents.get(outer);
  }
  if (!outer) return false;
  return outer.body.body.some((member) => {
    if (member.type === "ClassProperty") {
      return (
        keyText(member.key, member.computed) === name && STORE_TYPE.test(typeName(member.typeAnnotation))
      );
    }
    if (member.type !== "ClassMethod" || member.kind !== "constructor") return false;
    return member.params.some((parameter) => {
      if (parameter.type !== "TSParameterProperty" || parameter.parameter.type !== "Identifier") return false;
      const injected = (parameter.decorators ?? []).some(({ expression }) =>
        /^Inject(?:Model|Repository|EntityManager|Connection|DataSource|Knex)\(\)$/.test(chainOf(expression)),
      );
      const typed = STORE_TYPE.test(typeName(parameter.parameter.typeAnnotation));
      if (parameter.parameter.name !== name) return false;
      return injected || typed || isGivenStore(project, module, parameter.parameter);
    });
  });
}

function typeOfParameter(module: Module, node: Node): string {
  if (node.type !== "Identifier") return "";
  const parameter = bindingOf(module, node.name, node)?.parameter;
  const declared = parameter?.of.params[parameter.index];
  return declared?.type === "Identifier" ? typeName(declared.typeAnnotation) : "";
}

/** The last name of a type: `OrderDelegate` of `Prisma.OrderDelegate`. */
function typeName(annotation: Node | null | undefined): string {
  const type = annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : undefined;
  if (type?.type !== "TSTypeReference") return "";
  let name = "";
  walk(type.typeName, (node) => {
    if (node.type === "Identifier") name = node.name;
    return undefined;
  });
  return name;
}
