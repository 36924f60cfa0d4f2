/** A small line of what came in each second of the last minute. */
import { element } from './dom.ts';
import { count, t } from './host.ts';

const SECONDS = 60;
const WIDTH = 240;
const HEIGHT = 44;
const SVG = 'http://www.w3.org/2000/svg';

export interface Sparkline {
  readonly element: HTMLElement;
  /** The oldest first; the newest stands at the right edge. */
  show(minute: readonly number[]): void;
}

export function createSparkline(): Sparkline {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  const area = document.createElementNS(SVG, 'polygon');
  const line = document.createElementNS(SVG, 'polyline');
  svg.append(area, line);
  const most = element('span', { class: 'most', 'aria-hidden': 'true' });
  const root = element('figure', { class: 'sparkline' }, svg, most);
  return {
    element: root,
    show: (minute) => {
      const top = Math.max(1, ...minute);
      const step = WIDTH / (SECONDS - 1);
      const first = SECONDS - minute.length;
      const points = minute.map(
        (many, at) =>
          `${((first + at) * step).toFixed(1)},${(HEIGHT - 1 - (many / top) * (HEIGHT - 3)).toFixed(1)}`,
      );
      line.setAttribute('points', points.join(' '));
      const left = (first * step).toFixed(1);
      area.setAttribute(
        'points',
        points.length === 0 ? '' : `${left},${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`,
      );
      const peak = Math.max(0, ...minute);
      most.textContent = peak === 0 ? '' : t('most {0}/s', count(peak));
      svg.setAttribute('aria-label', t('The last minute: at most {0} lines a second', count(peak)));
    },
  };
}
