import "../packages/sandbox/bin/oncepaid-sandbox.ts";
