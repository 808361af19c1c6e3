import { quickStart } from "../test/packages/quick-start.ts";

process.exitCode = await quickStart();
process.disconnect?.();
