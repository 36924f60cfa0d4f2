/** How many messages came when, as a strip; dragging over it chooses a time. */
import type { Histogram, RecordFilter } from '../wire/topic.ts';
import { element } from './dom.ts';
import { count, t } from './host.ts';
import { utcText } from './utc.ts';

type Time = RecordFilter['time'];

/** Pixels of a bar at least, and of a movement that is no click. */
const BAR = 5;
const DRAG = 4;

export interface HistogramStrip {
  readonly element: HTMLElement;
  /** As many as are to be seen one from another. */
  readonly buckets: number;
  show(histogram: Histogram | null, time: Time): void;
}

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

export function createHistogram(onTime: (time: Time) => void): HistogramStrip {
  const canvas = element('canvas', { role: 'img', 'aria-label': t('Messages over time') });
  const band = element('div', { class: 'band' });
  const tip = element('div', { class: 'tip', 'aria-hidden': 'true' });
  const strip = element('div', { class: 'strip' }, canvas, band, tip);
  const from = element('span');
  const to = element('span');
  const labels = element('div', { class: 'labels', 'aria-hidden': 'true' }, from, to);
  const root = element('div', { class: 'histogram' }, strip, labels);
  root.hidden = band.hidden = tip.hidden = true;

  let shown: Histogram | undefined;
  let chosen: Time;
  /** Pixels, while one drags. */
  let brush: { from: number; to: number } | undefined;

  const length = ({ all, width }: Histogram): number => all.length * width;
  const bucketAt = (x: number, { all }: Histogram): number =>
    Math.max(0, Math.min(all.length - 1, Math.floor((x / canvas.clientWidth) * all.length)));
  /** The time from the first bucket under the brush to the end of the last. */
  const timeOf = ({ from: one, to: other }: { from: number; to: number }, histogram: Histogram) => ({
    from: histogram.from + bucketAt(Math.min(one, other), histogram) * histogram.width,
    to: histogram.from + (bucketAt(Math.max(one, other), histogram) + 1) * histogram.width,
  });
  const draw = (): void => {
    if (!shown) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const scale = window.devicePixelRatio;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    const style = getComputedStyle(strip);
    const most = Math.max(1, ...shown.all);
    const step = width / shown.all.length;
    const gap = step >= 3 ? 1 : 0;
    for (const [counts, colour] of [
      [shown.all, style.getPropertyValue('--all')],
      [shown.matches, style.getPropertyValue('--matches')],
    ] as const) {
      context.fillStyle = colour;
      counts.forEach((one, bucket) => {
        if (one === 0) return;
        const tall = Math.max(1, (one / most) * height);
        context.fillRect(bucket * step, height - tall, step - gap, tall);
      });
    }
  };
  const showBand = (): void => {
    const time = shown && brush ? timeOf(brush, shown) : chosen;
    band.hidden = !shown || !time;
    if (!shown || !time) return;
    const share = (ms: number | undefined, otherwise: number): number =>
      ms === undefined || !shown ? otherwise : Math.max(0, Math.min(1, (ms - shown.from) / length(shown)));
    const left = share(time.from, 0);
    band.style.left = `${left * 100}%`;
    band.style.width = `${(share(time.to, 1) - left) * 100}%`;
  };
  const showTip = (x: number): void => {
    if (!shown) return;
    const bucket = bucketAt(x, shown);
    const start = shown.from + bucket * shown.width;
    tip.textContent = `${utcText(start)} – ${utcText(start + shown.width)} · ${t(
      '{0} messages, {1} match',
      count(shown.all[bucket] ?? 0),
      count(shown.matches[bucket] ?? 0),
    )}`;
    tip.hidden = false;
    tip.style.left = `${Math.max(0, Math.min(canvas.clientWidth - tip.offsetWidth, x - tip.offsetWidth / 2))}px`;
  };

  const placeOf = (event: PointerEvent): number => event.clientX - strip.getBoundingClientRect().left;
  strip.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || !shown) return;
    strip.setPointerCapture(event.pointerId);
    brush = { from: placeOf(event), to: placeOf(event) };
  });
  strip.addEventListener('pointermove', (event) => {
    const x = placeOf(event);
    showTip(x);
    if (!brush) return;
    brush.to = x;
    if (Math.abs(brush.to - brush.from) >= DRAG) showBand();
  });
  strip.addEventListener('pointerup', () => {
    const done = brush;
    brush = undefined;
    if (done && shown && Math.abs(done.to - done.from) >= DRAG) onTime(timeOf(done, shown));
  });
  strip.addEventListener('pointerleave', () => {
    tip.hidden = true;
  });
  strip.addEventListener('dblclick', () => {
    onTime(undefined);
  });
  strip.addEventListener('pointercancel', () => {
    brush = undefined;
    showBand();
  });
  document.addEventListener('keydown', ({ key, defaultPrevented }) => {
    if (key !== 'Escape' || defaultPrevented) return;
    if (brush) {
      brush = undefined;
      showBand();
    } else if (strip.matches(':hover')) onTime(undefined);
  });
  new ResizeObserver(draw).observe(canvas);
  // The editor changes the theme under a page that is open.
  const themes = new MutationObserver(draw);
  themes.observe(document.body, { attributeFilter: ['class'] });
  themes.observe(document.documentElement, { attributeFilter: ['style'] });

  return {
    element: root,
    get buckets() {
      return Math.max(
        20,
        Math.min(400, Math.floor((canvas.clientWidth || document.documentElement.clientWidth) / BAR)),
      );
    },
    show: (histogram, time) => {
      chosen = time;
      // What one drags over stays.
      if (!brush) shown = histogram ?? undefined;
      root.hidden = !shown;
      if (!shown) return;
      const end = shown.from + length(shown);
      from.textContent = `${utcText(shown.from)} UTC`;
      to.textContent = `${utcText(end)} UTC`;
      canvas.setAttribute(
        'aria-label',
        t(
          'Messages from {0} to {1} UTC: {2}, of which {3} match',
          utcText(shown.from),
          utcText(end),
          count(sum(shown.all)),
          count(sum(shown.matches)),
        ),
      );
      draw();
      showBand();
    },
  };
}
