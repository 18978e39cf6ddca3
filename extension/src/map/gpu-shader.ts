/** Counts the points on each pixel as {@link Raster} does, a thread a point; `cells` is zero before. */
export const COUNT_POINTS = /* wgsl */ `
struct Scene {
  middle: vec2f,
  // The place in the middle of the picture, a double in two halves: near it, points differ in their last digits.
  high: vec2f,
  low: vec2f,
  units: vec2f,
  size: vec2i,
  points: u32,
  selects: u32,
  reach: i32,
  limit: f32,
}

@group(0) @binding(0) var<uniform> scene: Scene;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
// Four a word.
@group(0) @binding(3) var<storage, read> kinds: array<u32>;
// A bit a point.
@group(0) @binding(4) var<storage, read> chosen: array<u32>;
// Red, green, blue from the lowest byte on; the highest is not 0 where the colour is not drawn.
@group(0) @binding(5) var<storage, read> colours: array<u32, 256>;
// Counts, those of pale points, sums of colours, and the number of points that are drawn.
@group(0) @binding(6) var<storage, read_write> cells: array<atomic<u32>>;

@compute @workgroup_size(256)
fn count(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= scene.points) { return; }
  let kind = (kinds[i / 4] >> (8 * (i % 4))) & 255;
  let colour = colours[kind];
  if (colour >> 24 != 0) { return; }
  let away = (vec2f(x[i], y[i]) - scene.high) - scene.low;
  let at = vec2i(floor(scene.middle + vec2f(1, -1) * away / scene.units));
  let r = scene.reach;
  if (any(at < vec2i(r)) || any(at >= scene.size - r)) { return; }
  let pixels = u32(scene.size.x * scene.size.y);
  atomicAdd(&cells[5 * pixels], 1);
  let pale = scene.selects != 0 && ((chosen[i / 32] >> (i % 32)) & 1) == 0;
  for (var row = -r; row <= r; row++) {
    for (var column = -r; column <= r; column++) {
      if (f32(row * row + column * column) > scene.limit) { continue; }
      let pixel = u32((at.y + row) * scene.size.x + at.x + column);
      if (pale) {
        atomicAdd(&cells[pixels + pixel], 1);
        continue;
      }
      atomicAdd(&cells[pixel], 1);
      let sums = 2 * pixels + 3 * pixel;
      atomicAdd(&cells[sums], colour & 255);
      atomicAdd(&cells[sums + 1], (colour >> 8) & 255);
      atomicAdd(&cells[sums + 2], (colour >> 16) & 255);
    }
  }
}
`;
