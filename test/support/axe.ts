import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";

export type Violation = { rule: string; impact: string; help: string; elements: string[] };

/** What axe finds wrong with the page as it stands, against WCAG 2.2 A and AA and its own best practices. */
export async function accessibilityViolations(page: Page): Promise<Violation[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? "unknown",
    help,
    elements: nodes.map(({ html }) => html),
  }));
}
