/** A drawing of boxes and arrows, as SVG that is readable on light and on dark pages. Lengths are in pixels. */
export interface Picture {
  /** What it shows, for those who do not see it. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
}

/** `ours` is what nettune writes or does; `other` is what is there anyway. */
type Kind = 'ours' | 'other';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: Kind;
  /** The first line is its name. */
  readonly lines: readonly string[];
}

const LINE_HEIGHT = 17;

const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; text-anchor: middle }
  .name { font-weight: 600 }
  .note { font-size: 12px; fill: #59636e }
  rect { rx: 6; stroke-width: 1.5 }
  .ours { fill: #ddf4ff; stroke: #0969da }
  .other { fill: #f6f8fa; stroke: #818b98 }
  .arrow { fill: none; stroke: #59636e; stroke-width: 1.5; marker-end: url(#head) }
  .head { fill: #59636e }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .ours { fill: #121d2f; stroke: #4493f8 }
    .other { fill: #212830; stroke: #656c76 }
    .arrow { stroke: #9198a1 }
    .head { fill: #9198a1 }
  }`;

export function drawPicture({ title, width, height, parts }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeText(title)}</title>
<style>${STYLE}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
${parts.join('\n')}
</svg>
`;
}

export function drawBox({ x, y, width, height, kind, lines }: Box): string {
  const top = y + height / 2 - ((lines.length - 1) * LINE_HEIGHT) / 2 + 4.5;
  const texts = lines.map((line, index) =>
    drawText(x + width / 2, top + index * LINE_HEIGHT, line, index === 0 ? 'name' : 'note'),
  );
  return [`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}"/>`, ...texts].join('\n');
}

/** A line through some points, with a head at the last. */
export function drawArrow(...points: readonly (readonly [number, number])[]): string {
  return `<path class="arrow" d="M${points.map((point) => point.join(' ')).join(' ')}"/>`;
}

export function drawNote(x: number, y: number, ...lines: readonly string[]): string {
  return lines.map((line, index) => drawText(x, y + index * LINE_HEIGHT, line, 'note')).join('\n');
}

export interface Bar {
  readonly y: number;
  readonly name: string;
  readonly value: string;
  /** Of the longest bar. */
  readonly share: number;
  readonly kind: Kind;
}

/** A horizontal bar, with its name before it and its value behind it. */
export function drawBar({ y, name, value, share, kind }: Bar): string {
  const length = Math.max(3, Math.round(share * 520));
  return [
    `<text class="name" style="text-anchor: end" x="190" y="${y + 18}">${escapeText(name)}</text>`,
    `<rect class="${kind}" x="200" y="${y + 2}" width="${length}" height="22"/>`,
    `<text class="note" style="text-anchor: start" x="${208 + length}" y="${y + 18}">${escapeText(value)}</text>`,
  ].join('\n');
}

/** Boxes beside each other, with arrows between them. */
export function drawRow(boxes: readonly Box[]): string[] {
  const arrows = boxes.slice(1).map((box, index) => {
    const before = boxes[index] ?? box;
    return drawArrow([before.x + before.width, middleOf(before)], [box.x - 2, middleOf(box)]);
  });
  return [...boxes.map(drawBox), ...arrows];
}

const middleOf = ({ y, height }: Box) => y + height / 2;

function drawText(x: number, y: number, text: string, style: 'name' | 'note'): string {
  return `<text class="${style}" x="${x}" y="${y}">${escapeText(text)}</text>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
