// The page's icons: 20 × 20, drawn with strokes in the colour of the text.

const PATHS = {
  add: "M10 4v12M4 10h12",
  agent: "M10 3.5v2M5.5 7.5h9a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 14V9a1.5 1.5 0 0 1 1.5-1.5zM8 11v1M12 11v1",
  check: "m4.5 10.5 3.6 3.6 7.4-8",
  chevron: "m6 8 4 4 4-4",
  close: "m5.5 5.5 9 9M14.5 5.5l-9 9",
  copy: "M7.5 7.5h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM4.5 12.5v-8a1 1 0 0 1 1-1h8",
  down: "M10 4.5v11M5.5 11l4.5 4.5 4.5-4.5",
  download: "M10 3.5v8.5M6.5 9l3.5 3.5L13.5 9M4 16h12",
  eye: "M3 10c2-3.5 4.3-5 7-5s5 1.5 7 5c-2 3.5-4.3 5-7 5s-5-1.5-7-5zM10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z",
  folder: "M3.5 15V5.5h4.6l1.6 2h6.8V15z",
  folderOpen: "M3.5 15V5.5h4.6l1.6 2h5.3V9.5M3.5 15l2.1-5.5h11.9L15.4 15z",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  model: "m10 3.2 5.9 3.4v6.8L10 16.8l-5.9-3.4V6.6zM4.1 6.6 10 10l5.9-3.4M10 10v6.8",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  moon: "M15.5 11.8A6 6 0 0 1 8.2 4.5a6 6 0 1 0 7.3 7.3z",
  search: "M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4zM12.7 12.7 16 16",
  send: "M10 15.5v-11M5.5 9 10 4.5 14.5 9",
  settings: "M4 6h7M15 6h1M13 4.5v3M4 14h1M9 14h7M7 12.5v3",
  signout: "M8 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3M12.5 6.5 16 10l-3.5 3.5M16 10H8",
  stop: "M7 6.5h6a.5.5 0 0 1 .5.5v6a.5.5 0 0 1-.5.5H7a.5.5 0 0 1-.5-.5V7a.5.5 0 0 1 .5-.5z",
  sun: "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM10 3v1M10 16v1M3 10h1M16 10h1M5 5l.7.7M14.3 14.3l.7.7M5 15l.7-.7M14.3 5.7 15 5",
  thought: "M10 4a4.5 4.5 0 0 1 2.5 8.2V14h-5v-1.8A4.5 4.5 0 0 1 10 4zM8.5 16.5h3",
  tag: "M4 4h6l6.2 6.2-6 6L4 10zM7.3 7.2v.1",
  tool: "M12.9 4.2a3.6 3.6 0 0 0-4.5 4.6L4 13.2 6.8 16l4.4-4.4a3.6 3.6 0 0 0 4.6-4.5l-2.3 2.3-2-.6-.6-2z",
  wrap: "M3.5 5.5h13M3.5 10h10a2.5 2.5 0 0 1 0 5H10M12 13l-2 2 2 2M3.5 14.5h3",
};

export type IconName = keyof typeof PATHS | keyof typeof import("./rareIcons.ts").RARE;

const paths = PATHS as Record<IconName, string>;

/** Takes in those of components that are loaded later: what is shown at first must do without them. */
export function addIcons(more: Partial<Record<IconName, string>>): void {
  Object.assign(paths, more);
}

export function iconPath(name: IconName): string {
  return paths[name];
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon for a part of the page that is not made by Preact. */
export function iconElement(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}
