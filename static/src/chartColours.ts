// The page's colours (css/tokens.css) for a chart, wherever it names none of its own: a frame knows nothing of the page's style sheet.

const LIGHT = { ink: "#23211d", soft: "#524e46", line: "#e7e3da", accent: "#1b6a56" };
const DARK = { ink: "#ebe8e2", soft: "#bdb8ae", line: "#312f2b", accent: "#6dbda3" };

/** The configuration of both Vega and Vega-Lite. */
export function colours(dark: boolean): Record<string, object | string> {
  const { ink, soft, line, accent } = dark ? DARK : LIGHT;
  const guide = { labelColor: soft, titleColor: ink };
  const marks = ["arc", "area", "bar", "line", "path", "point", "rect", "rule", "shape", "symbol", "tick", "trail", "circle", "square"];
  const filled = new Set(["arc", "area", "bar", "rect", "shape", "circle", "square"]);
  return {
    background: "transparent",
    font: "system-ui, sans-serif",
    axis: { ...guide, domainColor: line, tickColor: line, gridColor: line },
    legend: guide,
    header: guide,
    title: { color: ink, subtitleColor: soft },
    view: { stroke: "transparent" },
    style: { "guide-label": { fill: soft }, "guide-title": { fill: ink }, "group-title": { fill: ink }, "group-subtitle": { fill: soft } },
    text: { fill: ink },
    ...Object.fromEntries(marks.map((mark) => [mark, filled.has(mark) ? { fill: accent } : { stroke: accent }])),
  };
}
