// A sparkline of numbers over steps, which fills its canvas.

/** points: [[step, number], …], at least two, or the canvas stays empty. */
export function paintSpark(canvas, points, colour) {
  const { width, height } = canvas;
  const g = canvas.getContext("2d");
  g.clearRect(0, 0, width, height);
  if (points.length < 2) return;
  const numbers = points.map(([, number]) => number);
  const low = Math.min(...numbers);
  const span = Math.max(...numbers) - low || 1;
  const first = points[0][0];
  const length = points.at(-1)[0] - first || 1;
  g.strokeStyle = colour;
  g.lineWidth = 2.5;
  g.beginPath();
  for (const [step, number] of points) {
    g.lineTo(((step - first) / length) * width, height * (0.92 - 0.84 * ((number - low) / span)));
  }
  g.stroke();
}
