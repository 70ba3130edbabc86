// Which names stand on the map at which scale, worked out once for all: in order of importance a name takes the first
// level at which its cells are free. So no two cover each other, none flickers while the map is moved, and none goes
// away while it is enlarged, but those of districts, which do beyond the last level that they are of use at.
const LOWEST = 120;  // px a unit of the map at level 0; each further level is √2 times as large
const LEVELS = 22, DISTRICTS_UNTIL = 9;
const COMMON = 1200;  // names at level 0 are of so many words; each level has √2 times as many
const WIDE = 14, HIGH = 11, HALF = 2 ** 14;  // px; cells from the middle to the farthest edge, at most
const SLOTS = 2 ** 21;  // of a table of taken cells, of which half are used at most

const levelOf = (scale) => Math.max(0, Math.floor(2 * Math.log2(scale / LOWEST) + 1e-6));

class Names {  // of boxes around points: how far they reach from them to the left, to the right, and up and down
  constructor(points, reaches, districts) {  // the first ones are of districts
    const all = [...Array(points.length / 2).keys()];
    const levels = new Uint8Array(all.length).fill(LEVELS), taken = new Int32Array(SLOTS);
    Object.assign(this, { points, reaches, districts, levels, taken });
    this.place(all.slice(0, districts), []);
    this.place(all.slice(districts), all.slice(0, districts));
    this.taken = null;
  }
  isAt(name, level) { return this.levels[name] <= level && (name >= this.districts || level <= DISTRICTS_UNTIL); }
  place(waiting, districts) {
    const placed = [];
    for (let level = 0; level < LEVELS && waiting.length; level++) {
      const scale = LOWEST * 2 ** (level / 2), rarest = COMMON * 2 ** (level / 2);
      this.taken.fill(0);
      this.used = 0;
      for (const name of placed) this.cells(name, scale, true);
      waiting = waiting.filter((name) => {
        if (name > rarest || this.used > SLOTS / 2 || !this.cells(name, scale, false)) return true;
        if (level <= DISTRICTS_UNTIL && districts.some((other) => this.covers(other, name, level))) return true;
        this.cells(name, scale, true);
        this.levels[name] = level;
        placed.push(name);
        return false;
      });
    }
  }
  covers(district, name, level) {  // at any level from this one on: names draw apart as the map is enlarged
    const { points, reaches } = this, scale = LOWEST * 2 ** (Math.max(level, this.levels[district]) / 2);
    const x = (points[2 * name] - points[2 * district]) * scale;
    const y = (points[2 * name + 1] - points[2 * district + 1]) * scale;
    return x - reaches[3 * name] < reaches[3 * district + 1]
      && x + reaches[3 * name + 1] > -reaches[3 * district] && Math.abs(y) < reaches[3 * name + 2] + reaches[3 * district + 2];
  }
  cells(name, scale, take) {  // takes them, or says whether all are free
    const { taken, reaches, points } = this, cell = (place, size) => Math.floor(place / size) + HALF;
    const x = points[2 * name] * scale, y = -points[2 * name + 1] * scale, half = reaches[3 * name + 2];
    const left = cell(x - reaches[3 * name], WIDE), right = cell(x + reaches[3 * name + 1], WIDE);
    const top = cell(y - half, HIGH), bottom = cell(y + half, HIGH);
    for (let row = top; row <= bottom; row++) {
      for (let cell = row * 2 * HALF + left; cell <= row * 2 * HALF + right; cell++) {
        let slot = Math.imul(cell, 0x9e3779b1) >>> 11;
        while (taken[slot] && taken[slot] !== cell) slot = (slot + 1) & (SLOTS - 1);
        if (!take && taken[slot]) return false;
        if (take && !taken[slot]) this.used++;
        if (take) taken[slot] = cell;
      }
    }
    return true;
  }
}
