// Live messages over Web PubSub's JSON subprotocol. Lost connections come back by themselves with growing patience; groups are joined again.
// The local host sends the last state first; Azure's service has none to send: so a view is told once its group has been joined, and asks the status route then for what was before.
import { post } from './api.js';
import { whenKeyed } from './keys.js';

const groups = new Map();
const entering = new Map();
const watchers = new Set();
let socket = null;
let state = 'connecting';
let attempts = 0;
let acks = 0;
let timer = null;

/**
 * Calls back with each message of a group; returns how to stop. `joined` is called each time that the group has been joined from now on, at first or anew: what happened until then may
 * not have been heard, and nothing is missed after it.
 */
export function join(group, listener, joined = () => {}) {
  const listeners = groups.get(group) ?? new Map();
  groups.set(group, listeners);
  listeners.set(listener, joined);
  if (listeners.size === 1) {
    enter(group);
  }

  connect();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && groups.get(group) === listeners) {
      groups.delete(group);
      send({ type: 'leaveGroup', group, ackId: ++acks });
    }
  };
}

/** Calls back with `connecting`, `live` or `lost`, now and at each change; returns how to stop. */
export function watchConnection(listener) {
  watchers.add(listener);
  listener(state);
  return () => watchers.delete(listener);
}

function enter(group) {
  entering.set(++acks, group);
  send({ type: 'joinGroup', group, ackId: acks });
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify(message));
  }
}

function say(next) {
  if (state !== next) {
    state = next;
    watchers.forEach(listener => listener(state));
  }
}

async function connect() {
  if (socket || timer) {
    return;
  }

  socket = { readyState: -1 };
  try {
    const { url, protocol } = await post('/api/negotiate', undefined, { quiet: true });
    const opened = new WebSocket(url, protocol);
    socket = opened;
    opened.onmessage = event => receive(JSON.parse(event.data));
    opened.onclose = () => again();
  } catch {
    again();
  }
}

function receive(message) {
  if (message.type === 'system' && message.event === 'connected') {
    attempts = 0;
    entering.clear();
    for (const group of groups.keys()) {
      enter(group);
    }

    say('live');
  } else if (message.type === 'ack') {
    const group = message.success && entering.get(message.ackId);
    entering.delete(message.ackId);
    groups.get(group)?.forEach(joined => joined());
  } else if (message.type === 'message') {
    groups.get(message.group)?.forEach((_, listener) => listener(message.data));
  }
}

function again() {
  socket = null;
  say('lost');
  const patience = Math.min(10000, 500 * 2 ** attempts++) * (0.75 + Math.random() / 2);
  timer = setTimeout(() => {
    timer = null;
    connect();
  }, patience);
}

// A network that comes back, a tab that is looked at again, and a key need not wait.
function hurry() {
  if (timer) {
    clearTimeout(timer);
    timer = null;
    attempts = 0;
    connect();
  }
}

addEventListener('online', hurry);
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && hurry());
whenKeyed(hurry);
