// Copying text. The clipboard itself is only there on a secure address; a plain one in a local network has the old way.

function copyOldWay(text: string): void {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** Whether the text is on the clipboard now: a browser may refuse. */
export async function copy(text: string): Promise<boolean> {
  if (!isSecureContext) {
    copyOldWay(text);
    return true;
  }
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
