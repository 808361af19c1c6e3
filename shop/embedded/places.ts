import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");
export const SHOP = join(ROOT, "shop");
/** What belongs to the clone, whatever DATA_DIR says: locks and logs of installing and building. */
export const CLONE_DATA = join(ROOT, ".data");
export const TEST_DATA = join(ROOT, ".test");
