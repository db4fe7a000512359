// How the machine and the service are doing, second by second.
import { get } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { bytes, count, milliseconds, percent } from '../lib/format.js';
import { lineChart } from '../lib/chart.js';
import { load, table } from '../lib/parts.js';
import { join } from '../lib/socket.js';

const Every = 2000;
const number = value => value.toFixed(value >= 100 ? 0 : 1);
const rate = value => `${bytes(value)}/s`;

// The container where it has a limit, else the machine: as the live ticks choose.
function tickOf({ machine, container, process }, { activeConnections, queueLength, current }) {
  const limited = container && ((container.memoryLimitBytes ?? null) !== null || container.cores < machine?.cores);
  const own = limited ? container : machine ?? process;
  return {
    system: {
      cpuPercent: own.cpuPercent,
      memoryBytes: own.memoryBytes,
      diskReadBytesPerSecond: own.diskReadBytesPerSecond ?? machine?.diskReadBytesPerSecond,
      diskWriteBytesPerSecond: own.diskWriteBytesPerSecond ?? machine?.diskWriteBytesPerSecond,
      networkReceiveBytesPerSecond: container?.networkReceiveBytesPerSecond ?? machine?.networkReceiveBytesPerSecond,
      networkSendBytesPerSecond: container?.networkSendBytesPerSecond ?? machine?.networkSendBytesPerSecond,
    },
    application: { ...current, activeConnections, queueLength },
  };
}

export function performance(content) {
  const charts = [
    [lineChart('Processor', ['used'], value => `${value.toFixed(0)} %`, { most: 100 }), tick => [tick.system.cpuPercent]],
    [lineChart('Memory', ['used'], bytes), tick => [tick.system.memoryBytes]],
    [lineChart('Requests', ['a second'], number), tick => [tick.application.requestsPerSecond]],
    [lineChart('Response time', ['p50', 'p95', 'p99'], milliseconds), tick => [tick.application.p50Ms, tick.application.p95Ms, tick.application.p99Ms]],
    [lineChart('Errors', ['share'], percent), tick => [tick.application.errorRate]],
    [lineChart('Cache hits', ['share'], percent, { most: 1 }), tick => [tick.application.cacheHitRate]],
    [lineChart('Queue', ['rows'], value => count(Math.ceil(value))), tick => [tick.application.queueLength]],
    [lineChart('Disk', ['read', 'written'], rate), tick => [tick.system.diskReadBytesPerSecond, tick.system.diskWriteBytesPerSecond]],
    [lineChart('Network', ['in', 'out'], rate), tick => [tick.system.networkReceiveBytesPerSecond, tick.system.networkSendBytesPerSecond]],
  ];
  let paused = false;
  let last = 0;
  const pause = h('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', onclick: () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
  } }, 'Hold');
  const windows = h('div', null);
  content.append(
    h('h1', null, 'Performance'),
    h('div', { class: 'toolbar' }, pause),
    h('div', { class: 'tiles' }, charts.map(([chart]) => chart)),
    h('h2', null, 'Over the last minutes'),
    windows);

  const draw = tick => {
    last = Date.now();
    if (!paused) {
      charts.forEach(([chart, pick]) => chart.add(pick(tick)));
    }
  };
  const leave = join('metrics', data => data.kind === 'metrics' && draw(data));

  // Without a socket the same figures are asked for.
  const poll = async () => {
    if (Date.now() - last > Every * 1.5) {
      try {
        const [system, application] = await Promise.all([get('/metrics/system', { quiet: true }), get('/metrics/application', { quiet: true })]);
        draw(tickOf(system, application));
      } catch {
        // The connection's state says it.
      }
    }
  };
  const table15 = options => load(windows, async asked => {
    const spans = Object.entries((await get('/metrics/application', asked)).windows);
    const rows = [
      ['Requests a second', one => number(one.requestsPerSecond ?? 0)],
      ['Average', one => milliseconds(one.averageMs)],
      ['p50', one => milliseconds(one.p50Ms)],
      ['p95', one => milliseconds(one.p95Ms)],
      ['p99', one => milliseconds(one.p99Ms)],
      ['Errors', one => percent(one.errorRate)],
      ['Cache hits', one => percent(one.cacheHitRate)],
    ];
    return table('Figures over the last minutes', [{ unseen: 'Figure' }, ...spans.map(([name]) => ({ name, number: true }))],
      rows.map(([name, pick]) => h('tr', null, h('th', { scope: 'row' }, name), spans.map(([, one]) => h('td', { class: 'n' }, pick(one))))));
  }, options);
  table15();
  const timers = [setInterval(poll, Every), setInterval(() => !paused && table15({ quiet: true }), 15000)];
  return () => { leave(); timers.forEach(clearInterval); };
}
