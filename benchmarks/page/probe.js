// What the page can't say of itself. Runs before any script of the page; times are milliseconds.
(() => {
  const probe = { tasks: [], slow: [], keys: [], frames: [], lcp: 0 };
  window.benchmarkProbe = probe;
  // The browser reports tasks from 50 ms on, and names their scripts with animation frames as long.
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.tasks.push(duration);
  }).observe({ type: "longtask" });
  new PerformanceObserver((list) => {
    for (const frame of list.getEntries()) {
      const scripts = frame.scripts.map((script) => ({
        invoker: script.invoker,
        ms: script.duration,
        forced_layout_ms: script.forcedStyleAndLayoutDuration,
        function: script.sourceFunctionName,
      }));
      const layout = frame.styleAndLayoutStart === 0 ? 0 : frame.startTime + frame.duration - frame.styleAndLayoutStart;
      probe.slow.push({ ms: frame.duration, layout_and_later_ms: layout, scripts });
    }
  }).observe({ type: "long-animation-frame" });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) probe.lcp = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });

  // A message that is posted within a frame is heard once the frame is painted.
  probe.painted = () => new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { port1.close(); resolve(performance.now()); };
      port2.postMessage(null);
    });
  });
  addEventListener("keydown", (event) => {
    void probe.painted().then((at) => probe.keys.push(at - event.timeStamp));
  }, { capture: true });

  // From a click on a chat in the list to the first painted frame with the given words at the end of the thread.
  probe.switchTo = async (session, words) => {
    const begun = performance.now();
    document.querySelector(`.session[data-session="${session}"] a`).click();
    for (;;) {
      const last = document.querySelector(".turns > :last-child");
      if (last !== null && last.textContent.includes(words)) return (await probe.painted()) - begun;
      await new Promise(requestAnimationFrame);
    }
  };

  // Goes through all that is in the element, `step` pixels a frame, from where it is to its other end.
  probe.scroll = async (selector, step) => {
    const element = document.querySelector(selector);
    let before = await new Promise(requestAnimationFrame);
    const most = 100 + (3 * element.scrollHeight) / Math.abs(step);
    for (let last = NaN; element.scrollTop !== last;) {
      if (probe.frames.length > most) throw new Error(`no end after ${probe.frames.length} frames, at ${element.scrollTop} of ${element.scrollHeight}`);
      last = element.scrollTop;
      element.scrollTop += step;
      const now = await new Promise(requestAnimationFrame);
      probe.frames.push(now - before);
      before = now;
    }
  };
  probe.reset = () => { probe.tasks = []; probe.slow = []; probe.keys = []; probe.frames = []; };
})();
