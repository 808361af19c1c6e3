/** One page of text as a PDF, in one of the fonts every reader has. `bold` lines are headings. */
export function pdfOf(lines: readonly { left: string; right?: string; bold?: boolean }[]): string {
  const [top, step, left, right] = [780, 22, 56, 539];
  const drawn = lines.map(({ left: name, right: value = "", bold }, index) => {
    const y = top - index * step;
    const font = bold ? "/F2 15 Tf" : "/F1 11 Tf";
    const width = value.length * 5.6;
    return [
      `BT ${font} ${left} ${y} Td (${escaped(name)}) Tj ET`,
      ...(value ? [`BT /F1 11 Tf ${Math.round(right - width)} ${y} Td (${escaped(value)}) Tj ET`] : []),
    ].join("\n");
  });
  const content = drawn.join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
  let body = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  return `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
}

/** These fonts know no other letters; what they lack becomes a question mark. */
function escaped(text: string): string {
  return text
    .replaceAll("×", "x")
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .replaceAll(/[\\()]/g, (mark) => `\\${mark}`);
}
