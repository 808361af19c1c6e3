"use client";

import { createContext, type ReactNode, useContext } from "react";

const MayActContext = createContext(true);

/** Whether who looks may change something here. The server refuses it anyway; what would be refused isn't offered. */
export function MayAct({ may, children }: { may: boolean; children: ReactNode }) {
  return <MayActContext value={may}>{children}</MayActContext>;
}

export function useMayAct(): boolean {
  return useContext(MayActContext);
}
