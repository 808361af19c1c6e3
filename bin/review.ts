import "../packages/review/bin/oncepaid-review.ts";
