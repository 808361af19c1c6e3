import { rmSync } from "node:fs";
import { join } from "node:path";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { publishedEnv } from "../../shop/embedded/run-folder.ts";
import { LOCALES } from "../../shop/src/locale.ts";
import { type Command, runCommand } from "../support/command.ts";
import { withoutSettings } from "../support/settings.ts";
import { LANGUAGE_MARK, OTHER_BRAND, OTHER_LANGUAGE } from "./brand.ts";
import { rebrandedCopy, removeCopy } from "./copy.ts";
import { tracesIn } from "./traces.ts";
import { readMails, walk } from "./walk.ts";

/**
 * `npm run test:rebranding`: in a copy of this clone the brand's file is changed, a picture and a product are added, and `npm start` is
 * run. Then every page, mail, calendar entry, receipt, payment page and portal that a buyer and an owner get is searched for the demo's
 * name, colours and texts. A folder of texts is added, too: in that language pages and mails have to speak. Exit code 0 when both hold.
 */
const FIRST_PORT = 52_000;
const OWNER = "owner@kestrel.example";
const TOLD = 40;

process.exitCode = await main();
process.disconnect?.();

async function main(): Promise<number> {
  const copy = rebrandedCopy();
  const data = join(copy, ".data");
  const port = await freePortsFrom(FIRST_PORT)();
  const env = {
    ...withoutSettings(),
    PORT: String(port),
    DATA_DIR: data,
    ADMIN_EMAILS: OWNER,
    LOG_LEVEL: "warn",
  };
  let shop: Command | undefined;
  try {
    const build = runCommand("build", env, [], copy);
    if ((await build.ended) !== "exit code 0") throw new Error(build.output());
    shop = runCommand("start", env, [], copy);
    await shop.says("is running");
    return told(await search(`http://localhost:${port}`, data, port, shop.output()));
  } catch (error) {
    console.log(shop?.output() ?? "");
    throw error;
  } finally {
    shop?.send("SIGTERM");
    await shop?.ended;
    rmSync(data, { recursive: true, force: true });
    removeCopy();
  }
}

async function search(shop: string, data: string, port: number, output: string) {
  const sent = new Map<string, string>();
  const read = (from: string, text: string) => sent.set(`${from} ${sent.size}`, text);
  const stripe = publishedEnv(data, port)?.STRIPE_API_BASE ?? "";
  const [mail = ""] = [...output.matchAll(/http:\/\/[\w.]+:\d+/g)].map(([url]) => url).slice(-1);
  const places = { shop, stripe, mail, owner: OWNER };
  for (const language of [...LOCALES, OTHER_LANGUAGE]) await walk(places, language, read);
  const mails = await readMails(mail, read);
  await readFiles(shop, sent, read);
  return { sent, mails };
}

/** Styles, scripts and whatever else the pages name of the build. */
async function readFiles(
  shop: string,
  sent: Map<string, string>,
  read: (from: string, text: string) => void,
) {
  const named = [...sent.values()].flatMap(
    (text) => text.match(/\/_next\/static\/[\w./~-]+\.(?:css|js)/g) ?? [],
  );
  for (const path of new Set(named)) read(path, await (await fetch(shop + path)).text());
}

function told({ sent, mails }: { sent: Map<string, string>; mails: number }): number {
  const traces = [...sent].flatMap(([from, text]) => tracesIn(text).map((trace) => `${from}: ${trace}`));
  const named = [...sent.values()].filter((text) => text.includes(OTHER_BRAND.name)).length;
  console.log(`  ${sent.size} things were sent, ${mails} mails among them; ${named} bear the new name`);
  for (const trace of traces.slice(0, TOLD)) console.log(`  TRACE ${trace}`);
  console.log(`  ${traces.length} traces of the demo`);
  const unread = unreadIn(sent);
  for (const from of unread) console.log(`  NOT IN ITS LANGUAGE ${from}`);
  return traces.length + unread.length === 0 && named > 0 ? 0 : 1;
}

/** Pages, and mails to that buyer, that don't speak the language whose folder was added. */
function unreadIn(sent: Map<string, string>): string[] {
  const pages = [...sent].filter(
    ([from, text]) => from.startsWith(`${OTHER_LANGUAGE} /`) && text.includes("<html"),
  );
  const mails = [...sent].filter(
    ([from, text]) => from.startsWith("mail ") && text.includes(`"buyer.${OTHER_LANGUAGE}@example.com"`),
  );
  if (pages.length === 0 || mails.length === 0) return ["nothing was sent in it"];
  return [...pages, ...mails].flatMap(([from, text]) => (text.includes(LANGUAGE_MARK) ? [] : [from]));
}
