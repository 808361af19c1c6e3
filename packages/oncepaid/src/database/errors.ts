import { codeOf } from "#/failure.ts";

/** What PostgreSQL refused, told by its code and not by a class: an app may bring another copy of `pg`. */

const UNIQUE_VIOLATION = "23505";

/** A row that must be there once is there already; `constraint` names which rule said so. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return codeOf(error) === UNIQUE_VIOLATION && (constraint === undefined || isOf(error, constraint));
}

const CHECK_VIOLATION = "23514";

/** A row breaks the rule named `constraint`, so nothing was written. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  return codeOf(error) === CHECK_VIOLATION && isOf(error, constraint);
}

/** The rows moved since they were read, or two transactions waited for each other and PostgreSQL ended this one. */
const LOST_RACES = ["40001", "40P01"];

/** Somebody else was faster: nothing was written, and reading again will help. */
export function isLostRace(error: unknown): boolean {
  return LOST_RACES.includes(codeOf(error) ?? "");
}

const UNKEEPABLE_TEXT = "22021";

/** A text that was sent holds a NUL character, the one that PostgreSQL has no place for. */
export function isUnkeepableText(error: unknown): boolean {
  return codeOf(error) === UNKEEPABLE_TEXT;
}

const DATA_EXCEPTION = /^22/;
/** `statement_too_complex`: JSON that is nested more deeply than PostgreSQL reads. */
const TOO_COMPLEX = "54001";

/** A value that was sent has no place in the database, whenever it is sent. */
export function isUnstorable(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return DATA_EXCEPTION.test(code) || code === TOO_COMPLEX;
}

function isOf(error: unknown, constraint: string): boolean {
  return error instanceof Error && "constraint" in error && error.constraint === constraint;
}
