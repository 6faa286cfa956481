// The page's only script: draws the charts, shows what a box of the timeline says, copies commands. Without it the page says the same in tables.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const number = (value) => value.toLocaleString('en');
  const dollars = (value) => `$${value.toFixed(value > 0 && value < 0.1 ? 3 : 2)}`;

  function clock(seconds) {
    if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
    const two = (n) => String(Math.floor(n)).padStart(2, '0');
    const s = Math.round(seconds);
    return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two((s % 3600) / 60)}:${two(s % 60)}`;
  }

  /** An axis that looks like the rest of the page. */
  function axis(values, size) {
    const font = '12px system-ui, sans-serif';
    const grid = { stroke: colour('line'), width: 1 };
    return { stroke: colour('dim'), font, size, grid, ticks: { ...grid, size: 4 }, values: (_, splits) => splits.map(values) };
  }

  const charts = {
    tests() {
      const { labels, passed, failed, other } = data.tests;
      const stacked = [
        labels.map((_, i) => i),
        passed.map((n, i) => n + failed[i] + other[i]),
        passed.map((n, i) => n + failed[i]),
        passed,
      ];
      const real = [null, other, failed, passed];
      const bar = (label, name, at) => ({
        label,
        fill: colour(name),
        stroke: colour(name),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars({ size: [0.62, 64] }),
        value: (_, __, ___, i) => number(real[at][i ?? labels.length - 1]),
      });
      return {
        series: [
          { label: 'run', value: (_, i) => labels[i ?? labels.length - 1] },
          bar('other', 'work', 1),
          bar('failed', 'bad', 2),
          bar('passed', 'good', 3),
        ].filter((_, i) => i !== 1 || other.some((n) => n > 0)),
        data: stacked.filter((_, i) => i !== 1 || other.some((n) => n > 0)),
        scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
        axes: [
          {
            ...axis((i) => (Number.isInteger(i) ? (labels[i] ?? '') : ''), 28),
            incrs: [1, 2, 5, 10, 20, 50],
            space: 62,
            grid: { show: false },
          },
          { ...axis((n) => (Number.isInteger(n) ? number(n) : ''), 44) },
        ],
      };
    },

    money() {
      const { t, money } = data.cost;
      const top = money.total.at(-1);
      const cap = money.cap.at(-1);
      // A cap far above what was spent would press the curve flat: then it is only said.
      const drawn = cap !== null && cap <= top * 4;
      return {
        ...overTime(t, dollars, drawn ? Math.max(cap, top) : top),
        series: [
          { label: 'time', value: (_, s) => (s === null || s === undefined ? clock(t.at(-1)) : clock(s)) },
          line('all', 'text', dollars, 2),
          ...Object.keys(money.roles).map((name) => line(name, name === 'code' ? 'draft' : name, dollars)),
          ...(drawn ? [{ ...line(`cap`, 'bad', dollars), dash: [6, 4] }] : []),
        ],
        data: [t, money.total, ...Object.values(money.roles), ...(drawn ? [money.cap] : [])],
        note: cap === null ? 'No cap.' : drawn ? '' : `The cap of ${dollars(cap)} lies above the picture.`,
      };
    },

    tokens() {
      const { t, tokens } = data.cost;
      const top = Math.max(tokens.fresh.at(-1), tokens.cached.at(-1), tokens.output.at(-1));
      return {
        ...overTime(t, number, top),
        series: [
          { label: 'time', value: (_, s) => (s === null || s === undefined ? clock(t.at(-1)) : clock(s)) },
          line('sent', 'draft', number, 2),
          line('sent, from a cache', 'work', number, 2),
          line('received', 'repair', number, 2),
        ],
        data: [t, tokens.fresh, tokens.cached, tokens.output],
      };
    },
  };

  function overTime(t, unit, top) {
    return {
      scales: { x: { time: false, range: [0, Math.max(t.at(-1), 0.1)] }, y: { range: [0, Math.max(top * 1.08, 1e-6)] } },
      axes: [{ ...axis(clock, 28), space: 70 }, axis(unit, 64)],
    };
  }

  function line(label, name, unit, width = 1.5) {
    const value = (u, v, at) => {
      const shown = v ?? u.data[at].at(-1);
      return shown === null || shown === undefined ? '–' : unit(shown);
    };
    return { label, stroke: colour(name), width, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }), value };
  }

  const drawn = new Map();

  function draw(figure) {
    const kind = figure.dataset.chart;
    if (!(kind === 'tests' ? data.tests : kind === 'money' ? data.cost?.money : data.cost)) return;
    const place = figure.querySelector('.canvas');
    drawn.get(figure)?.destroy();
    place.replaceChildren();
    place.hidden = false;
    const { series, data: values, scales, axes, note } = charts[kind]();
    const cursor = { drag: { x: false, y: false }, points: { size: 6 }, y: false };
    drawn.set(figure, new uPlot({ width: place.clientWidth, height: 220, series, scales, axes, cursor }, values, place));
    if (note) place.append(Object.assign(document.createElement('p'), { className: 'note', textContent: note }));
  }

  const figures = [...document.querySelectorAll('figure[data-chart]')];
  const drawAll = () => figures.forEach(draw);
  drawAll();
  for (const details of document.querySelectorAll('details[data-figures]')) details.open = false;
  new ResizeObserver(() => {
    for (const [figure, chart] of drawn) {
      const width = figure.querySelector('.canvas').clientWidth;
      if (width > 0 && width !== chart.width) chart.setSize({ width, height: 220 });
    }
  }).observe(document.body);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  matchMedia('print').addEventListener('change', drawAll);

  // The timeline: what a box says, on hover, touch and focus. One tab stop; the arrows go on from there.
  const tip = document.getElementById('tip');
  const boxes = [...document.querySelectorAll('[data-timeline] rect[role]')];

  function show(box) {
    const { left, width, bottom, top } = box.getBoundingClientRect();
    tip.textContent = box.getAttribute('aria-label');
    tip.hidden = false;
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    const below = bottom + 6 + tip.offsetHeight < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(room, left + width / 2 - tip.offsetWidth / 2))}px`;
    tip.style.top = `${below ? bottom + 6 : top - 6 - tip.offsetHeight}px`;
  }

  function hide() {
    tip.hidden = true;
  }

  boxes.forEach((box, i) => {
    // The browser's own tip would come on top of ours.
    box.querySelector('title')?.remove();
    box.setAttribute('tabindex', i === 0 ? '0' : '-1');
    box.addEventListener('pointerenter', () => show(box));
    box.addEventListener('pointerleave', hide);
    box.addEventListener('focus', () => show(box));
    box.addEventListener('blur', hide);
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') return hide();
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const to = step && boxes[i + step];
      if (!to) return;
      event.preventDefault();
      box.setAttribute('tabindex', '-1');
      to.setAttribute('tabindex', '0');
      to.focus();
    });
  });
  addEventListener('scroll', hide, { passive: true });

  if (navigator.clipboard) {
    for (const button of document.querySelectorAll('.copy')) {
      button.hidden = false;
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(button.previousElementSibling.textContent);
        button.textContent = 'Copied';
        setTimeout(() => {
          button.textContent = 'Copy';
        }, 1500);
      });
    }
  }
  document.documentElement.dataset.ready = 'yes';
})();
