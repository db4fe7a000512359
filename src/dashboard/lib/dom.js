// Elements from code. Text only ever becomes a text node, so that no name or record can be markup.

/** An element: props are attributes, `on…` listeners, or `class`; children are nodes or text; null and false are left out. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  assign(element, props);
  element.append(...flat(children));
  return element;
}

/** An SVG element. */
export function svg(tag, props, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  assign(element, props);
  element.append(...flat(children));
  return element;
}

/** Text of somebody else, kept from turning the text around it (bidirectional isolation). */
export const bdi = text => h('bdi', null, text ?? '');

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

/** Says something to a screen reader once. */
export function announce(text) {
  document.getElementById('announcer').textContent = text;
}

function assign(element, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }

    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'value' || name === 'checked' || name === 'disabled') {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
}

function flat(children) {
  return children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false);
}
