import type { JSX } from "preact";
import type { Row } from "../../core/tree.ts";

/** In pixels: a finger needs more than a mouse. `--map-row` in map.css is the same height. */
export const ROW = matchMedia("(pointer: coarse)").matches ? 44 : 36;
export const LANE = 18;
const MARGIN = 14;

export const acrossOf = (lane: number): number => MARGIN + lane * LANE;

function lineTo(row: Row, at: number, parent: Row): string {
  const [x1, x2] = [acrossOf(parent.lane), acrossOf(row.lane)];
  const [y1, y2] = [(row.from + 0.5) * ROW, (at + 0.5) * ROW];
  if (x1 === x2) return `M${x1} ${y1}V${y2}`;
  return `M${x1} ${y1}V${y2 - ROW / 2}Q${x1} ${y2} ${x1 + ROW / 3} ${y2}H${x2}`;
}

/** The lines and dots of the tree, of those that meet the rows from `first` to `last`. */
export function Lines({ rows, first, last, width }: { rows: readonly Row[]; first: number; last: number; width: number }): JSX.Element {
  const lines: JSX.Element[] = [];
  const dots: JSX.Element[] = [];
  rows.forEach((row, at) => {
    const parent = rows[row.from];
    if (parent !== undefined && row.from <= last && at >= first) {
      lines.push(<path key={row.id} class={row.shown ? "map-line shown" : "map-line"} d={lineTo(row, at, parent)} />);
    }
    if (at >= first && at <= last) {
      dots.push(
        <circle
          key={row.id} class={`map-dot ${row.role}${row.shown ? " shown" : ""}`} cx={acrossOf(row.lane)} cy={(at + 0.5) * ROW}
          r={row.role === "transition" ? 2.5 : 5}
        />,
      );
    }
  });
  // What is shown lies over what is not.
  lines.sort((one, other) => Number(one.props.class.includes("shown")) - Number(other.props.class.includes("shown")));
  return <svg class="map-lines" width={width} height={rows.length * ROW} aria-hidden="true">{lines}{dots}</svg>;
}
