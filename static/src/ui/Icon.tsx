import type { JSX } from "preact";
import { type IconName, iconPath } from "../render/icons.ts";

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" data-icon={name} viewBox="0 0 20 20" aria-hidden="true">
      <path d={iconPath(name)} />
    </svg>
  );
}
