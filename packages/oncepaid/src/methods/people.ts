import type { Engine } from "#/engine.ts";
import { type EraseRequest, erasePerson } from "#/people/erase.ts";
import { exportPerson } from "#/people/export.ts";
import type { Person } from "#/people/person.ts";

/** What is kept of a person, for whoever asks what that is, or asks to be forgotten. */
export function peopleMethods(engine: Engine) {
  return {
    /**
     * Everything that is kept of a person here, by the app's id of them, an address, or both. What Stripe keeps, Stripe tells.
     *
     * @example
     * const exported = await oncepaid.exportPerson({ userId: user.id, email: user.email });
     * if (exported.ok) send(JSON.stringify(exported.person, null, 2));
     */
    exportPerson: (person: Person) => exportPerson(engine, person),
    /**
     * Takes a person out of everything that is kept here; orders stay, without whose they were, as books need them. A plan has to be
     * canceled first. docs/privacy.md says what is stored where, and for how long.
     *
     * @example
     * const erased = await oncepaid.erasePerson({ userId: user.id, email: user.email, by: staff.email });
     * if (!erased.ok) show(erased.error); // plan_active: cancel it, then erase
     */
    erasePerson: (request: EraseRequest) => erasePerson(engine, request),
  };
}
