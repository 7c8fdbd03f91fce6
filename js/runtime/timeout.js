/**
 * Resolves once the work is done, or after the time given. Rejects as the work does.
 * @param {Promise<unknown>} work
 * @param {number} ms
 */
export async function withTimeout(work, ms) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
