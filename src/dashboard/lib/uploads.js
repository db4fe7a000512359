// Uploads under way, as a list that outlives the view that began them: whoever comes back finds them as they are.
import { bdi, fill, h } from './dom.js';

export function uploadList() {
  const element = h('ul', { class: 'uploads', 'aria-label': 'Uploads' });
  return {
    element,

    /** A line for one file; `show` says how it stands, `end` how it ended. */
    add(name) {
      const place = h('span', null);
      const item = h('li', null, bdi(name), ' ', place);
      element.append(item);
      return {
        show: (...nodes) => fill(place, nodes),
        end: (...nodes) => {
          item.dataset.ended = '';
          fill(place, nodes);
        },
      };
    },

    /** Takes away what has ended, once it was seen. */
    seen: () => element.querySelectorAll('[data-ended]').forEach(item => item.remove()),
  };
}
