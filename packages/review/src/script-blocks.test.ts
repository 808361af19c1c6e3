import { expect, test } from "vitest";
import { scriptOf } from "./syntax/script-blocks.ts";

test("of a Vue or Svelte file the scripts are left where they stand", () => {
  const text =
    '<template>\n  <p>{{ a }}</p>\n</template>\n<script>\nlet a;\n</script>\n<script setup lang="ts">let b;</script>\n';
  const script = scriptOf("Pay.vue", text) ?? "";
  expect(script).toHaveLength(text.length);
  expect(script.split("\n")[4]).toBe("let a;");
  expect(script.indexOf("let b;")).toBe(text.indexOf("let b;"));
  expect(script.replace(/\s+/g, " ").trim()).toBe("let a; let b;");
});

test("of an Astro page the frontmatter is read, or its scripts where it has none", () => {
  expect(scriptOf("a.astro", "---\nconst a = 1;\n---\n<script>let b;</script>")?.trim()).toBe("const a = 1;");
  expect(scriptOf("a.astro", "<p />\n<script>let b;</script>")?.trim()).toBe("let b;");
});

test("a file that is script alone is left as it is", () => {
  expect(scriptOf("a.ts", "let a;")).toBeUndefined();
});
