// Numbers and times as a person reads them.

export const percent = share => (share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`);

export const points = share => (share === null || share === undefined ? '–' : `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)}`);

export const interval = estimate => (estimate?.lower === undefined || estimate?.lower === null ? '' : `${(estimate.lower * 100).toFixed(1)}–${(estimate.upper * 100).toFixed(1)} %`);

export const count = number => (number === null || number === undefined ? '–' : number.toLocaleString('en'));

export function bytes(number) {
  if (number === null || number === undefined) {
    return '–';
  }

  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = number;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }

  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function milliseconds(value) {
  if (value === null || value === undefined) {
    return '–';
  }

  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : value >= 10 ? `${value.toFixed(0)} ms` : `${value.toFixed(value >= 1 ? 1 : 2)} ms`;
}

export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function when(text) {
  const time = new Date(text);
  return time.toDateString() === new Date().toDateString()
    ? time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
    : time.toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}
