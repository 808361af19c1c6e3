import type { DiagnoseOptions } from "oncepaid/operations";
import { checkAdmins, checkConfiguration, checkSecrets } from "#/doctor/configuration.ts";
import { checkLegal } from "#/doctor/legal.ts";
import { checkMail } from "#/doctor/mail.ts";
import { WORDS } from "#/doctor/words.ts";

/** Everything that has to be right before buyers come: the shop's own settings first, then the engine's checks, then mail. */
export const CHECKS: DiagnoseOptions = {
  before: [
    { name: "configuration", run: checkConfiguration },
    { name: "secrets", run: checkSecrets },
    { name: "admins", run: checkAdmins },
    { name: "legal", run: checkLegal },
  ],
  after: [{ name: "mail", run: checkMail }],
  words: WORDS,
};
