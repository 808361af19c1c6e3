import { type Check, CHECKS as ENGINE_CHECKS } from "oncepaid/operations/doctor/doctor.ts";
import { checkAdmins, checkConfiguration, checkSecrets } from "#/doctor/configuration.ts";
import { checkMail } from "#/doctor/mail.ts";

/** Everything that has to be right before buyers come: the shop's own settings first, then the engine's checks, then mail. */
export const CHECKS: readonly Check[] = [
  { name: "configuration", run: checkConfiguration },
  { name: "secrets", run: checkSecrets },
  { name: "admins", run: checkAdmins },
  ...ENGINE_CHECKS,
  { name: "mail", run: checkMail },
];
