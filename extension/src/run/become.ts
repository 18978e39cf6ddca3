/**
 * Makes a drawn node say what a new one says, keeping those of its nodes that are in both: what has the focus keeps it, and
 * what was scrolled stays where it is. Listeners stay the old node's.
 */
export function become(old: Element, now: Element): void {
  if (old.isEqualNode(now)) return;
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of now.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const [before, after] = [[...old.childNodes], [...now.childNodes]];
  after.forEach((child, i) => {
    const known = before[i];
    if (!known) old.append(child);
    else if (known instanceof Element && child instanceof Element && known.tagName === child.tagName)
      become(known, child);
    else if (!known.isEqualNode(child)) known.replaceWith(child);
  });
  for (const gone of before.slice(after.length)) gone.remove();
}
