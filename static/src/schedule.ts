// The form of a scheduled prompt works without this: a new one is given the time zone of the browser.

const zone = document.querySelector<HTMLSelectElement>("#id_zone");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone !== null && zone.dataset["new"] !== undefined && [...zone.options].some(({ value }) => value === own)) {
  zone.value = own;
}

export {};
