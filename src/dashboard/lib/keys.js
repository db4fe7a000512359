// The API key, where the server asks for one: kept for this tab only.
import { h } from './dom.js';

const Name = 'aia-key';
const listeners = new Set();
let asking = null;

export const currentKey = () => sessionStorage.getItem(Name);

/** Calls back when a key was given. */
export const whenKeyed = listener => listeners.add(listener);

/** Asks once, however many calls need it; false when the user declines. */
export function askForKey(refused) {
  asking ??= ask(refused).finally(() => { asking = null; });
  return asking;
}

function ask(refused) {
  return new Promise(resolve => {
    const field = h('input', { type: 'password', id: 'key', name: 'key', autocomplete: 'off', required: true, 'aria-describedby': 'key-why' });
    const dialog = h('dialog', { 'aria-labelledby': 'key-title' },
      h('form', { method: 'dialog', class: 'form' },
        h('h2', { id: 'key-title' }, 'This server asks for a key'),
        h('p', { id: 'key-why' }, refused ? 'It did not take the last one. ' : '', 'An operator makes one with “aia keys create”, or your sign-in gives a token. It is kept until this tab is closed.'),
        h('label', { for: 'key' }, 'API key or token'),
        field,
        h('div', { class: 'actions' },
          h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close('') }, 'Not now'),
          h('button', { type: 'submit', value: 'use' }, 'Use it'))));
    dialog.addEventListener('close', () => {
      const key = dialog.returnValue === 'use' ? field.value.trim() : '';
      if (key) {
        sessionStorage.setItem(Name, key);
      }

      dialog.remove();
      resolve(key !== '');
      if (key) {
        listeners.forEach(listener => listener());
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
}
