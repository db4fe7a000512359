// A line chart of the last minutes, redrawn as values come.
import { fill, h, svg } from './dom.js';

const Width = 320;
const Height = 110;
const Points = 180;

/** `series` are names; `format` writes a value; returns an element with `add(values)`. */
export function lineChart(title, series, format, { most } = {}) {
  const values = series.map(() => []);
  const now = h('p', { class: 'chart-now' });
  const lines = series.map((_, index) => svg('polyline', { class: `line line-${index}`, fill: 'none', points: '' }));
  const picture = svg('svg', { viewBox: `0 0 ${Width} ${Height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', class: 'chart' },
    [0.25, 0.5, 0.75, 1].map(share => svg('line', { class: 'grid', x1: 0, x2: Width, y1: Height - share * (Height - 14), y2: Height - share * (Height - 14) })), lines);
  const scale = h('p', { class: 'chart-top', 'aria-hidden': 'true' });
  const element = h('section', { class: 'tile', 'aria-label': title }, h('h2', null, title), now, h('div', { class: 'plot' }, scale, picture));

  element.add = latest => {
    latest.forEach((value, index) => {
      values[index].push(value ?? null);
      if (values[index].length > Points) {
        values[index].shift();
      }
    });
    const known = values.flat().filter(value => value !== null);
    const limit = most ?? Math.max(1e-9, ...known) * 1.1;
    fill(scale, known.length > 0 ? format(limit) : '');
    lines.forEach((line, index) => line.setAttribute('points', values[index]
      .map((value, at) => (value === null ? null : `${(Width - (values[index].length - 1 - at) * (Width / (Points - 1))).toFixed(1)},${(Height - Math.min(1, value / limit) * (Height - 14)).toFixed(1)}`))
      .filter(point => point !== null).join(' ')));
    fill(now, series.map((name, index) => h('span', { class: `key key-${index}` }, series.length > 1 ? `${name} ` : '', h('strong', null, latest[index] === null || latest[index] === undefined ? '–' : format(latest[index])))));
  };
  return element;
}
