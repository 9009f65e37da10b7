// The page's icons: 20 × 20, drawn with strokes in the colour of the text.

const PATHS = {
  add: "M10 4v12M4 10h12",
  agent: "M10 3.5v2M5.5 7.5h9a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 14V9a1.5 1.5 0 0 1 1.5-1.5zM8 11v1M12 11v1",
  again: "M4.5 10a5.5 5.5 0 1 0 1.8-4.1M4.5 3.8v3h3",
  alert: "M10 6.5v4M10 13.4v.1M10 3.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6z",
  bookmark: "M6 4h8v12.5L10 13l-4 3.5z",
  chat: "M4 5.5h12v8H9l-3.5 3v-3H4z",
  check: "m4.5 10.5 3.6 3.6 7.4-8",
  chevron: "m6 8 4 4 4-4",
  close: "m5.5 5.5 9 9M14.5 5.5l-9 9",
  copy: "M7.5 7.5h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM4.5 12.5v-8a1 1 0 0 1 1-1h8",
  down: "M10 4.5v11M5.5 11l4.5 4.5 4.5-4.5",
  download: "M10 3.5v8.5M6.5 9l3.5 3.5L13.5 9M4 16h12",
  edit: "M12.8 4.4 15.6 7.2 7.6 15.2l-3.5.7.7-3.5z",
  eye: "M3 10c2-3.5 4.3-5 7-5s5 1.5 7 5c-2 3.5-4.3 5-7 5s-5-1.5-7-5zM10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z",
  fork: "M6 4.5v4a3 3 0 0 0 3 3h5M11 8.5l3 3-3 3M6 8.5v7",
  archive: "M4 5h12v3H4zM5 8v7.5h10V8M8.2 11h3.6",
  folder: "M3.5 15V5.5h4.6l1.6 2h6.8V15z",
  folderOpen: "M3.5 15V5.5h4.6l1.6 2h5.3V9.5M3.5 15l2.1-5.5h11.9L15.4 15z",
  info: "M10 9v4.5M10 6.5v.1M10 3.2a6.8 6.8 0 1 1 0 13.6 6.8 6.8 0 0 1 0-13.6z",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  microphone: "M10 3.5a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0v-4a2 2 0 0 1 2-2zM5.5 9.5a4.5 4.5 0 0 0 9 0M10 14v2.5",
  model: "m10 3.2 5.9 3.4v6.8L10 16.8l-5.9-3.4V6.6zM4.1 6.6 10 10l5.9-3.4M10 10v6.8",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  moon: "M15.5 11.8A6 6 0 0 1 8.2 4.5a6 6 0 1 0 7.3 7.3z",
  quote: "M8.5 6.5C6 7 5 8.5 5 11v2.5h3.5V10H6.7M15 6.5c-2.5.5-3.5 2-3.5 4.5v2.5H15V10h-1.8",
  pin: "M7 3.5h6M8 3.5v5l-2 2.6h8l-2-2.6v-5M10 11.1v5.4",
  print: "M6.5 7V4h7v3M6.5 13H5a1.5 1.5 0 0 1-1.5-1.5v-3A1.5 1.5 0 0 1 5 7h10a1.5 1.5 0 0 1 1.5 1.5v3A1.5 1.5 0 0 1 15 13h-1.5M6.5 11h7v5.5h-7z",
  search: "M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4zM12.7 12.7 16 16",
  send: "M10 15.5v-11M5.5 9 10 4.5 14.5 9",
  settings: "M4 6h7M15 6h1M13 4.5v3M4 14h1M9 14h7M7 12.5v3",
  share: "M13.5 4a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM6.5 8.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM13.5 12.4a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM8.1 9.1l3.8-2.3M8.1 10.9l3.8 2.3",
  signout: "M8 4H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3M12.5 6.5 16 10l-3.5 3.5M16 10H8",
  stop: "M7 6.5h6a.5.5 0 0 1 .5.5v6a.5.5 0 0 1-.5.5H7a.5.5 0 0 1-.5-.5V7a.5.5 0 0 1 .5-.5z",
  sun: "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM10 3v1M10 16v1M3 10h1M16 10h1M5 5l.7.7M14.3 14.3l.7.7M5 15l.7-.7M14.3 5.7 15 5",
  thought: "M10 4a4.5 4.5 0 0 1 2.5 8.2V14h-5v-1.8A4.5 4.5 0 0 1 10 4zM8.5 16.5h3",
  thumb: "M7 9.5 9.8 4a1.6 1.6 0 0 1 1.7 1.6V8.5h3.6a1.3 1.3 0 0 1 1.3 1.6l-1.1 4.6a1.3 1.3 0 0 1-1.3 1H7zM7 9.5H4v6.2h3z",
  tag: "M4 4h6l6.2 6.2-6 6L4 10zM7.3 7.2v.1",
  tool: "M12.9 4.2a3.6 3.6 0 0 0-4.5 4.6L4 13.2 6.8 16l4.4-4.4a3.6 3.6 0 0 0 4.6-4.5l-2.3 2.3-2-.6-.6-2z",
  trash: "M4.5 6h11M8 6V4.5h4V6M6 6l.6 9.5h6.8L14 6",
  wrap: "M3.5 5.5h13M3.5 10h10a2.5 2.5 0 0 1 0 5H10M12 13l-2 2 2 2M3.5 14.5h3",
} as const;

export type IconName = keyof typeof PATHS;

export function iconPath(name: IconName): string {
  return PATHS[name];
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon for a part of the page that is not made by Preact. */
export function iconElement(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
