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
      headers.set('Authorization', `Bearer ${key}`);
    }

    let response;
    try {
      response = await fetch(path, { ...options, headers });
    } catch (error) {
      if (error.name === 'AbortError') {
        throw error;
      }

      throw unreachable();
    }

    if (response.status === 401 && !quiet && (await hasAnother(key))) {
      continue;
    }

    if (!response.ok) {
      throw await problemOf(response);
    }

    return response;
  }
}

/** Sends a file by POST and says how far it is, which `fetch` does not tell. */
export async function send(path, file, type, onProgress) {
  while (true) {
    const key = currentKey();
    const response = await sendOnce(path, file, type, key, onProgress);
    if (response.status === 401 && (await hasAnother(key))) {
      continue;
    }

    if (!response.ok) {
      throw await problemOf(response);
    }

    return response;
  }
}

/** Asks again while the answer takes longer than one request may: the server goes on with it meanwhile. */
export async function patiently(ask) {
  while (true) {
    try {
      return await ask();
    } catch (problem) {
      if (problem.code !== 'deadline-exceeded') {
        throw problem;
      }
    }
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

/** A list page by page: `items` so far, and `more()`, which brings the next page; `null` when there is none. */
export async function paged(path) {
  const found = { items: [], more: null };
  const next = async continuation => {
    const url = new URL(path, location.href);
    url.searchParams.set('pageSize', '100');
    if (continuation) {
      url.searchParams.set('continuation', continuation);
    }

    const page = await get(url.pathname + url.search);
    found.items.push(...page.items);
    found.more = page.continuation ? () => next(page.continuation) : null;
  };
  await next();
  return found;
}

/** All items of a list. */
export async function list(path) {
  const found = await paged(path);
  while (found.more) {
    await found.more();
  }

  return found.items;
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

// Another call may have been given a key while this one was refused without it.
const hasAnother = async key => currentKey() !== key || (await askForKey(key !== null));

const unreachable = () => new Problem(0, 'unreachable', 'The server does not answer.');

function sendOnce(path, file, type, key, onProgress) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', path);
    call.setRequestHeader('Content-Type', type);
    if (key) {
      call.setRequestHeader('Authorization', `Bearer ${key}`);
    }

    call.upload.onprogress = event => onProgress(event.loaded);
    call.onload = () => resolve(new Response(call.responseText, { status: call.status, headers: { 'Retry-After': call.getResponseHeader('Retry-After') ?? '' } }));
    call.onerror = () => reject(unreachable());
    call.send(file);
  });
}
