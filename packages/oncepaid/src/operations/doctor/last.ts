import { z } from "zod";
import { keepReport, readReports } from "#/database/last-report.ts";
import type { Engine } from "#/engine.ts";
import type { Diagnosis } from "#/operations/doctor/doctor.ts";

/** What the doctor said the last time, kept in the database so that the desk can show it. */
export type LastDiagnosis = {
  /** ISO 8601 in UTC. */
  at: string;
  diagnosis: Diagnosis;
};

const DOCTOR = "doctor";

const finding = z.union([
  z.object({ level: z.literal("ok"), what: z.string() }),
  z.object({ level: z.enum(["warn", "fail"]), what: z.string(), todo: z.string() }),
]);
const kept = z.object({ checks: z.array(z.object({ check: z.string(), findings: z.array(finding) })) });

/** Where the database can't be reached or isn't migrated, the doctor says so itself, and nothing is kept. */
export async function keepDiagnosis(engine: Engine, diagnosis: Diagnosis): Promise<void> {
  await keepReport(engine.database, DOCTOR, { checks: diagnosis }).catch(() => undefined);
}

/** Null where it never ran. */
export async function lastDiagnosis(engine: Engine): Promise<LastDiagnosis | null> {
  const [report] = await readReports(engine.database, [DOCTOR]);
  return report ? { at: report.at, diagnosis: kept.parse(report.result).checks } : null;
}
