// Calls of the gateway. A refusal becomes a Problem with what the server said.
import { askForKey, currentKey } from './keys.js';

export class Problem extends Error {
  constructor(status, code, message, where, retryAfter) {
    super(message);
    Object.assign(this, { status, code, where, retryAfter });
  }
}

/** Fetches a path; asks for a key when one is needed, and tries again with it. With `quiet`, what runs in the background does not ask. */
export async function request(path, { quiet, ...options } = {}) {
  while (true) {
    const headers = new Headers(options.headers);
    const key = currentKey();
    if (key) {
      headers.set('X-API-Key', key);
    }

    let response;
    try {
      response = await fetch(path, { ...options, headers });
    } catch (error) {
      if (error.name === 'AbortError') {
        throw error;
      }

      throw new Problem(0, 'unreachable', 'The server does not answer.');
    }

    // Another call may have been given a key while this one was refused without it.
    if (response.status === 401 && !quiet && (currentKey() !== key || (await askForKey(key !== null)))) {
      continue;
    }

    if (!response.ok) {
      throw await problemOf(response);
    }

    return response;
  }
}

export const get = async (path, options) => (await request(path, options)).json();

export async function post(path, body, options = {}) {
  const response = await request(path, {
    ...options,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...options.headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return response.status === 204 ? null : response.json();
}

export const remove = path => request(path, { method: 'DELETE' });

/** All items of a paged list, up to a bound. */
export async function list(path, most = 500) {
  const items = [];
  let continuation;
  do {
    const url = new URL(path, location.href);
    url.searchParams.set('pageSize', '100');
    if (continuation) {
      url.searchParams.set('continuation', continuation);
    }

    const page = await get(url.pathname + url.search);
    items.push(...page.items);
    continuation = page.continuation;
  } while (continuation && items.length < most);
  return items;
}

/** Path of a model, or of one of its versions. */
export const modelPath = (name, version) =>
  `/api/models/${encodeURIComponent(name)}${version ? `/versions/${encodeURIComponent(version)}` : ''}`;

export async function problemOf(response) {
  let details = {};
  try {
    details = await response.json();
  } catch {
    // Not from the gateway.
  }

  return new Problem(response.status, details.code ?? `http-${response.status}`, details.title ?? `The server answered ${response.status}.`, details.where, response.headers.get('Retry-After'));
}
