// Pieces that several views show.
import { bdi, fill, h } from './dom.js';
import { percent } from './format.js';

/** Where something went wrong: what the server said, its code, and a way on. */
export function problemBox(problem, retry) {
  return h('div', { class: 'problem', role: 'alert' },
    h('p', null, bdi(problem.where ? `${problem.where}: ${problem.message}` : problem.message)),
    h('p', { class: 'code' }, problem.code ?? 'page-error', problem.retryAfter ? `, try again in ${problem.retryAfter} s` : ''),
    retry && h('button', { type: 'button', class: 'quiet', onclick: retry }, 'Try again'));
}

/** Draws what an element holds anew, and gives the focus back: to what has the same name (in the same row), else to the region around it, so that a reader is not thrown to the start of the page. */
export function redraw(element, draw) {
  const held = element.contains(document.activeElement) ? document.activeElement : null;
  const row = held?.closest('[data-id]')?.dataset.id;
  const names = [];
  for (let at = held; at && at !== element; at = at.parentElement) {
    at.hasAttribute('aria-label') && names.push(at.getAttribute('aria-label'));
  }

  draw();
  if (!held || held.isConnected) {
    return;
  }

  const places = [...(row ? [element.querySelector(`[data-id="${CSS.escape(row)}"]`)] : []), element];
  for (const name of names) {
    for (const place of places) {
      const found = place?.querySelector(`[aria-label="${CSS.escape(name)}"]${row && place === element ? '[role=region]' : ''}`);
      found?.focus();
      if (found && found === document.activeElement) {
        return;
      }
    }
  }

  document.getElementById('content').focus({ preventScroll: true });
}

/** Fills an element with what a promise brings, or with its problem. `options` are for the work; whoever tries again is there to be asked, so they are not kept. */
export async function load(element, work, options = {}) {
  element.setAttribute('aria-busy', 'true');
  try {
    const nodes = await work(options);
    if (nodes !== undefined) {
      redraw(element, () => fill(element, nodes));
    }
  } catch (error) {
    redraw(element, () => fill(element, problemBox(error, () => load(element, work))));
  } finally {
    element.removeAttribute('aria-busy');
  }
}

/** A button that works once at a time, and shows its problem beside it. It is never disabled: that would take the focus away from whoever pressed it. */
export function actionButton(label, action, props = {}) {
  const place = h('span', { class: 'said' });
  const button = h('button', {
    type: 'button',
    ...props,
    onclick: async () => {
      if (button.getAttribute('aria-disabled')) {
        return;
      }

      button.setAttribute('aria-disabled', 'true');
      fill(place);
      try {
        await action();
      } catch (error) {
        fill(place, problemBox(error));
      } finally {
        button.removeAttribute('aria-disabled');
      }
    },
  }, label);
  return h('span', { class: 'action' }, button, place);
}

/** Below a list of which not all is shown: says so, and brings the next page. */
export const moreOf = (found, draw) => found.more && h('div', { class: 'more' },
  actionButton('Show more', async () => {
    await found.more();
    draw();
  }, { class: 'quiet', 'aria-label': 'Show more' }),
  h('span', { class: 'hint' }, `The first ${found.items.length} are shown; there are more.`));

/** Asks before what cannot be undone. */
export function confirmed(question, verb) {
  return new Promise(resolve => {
    const dialog = h('dialog', { 'aria-labelledby': 'question' },
      h('form', { method: 'dialog', class: 'form' },
        h('h2', { id: 'question' }, bdi(question)),
        h('div', { class: 'actions' },
          h('button', { value: 'no', class: 'quiet', autofocus: true }, 'Keep it'),
          h('button', { value: 'yes', class: 'danger' }, verb))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A place to drop files on; what it holds is the way for those who do not drag. */
export function dropZone(take, ...children) {
  const zone = h('div', {
    class: 'drop',
    ondragover: event => { event.preventDefault(); zone.classList.add('over'); },
    ondragleave: () => zone.classList.remove('over'),
    ondrop: event => { event.preventDefault(); zone.classList.remove('over'); take([...event.dataTransfer.files]); },
  }, ...children);
  return zone;
}

/** A progress bar with its words; share null means: not known. */
export function meter(label, share) {
  const bar = h('progress', share === null ? { 'aria-label': label } : { 'aria-label': label, max: 1, value: share });
  return h('span', { class: 'meter' }, bar, share === null ? '' : percent(share));
}

/** A table. On a narrow screen one of many columns shows each row as a block, its cells named; one of few scrolls sideways, instead of the page. */
export function table(caption, columns, rows) {
  const stacks = columns.length > 4;
  if (stacks) {
    rows.forEach(row => nameCells(row, columns));
  }

  return h('div', { class: stacks ? 'scroll stacks' : 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', null,
      h('caption', { class: 'unseen' }, caption),
      h('thead', null, h('tr', null, columns.map(column => h('th', { scope: 'col', class: column.number ? 'n' : null }, column.unseen ? h('span', { class: 'unseen' }, column.unseen) : column.name ?? column)))),
      h('tbody', null, rows)));
}

/** Puts the names of the columns at a row's cells, for when the head is out of sight. */
export function nameCells(row, columns) {
  [...row.children].forEach((cell, index) => {
    const name = columns[index].name ?? columns[index];
    if (cell.tagName === 'TD' && typeof name === 'string' && cell.hasChildNodes()) {
      cell.dataset.name = name;
    }
  });
  return row;
}

export const empty = (...text) => h('p', { class: 'empty' }, ...text);
