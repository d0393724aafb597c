/**
 * Call once per displayed frame, as long as the page is there.
 * @param {() => void} draw
 */
export function everyFrame(draw) {
  requestAnimationFrame(function next() {
    draw();
    requestAnimationFrame(next);
  });
}
