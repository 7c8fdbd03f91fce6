// Drawing in step with the screen.

/**
 * Calls back once before the next frame is drawn, or soon where none is (a hidden tab).
 * @param {() => void} callback
 */
export function nextFrame(callback) {
  let called = false;
  const once = () => {
    if (called) return;
    called = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    callback();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, 200);
}
