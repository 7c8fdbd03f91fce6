// Drawing in step with the screen.

/**
 * Calls back once before the next frame is drawn, or soon where none is (a hidden tab).
 * @param {() => void} callback
 * @param {number} notBefore as performance.now() counts: frames until then pass by
 */
export function nextFrame(callback, notBefore = 0) {
  let called = false;
  const once = () => {
    if (called) return;
    called = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const look = (/** @type {number} */ now) => {
    if (now < notBefore) frame = requestAnimationFrame(look);
    else once();
  };
  let frame = requestAnimationFrame(look);
  const timer = setTimeout(once, 200);
}
