import { parseArgs } from "node:util";
import { type Command, UsageError } from "#/cli/command.ts";
import { erasePerson } from "#/people/erase.ts";
import { exportPerson } from "#/people/export.ts";
import type { Person } from "#/people/person.ts";

const WHO = `  --user <id>        by your app's id of them
  --email <address>  by an address; with both, what either finds
`;

export const EXPORT_USAGE = WHO;

export const ERASE_USAGE = `${WHO}  --by <name>        who erases, for the timeline of each order
  --yes              do it: nothing of it can be brought back
`;

/** Prints everything that is kept of a person, as JSON. */
export const exportPersonCommand: Command = async ({ engine, print, printError }, args) => {
  const { values } = parseArgs({ args, options: { user: { type: "string" }, email: { type: "string" } } });
  const exported = await exportPerson(engine, personOf(values));
  if (exported.ok) print(JSON.stringify(exported.person, null, 2));
  else printError(exported.error);
  return exported.ok ? 0 : 1;
};

/** Takes a person out of everything that is kept. Without --yes it only says how much there is. */
export const erasePersonCommand: Command = async ({ engine, print, printError }, args) => {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: "string" },
      email: { type: "string" },
      by: { type: "string" },
      yes: { type: "boolean" },
    },
  });
  const person = personOf(values);
  const { by } = values;
  if (!by) throw new UsageError("Say who erases: --by <name>.");
  if (!values.yes) return look(await exportPerson(engine, person), printError);
  const erased = await erasePerson(engine, { ...person, by });
  if (!erased.ok) {
    printError(erased.error);
    return 1;
  }
  print(`Erased from ${erased.orders} orders, ${erased.grants} grants and ${erased.seats} seats.`);
  if (erased.events > 0)
    print(`${erased.events} events wait for a person and keep their payload: npx oncepaid replay.`);
  return 0;
};

function personOf({ user: userId, email }: { user?: string; email?: string }): Person {
  if (userId || email) return { userId, email };
  throw new UsageError("Name the person: --user <id>, --email <address>, or both.");
}

function look(found: Awaited<ReturnType<typeof exportPerson>>, printError: (text: string) => void): number {
  if (found.ok) {
    const { orders, grants, seats } = found.person;
    const much = `${orders.length} orders, ${grants.length} grants and ${seats.length} seats`;
    printError(`There are ${much} of this person. Add --yes to erase the person from them for good.`);
  } else printError(found.error);
  return 1;
}
