/** A table for the terminal: columns as wide as their widest cell, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const isNumber = header.map((_, column) => rows.length > 0 && rows.every((row) => /^(\d.*)?$/.test(row[column] ?? "")));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "─".repeat(width)).join("──"), ...rows.map(line)].join("\n");
}

/** The same, whose amounts of money end where they should. @param isAmount by column */
export function amounts(header: readonly string[], rows: readonly (readonly string[])[], isAmount: (column: number) => boolean): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const aligned = (cells: readonly string[]) => cells.map((cell, column) => (isAmount(column) ? cell.padStart(widths[column]!) : cell));
  return table(aligned(header), rows.map(aligned));
}
