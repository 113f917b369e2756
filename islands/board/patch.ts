// Brings the board on the page to the state of a freshly fetched one without disturbing what somebody types or chooses.

function isDirty(element: Element): boolean {
  if (element instanceof HTMLTextAreaElement) return element.value !== element.defaultValue;
  if (element instanceof HTMLInputElement) {
    if (element.type === "checkbox") return element.checked !== element.defaultChecked;
    return element.type !== "hidden" && element.value !== element.defaultValue;
  }
  return element instanceof HTMLSelectElement && document.activeElement === element;
}

function keyOf(node: Node): string {
  return node instanceof Element ? node.id : "";
}

function patchAttributes(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !["tabindex", "data-kept", "data-sending", "style"].includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    const keeps = name === "tabindex" || (name === "value" && isDirty(old));
    if (!keeps && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

export function patch(old: Element, fresh: Element): void {
  patchAttributes(old, fresh);
  if (old instanceof HTMLTextAreaElement) {
    if (!isDirty(old)) old.value = (fresh as HTMLTextAreaElement).value;
    return;
  }
  if (old instanceof HTMLSelectElement && old === document.activeElement) return;
  patchChildren(old, fresh);
}

// What a script put into the page (that a draft was kept) is not the server's to move or take away.
function served(node: ChildNode | null): ChildNode | null {
  let place = node;
  while (place instanceof HTMLElement && place.dataset["local"] !== undefined) place = place.nextSibling;
  return place;
}

function patchChildren(old: Element, fresh: Element): void {
  const known = new Map<string, Element>();
  for (const child of old.children) if (child.id) known.set(child.id, child);
  let place: ChildNode | null = served(old.firstChild);
  for (const wanted of [...fresh.childNodes]) {
    const key = keyOf(wanted);
    const same = key ? (known.get(key) ?? elsewhere(key, old)) : undefined;
    if (same && wanted instanceof Element) {
      if (same !== place) old.insertBefore(same, place);
      else place = served(place.nextSibling);
      patch(same, wanted);
    } else if (!key && place && !keyOf(place) && place.nodeType === wanted.nodeType && place.nodeName === wanted.nodeName) {
      const here = place;
      place = served(place.nextSibling);
      if (here instanceof Element && wanted instanceof Element) patch(here, wanted);
      else if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue;
    } else {
      old.insertBefore(document.importNode(wanted, true), place);
    }
  }
  while (place) {
    const rest: ChildNode | null = served(place.nextSibling);
    place.remove();
    place = rest;
  }
}

// A card that moved to another column keeps its node, and with it focus and choice.
function elsewhere(id: string, parent: Element): Element | undefined {
  const found = document.getElementById(id);
  return found && found.dataset["card"] && !found.contains(parent) ? found : undefined;
}
