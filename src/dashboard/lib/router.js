// Views by the part of the address behind '#'. A view is a function that fills an element and returns how to end, if it must.
import { announce, fill } from './dom.js';

let end = null;

export function start(routes, content) {
  const show = () => {
    const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decoded);
    const known = Object.hasOwn(routes, name);
    const route = known ? routes[name] : routes.evaluations;
    end?.();
    fill(content);
    document.title = `${route.title} · AI Assignments`;
    for (const link of document.querySelectorAll('#views a')) {
      const current = link.getAttribute('href') === `#/${route.menu ?? name}` || (!known && link.getAttribute('href') === '#/evaluations');
      current ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
      current && link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }

    end = route.view(content, rest) ?? null;
    scrollTo(0, 0);
  };
  addEventListener('hashchange', () => {
    show();
    content.focus({ preventScroll: true });
    announce(document.title);
  });
  // Where the page begins, the reader begins: with the skip link, not behind it.
  show();
}

// An address is anybody's text.
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
