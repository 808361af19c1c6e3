import { RECONCILE_USAGE, reconcileCommand } from "oncepaid/cli/reconcile.ts";
import { runOnShop } from "./command.ts";

process.exitCode = await runOnShop({
  name: "npm run reconcile",
  usage: RECONCILE_USAGE,
  command: reconcileCommand,
});
