"use client";

import {
  createTheme,
  defaultVariantColorsResolver,
  MantineProvider,
  type VariantColorsResolver,
} from "@mantine/core";
import type { ReactNode } from "react";

const FONTS = '"Inter", "Inter sized", "Noto Sans Devanagari", system-ui, sans-serif';

/** Mantine's buttons in the shop's own colours, which know light from dark. */
const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant === "filled") return { ...colors, color: "var(--on-accent)" };
  const plain = { background: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line)" };
  return { ...colors, ...plain, hover: "var(--sunken)" };
};

const theme = createTheme({
  fontFamily: FONTS,
  headings: { fontFamily: FONTS },
  colors: {
    pine: [
      "#eef9f3",
      "#dcf1e6",
      "#b5e3cc",
      "#8bd4b0",
      "#6fd3a5",
      "#3fae7f",
      "#1f8760",
      "#0f6f4c",
      "#0b5a3e",
      "#07402c",
    ],
  },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 4 },
  variantColorResolver: variantColors,
  defaultRadius: "md",
  radius: { md: "12px" },
  respectReducedMotion: true,
});

export function Look({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      {children}
    </MantineProvider>
  );
}
