"use client";

import { createReact, type KeyOf } from "oncepaid/react";
import type { oncepaid } from "@/oncepaid.config";

export type ProductKey = KeyOf<typeof oncepaid>;
export const { useEntitlements, useCheckout } = createReact<typeof oncepaid>();
