import { toNextHandler } from "oncepaid/next";
import { oncepaid } from "@/oncepaid.config";

export const { GET, POST, PATCH, PUT, DELETE } = toNextHandler(oncepaid);
