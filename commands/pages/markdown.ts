/** A table in Markdown. @param rows whose cells are Markdown already, on one line each */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((columns) => `| ${columns.join(" | ")} |`).join("\n");
