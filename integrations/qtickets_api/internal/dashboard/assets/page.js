// The page without this file is whole; with it charts are drawn, a publication arrives by itself, and keys work.
(() => {
  "use strict";
  const $ = (s, from = document) => from.querySelector(s);
  const $$ = (s, from = document) => [...from.querySelectorAll(s)];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let plots = [];

  // ---- charts: ready figures and ready texts from data-chart, drawn by uPlot

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const faded = (c, share) => c + Math.round(share * 255).toString(16).padStart(2, "0");
  const looks = {
    this: () => ({ stroke: color("this"), width: 3 }),
    past: () => ({ stroke: color("past"), width: 2, dash: [6, 4] }),
    faint: () => ({ stroke: faded(color("past"), 0.45), width: 1 }),
    next: () => ({ stroke: color("second"), width: 2, dash: [2, 3] }),
    need: () => ({ stroke: color("second"), width: 1 }),
    low: () => ({ width: 0 }),
    high: () => ({ width: 0 }),
    bars: () => ({ fill: color("this"), width: 0, paths: uPlot.paths.bars({ size: [0.75, 40] }) }),
    openbars: () => ({ stroke: color("this"), width: 1.5, paths: uPlot.paths.bars({ size: [0.75, 40] }) }),
    badbars: () => ({ fill: color("bad"), width: 0, paths: uPlot.paths.bars({ size: [0.75, 40] }) }),
  };

  function hatch(u, c) {
    const { ctx, bbox } = u;
    if (!c.gaps) return;
    ctx.save();
    ctx.beginPath();
    const half = (u.valToPos(1, "x", true) - u.valToPos(0, "x", true)) / 2;
    for (const i of c.gaps) ctx.rect(u.valToPos(i, "x", true) - half, bbox.top, 2 * half, bbox.height);
    ctx.clip();
    ctx.strokeStyle = color("firm");
    ctx.beginPath();
    for (let x = bbox.left - bbox.height; x < bbox.left + bbox.width; x += 8 * devicePixelRatio) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }

  // Levels and the labels at the right end stand beside what they name: no legend is needed to read them.
  function label(u, c, font, px) {
    const { ctx, bbox } = u, dpr = devicePixelRatio, right = bbox.left + bbox.width;
    const y = (v) => u.valToPos(v, "y", true);
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color("second");
    ctx.lineWidth = 1.5 * dpr;
    ctx.font = font.replace(px + "px", px * dpr + "px");
    const line = (points) => { ctx.beginPath(); points.forEach(([x, at]) => ctx.lineTo(x, at)); ctx.stroke(); };
    const text = (t, x, at) => {
      ctx.strokeStyle = color("paper");
      ctx.lineWidth = 4 * dpr;
      ctx.strokeText(t, x, at);
      ctx.fillText(t, x, at);
    };
    if (c.bracket) {
      const [a, b] = c.bracket.map(y), in_ = right - 7 * dpr;
      line([[in_, a], [right - dpr, a], [right - dpr, b], [in_, b]]);
    }
    ctx.setLineDash([6 * dpr, 4 * dpr]);
    for (const [v] of c.levels || []) line([[bbox.left, y(v)], [right, y(v)]]);
    ctx.setLineDash([]);
    ctx.textAlign = "right";
    for (const [v, t] of c.levels || []) {
      const above = y(v) - bbox.top > 1.5 * px * dpr;
      ctx.textBaseline = above ? "bottom" : "top";
      text(t, right - 10 * dpr, y(v) + (above ? -3 : 3) * dpr);
    }
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    let next = -1e9;
    for (const [v, t] of c.ends || []) {
      next = Math.max(y(v), next + 1.1 * px * dpr);
      text(t, right + 5 * dpr, next);
    }
    ctx.restore();
  }

  // Bars that are longer than the axis: two slanting lines across their ends, and their values in rows above them.
  function cut(u, c, font, px, rowOf) {
    const { ctx, bbox } = u, dpr = devicePixelRatio, bar = Math.min(.75 * Math.abs(u.valToPos(1, "x", true) - u.valToPos(0, "x", true)), 40 * dpr);
    ctx.save();
    ctx.font = font.replace(px + "px", px * dpr + "px");
    ctx.textAlign = "center";
    ctx.textBaseline = "bottom";
    c.cuts.forEach(([i, t, down], n) => {
      const x = u.valToPos(i, "x", true), end = down ? bbox.top + bbox.height : bbox.top, in_ = down ? -1 : 1;
      ctx.strokeStyle = color("paper");
      ctx.lineWidth = 2 * dpr;
      for (const at of [9, 14]) {
        ctx.beginPath();
        ctx.moveTo(x - bar / 2 - dpr, end + (in_ * at + 3) * dpr);
        ctx.lineTo(x + bar / 2 + dpr, end + (in_ * at - 3) * dpr);
        ctx.stroke();
      }
      const half = ctx.measureText(t).width / 2, middle = Math.max(half, Math.min(ctx.canvas.width - half, x));
      const y = end - (2 + rowOf[n] * 1.2 * px + (down ? 20 : 0)) * dpr;
      ctx.lineWidth = 4 * dpr;
      ctx.strokeText(t, middle, y);
      ctx.fillStyle = color("ink");
      ctx.fillText(t, middle, y);
    });
    ctx.restore();
  }

  function draw(box) {
    const c = JSON.parse(box.dataset.chart), plot = $(".plot", box);
    const xs = c.x || c.s[0].v.map((_, i) => i);
    const narrow = plot.clientWidth < 480;
    const xt = c.xt.filter((_, i) => !narrow || i % 2 === 0);
    const px = document.documentElement.classList.contains("wall") ? 18 : 12;
    const font = px + "px " + getComputedStyle(document.body).fontFamily;
    const labels = (ticks) => (u, at) => at.map((v) => (ticks.find((t) => t[0] === v) || [0, ""])[1]);
    const low = c.s.findIndex((s) => s.l === "low") + 1, high = c.s.findIndex((s) => s.l === "high") + 1;
    const axis = (ticks, more) => ({
      stroke: color("soft"), font, splits: () => ticks.map((t) => t[0]), values: labels(ticks),
      grid: { stroke: color("line"), width: 1 }, ticks: { show: false }, ...more,
    });
    const wide = (ticks) => Math.max(...ticks.map((t) => t[1].length)) * px * .58;
    const ends = [[], []], place = (i) => (i - c.from) / (c.to - c.from) * (plot.clientWidth - 16 - wide(c.yt));
    const rowOf = (c.cuts || []).map(([i, t, down]) => { // the first row where the value has room
      const half = t.length * px * .3, rows = ends[down || 0];
      let row = rows.findIndex((end) => end < place(i) - half);
      if (row < 0) row = rows.length;
      rows[row] = place(i) + half + 4;
      return row;
    });
    const u = new uPlot({
      width: plot.clientWidth, height: plot.clientHeight, legend: { show: false }, pxAlign: 1,
      padding: [10 + 1.2 * px * ends[0].length, Math.max(1.7 * px, c.ends ? 10 + wide(c.ends) : 0), 0, 4],
      scales: { x: { time: false, range: [c.from, c.to] }, y: { range: [c.low || 0, c.high] } },
      axes: [axis(xt, { grid: { show: false }, size: 2.2 * px, gap: 6 }), axis(c.yt, { size: 16 + wide(c.yt), gap: 6 })],
      series: [{}, ...c.s.map((s) => ({ ...looks[s.l](), points: { show: false }, spanGaps: false }))],
      bands: low && high ? [{ series: [high, low], fill: faded(color("past"), 0.26) }] : [],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: (u, i) => /^(this|past|next)$/.test(c.s[i - 1].l) ? 8 : 0 } },
      hooks: {
        drawClear: [(u) => hatch(u, c)],
        draw: [(u) => {
          const zero = u.valToPos(0, "y", true), { ctx, bbox } = u;
          ctx.save();
          ctx.strokeStyle = color("firm");
          ctx.lineWidth = devicePixelRatio;
          ctx.beginPath();
          ctx.moveTo(bbox.left, zero);
          ctx.lineTo(bbox.left + bbox.width, zero);
          if (c.now !== undefined) {
            const x = u.valToPos(c.now, "x", true);
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
          }
          ctx.stroke();
          ctx.restore();
          label(u, c, font, px);
          if (c.cuts) cut(u, c, font, px, rowOf);
        }],
        setCursor: [(u) => say(box, u.cursor.idx)],
      },
    }, [xs, ...c.s.map((s) => s.v)], plot);
    plots.push({ u, plot });
  }

  // The sentence of a point is its row of the table: made by the server, read politely.
  function say(box, i) {
    const block = box.closest(".block"), row = i == null ? null : $$("tbody tr", block)[i], out = $(".say", box);
    if (!row) { out.textContent = ""; return; }
    const names = $$("thead th", block).slice(1).map((th) => th.textContent);
    const text = (cell) => [...cell.childNodes].filter((n) => n.nodeName !== "svg").map((n) => n.textContent).join(" ");
    const known = [...row.cells].slice(1).map((td, n) => [names[n], text(td)]).filter(([, t]) => t !== "—");
    out.textContent = text(row.cells[0]) + ": " + known.map((pair) => pair.join(" ")).join(" · ");
  }

  function arrows(e) {
    const at = plots.find((p) => p.plot === e.target), step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[e.key];
    if (!at || !step) return;
    e.preventDefault();
    const last = at.u.data[0].length - 1, now = at.u.cursor.idx;
    const i = Math.max(0, Math.min(last, (now == null ? (step < 0 ? last + 1 : -1) : now) + step));
    at.u.setCursor({ left: at.u.valToPos(at.u.data[0][i], "x"), top: at.u.bbox.height / devicePixelRatio / 2 });
  }

  function drawAll() {
    for (const p of plots) p.u.destroy();
    plots = [];
    $$("[data-chart]").forEach(draw);
  }

  let width = innerWidth, resizing = 0;
  addEventListener("resize", () => {
    if (innerWidth === width) return; // a phone's address bar
    width = innerWidth;
    cancelAnimationFrame(resizing);
    resizing = requestAnimationFrame(drawAll);
  });
  dark.addEventListener("change", drawAll);

  // ---- a publication: the page is asked for again and <main> is changed in place

  let state = document.body.dataset.state, asking = false, again = false, source = null, timer = 0, lost = false;

  // Figures that cannot be asked for again are old, whatever they said of themselves.
  function offline() {
    const line = $(".fresh"), says = document.body.dataset.offline;
    if (!line || !says) return;
    const { title, text } = JSON.parse(says);
    lost = true;
    line.className = "fresh away";
    $(".sign", line).textContent = "▲";
    $("time", line).textContent = title + ". " + text;
    const why = $(".why", line);
    if (why) why.remove();
  }

  // The worker says the same when the page is opened without a network.
  function keep() {
    const says = document.body.dataset.offline;
    if (workers && says) workers.ready.then((r) => r.active.postMessage(says));
  }
  const workers = $("link[rel=manifest]") && navigator.serviceWorker;
  if (workers) {
    const own = { createScriptURL: () => "/worker.js" };
    workers.register((window.trustedTypes ? trustedTypes.createPolicy("worker", own) : own).createScriptURL("")).catch(() => {});
    keep();
  }

  // Where the reader is: the path of places down to the focused element.
  function focusPath() {
    const path = [], main = $("main");
    for (let e = document.activeElement; e && e !== main && main.contains(e); e = e.parentElement) path.unshift([...e.parentElement.children].indexOf(e));
    return path.length ? path : null;
  }

  function swap(next) {
    const old = $("main"), main = next.querySelector("main");
    if (!main) return;
    const path = focusPath(), open = $$("details[open]", old).map((d) => d.id), x = scrollX, y = scrollY;
    document.adoptNode(main);
    open.forEach((id) => { const d = $("#" + id, main); if (d) d.open = true; });
    old.replaceWith(main);
    document.title = next.title;
    Object.assign(document.body.dataset, next.body.dataset);
    state = document.body.dataset.state;
    lost = false;
    keep();
    drawAll();
    if (path) {
      const e = path.reduce((at, i) => at && at.children[i], main);
      if (e) e.focus({ preventScroll: true });
    }
    scrollTo(x, y);
  }

  // XMLHttpRequest gives a document: no text of ours is ever turned into markup.
  function refresh() {
    if (document.hidden) return;
    if (asking) { again = true; return; }
    if ($$(".write input").some((i) => i.value !== i.defaultValue)) return; // typed, and not saved yet
    if (/^(SELECT|INPUT)$/.test(document.activeElement.tagName)) { // not under the hand of one who chooses
      document.activeElement.addEventListener("blur", () => setTimeout(refresh), { once: true });
      return;
    }
    asking = true;
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.timeout = 15000;
    request.onloadend = () => {
      asking = false;
      if (request.status === 200 && request.response) swap(request.response);
      else if ([401, 403, 404].includes(request.status)) location.reload(); // let in no more: that must be seen
      else if (!request.status) offline();
      if (again) { again = false; refresh(); }
    };
    request.send();
  }

  function poll(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => { refresh(); if (!source) follow(); }, 60000) : 0;
  }

  function follow() {
    if (document.hidden || source || state === "problem" || !window.EventSource) return;
    source = new EventSource(document.body.dataset.live);
    source.onopen = () => { poll(false); if (lost) refresh(); };
    source.addEventListener("state", (e) => { if (e.data !== state) refresh(); });
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) source = null; // refused: ask by ourselves
      if (!timer) { poll(true); refresh(); }
    };
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { follow(); return; }
    poll(false);
    if (source) source.close();
    source = null;
  });
  addEventListener("offline", offline);
  addEventListener("online", refresh);
  addEventListener("pagehide", () => { if (source) source.close(); source = null; });
  addEventListener("pageshow", (e) => { if (e.persisted) follow(); });

  // ---- keys

  const help = $(".help"), box = $("#keys-on");
  const keysOn = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
  const keys = !!help; // a shared page has none
  if (keys) {
  box.checked = keysOn();
  box.onchange = () => { try { localStorage.setItem("keys", box.checked ? "on" : "off"); } catch { /* not kept, then */ } };
  const button = $("button.keys");
  button.hidden = false;
  button.onclick = () => help.showModal();
  }

  function step(by) {
    const links = $$(".periods a, .b-cities .switch a"), now = links.findIndex((a) => a.hasAttribute("aria-current"));
    const shows = $$(".shows-nav a"), at = shows.findIndex((a) => a.hasAttribute("aria-current"));
    const to = links.length ? links[now + by] : shows[at + by];
    if (to) to.click();
  }

  addEventListener("keydown", (e) => {
    arrows(e);
    if (!keys || e.ctrlKey || e.metaKey || e.altKey || help.open || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) || !box.checked) return;
    const link = /^[1-4]$/.test(e.key) && $('.screens [data-key="' + e.key + '"]');
    if (link) link.click();
    else if (e.key === "/") { const f = $(".filters select"); if (f) f.focus(); }
    else if (e.key === "[") step(-1);
    else if (e.key === "]") step(1);
    else if (e.key === "n") { const all = $$("main details"), open = all.some((d) => !d.open); all.forEach((d) => { d.open = open; }); }
    else if (e.key === "?") help.showModal();
    else return;
    e.preventDefault();
  });

  $$(".copy").forEach((b) => {
    b.hidden = !navigator.clipboard;
    b.onclick = () => navigator.clipboard.writeText($("input", b.parentElement).value);
  });

  // Empty fields of the form say nothing: they stay out of the address.
  addEventListener("submit", (e) => {
    if (e.target.method === "get") $$("input, select", e.target).forEach((f) => { if (f.value === "") f.disabled = true; });
  });
  addEventListener("pageshow", () => $$(".filters [disabled]").forEach((f) => { f.disabled = false; }));

  drawAll();
  follow();
})();
