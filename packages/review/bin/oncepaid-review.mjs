#!/usr/bin/env node
import { existsSync } from "node:fs";

/** `npx oncepaid-review`. Node.js runs no TypeScript below node_modules, so the package carries what was built from it. */
const [source, built] = ["../src/run.ts", "../dist/run.js"].map((path) => new URL(path, import.meta.url));
await import((existsSync(source) ? source : built).href);
