import { REPLAY_USAGE, replayCommand } from "oncepaid/cli/replay.ts";
import { runOnShop } from "./command.ts";

process.exitCode = await runOnShop({ name: "npm run replay", usage: REPLAY_USAGE, command: replayCommand });
