import { runOnShop } from "./command.ts";

process.exitCode = await runOnShop({ name: "listen" });
