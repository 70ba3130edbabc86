// The points of a map: read from bytes, found by their places, and moved to those that another map gives them.
const FINEST = 32767, NOWHERE = -32768;  // stand for 1, and for a place that a map does not have
const GRID = 128;  // cells on a side, in which the word at a place is looked for
const LONGEST = 36;  // letters of a name; longer ones are texts

const short = (text) => (text.length > LONGEST ? text.slice(0, LONGEST - 1) + "…" : text);

function parts(bytes) {  // a head in JSON, how to take numbers from what follows it, and the text at the end
  const data = bytes.slice().buffer, length = new DataView(data).getUint32(0, true), decoder = new TextDecoder();
  let at = 4 + length;
  const head = JSON.parse(decoder.decode(new Uint8Array(data, 4, length)));
  const take = (Kind, count) => new Kind(data, at, count, at += count * Kind.BYTES_PER_ELEMENT);
  return { head, take, rest: () => decoder.decode(new Uint8Array(data, at)) };
}

class Points {
  second = null; mix = 0;

  constructor(bytes) {
    const { head, take, rest } = parts(bytes), n = head.words;
    head.districts = head.districts.map(short);
    Object.assign(this, { bytes, head, n, first: this.places(take(Int16Array, 2 * n)) });
    Object.assign(this, { district: take(Uint8Array, n), kept: take(Uint8Array, n), words: rest().split("\n"), at: this.first });
    this.index();
  }
  places(numbers) { return Float32Array.from(numbers, (number) => (number === NOWHERE ? NaN : number / FINEST)); }
  place(i) { return this.at.subarray(2 * i, 2 * i + 2); }
  name(i) { return short(this.words[i]); }
  cell(part) { return Math.min(GRID - 1, Math.max(0, Math.floor((part + 1) / 2 * GRID))); }
  index() {  // which words are in which cell
    const { n, at } = this, ends = (this.ends = new Uint32Array(GRID * GRID + 1)), cells = new Uint16Array(n);
    for (let i = 0; i < n; i++) ends[(cells[i] = this.cell(at[2 * i]) + GRID * this.cell(at[2 * i + 1])) + 1]++;
    for (let cell = 0; cell < GRID * GRID; cell++) ends[cell + 1] += ends[cell];
    const next = ends.slice();
    this.members = new Uint32Array(n);
    for (let i = 0; i < n; i++) this.members[next[cells[i]]++] = i;
  }
  nearestTo(x, y, reach) {  // the word at a place of the map, or -1
    let found = -1, least = reach * reach;
    for (let row = this.cell(y - reach); row <= this.cell(y + reach); row++) {
      for (let cell = this.cell(x - reach) + GRID * row; cell <= this.cell(x + reach) + GRID * row; cell++) {
        for (const i of this.members.subarray(this.ends[cell], this.ends[cell + 1])) {
          const gap = (this.at[2 * i] - x) ** 2 + (this.at[2 * i + 1] - y) ** 2;
          if (gap < least) [found, least] = [i, gap];
        }
      }
    }
    return found;
  }
  blend(mix) {  // places a part of the way to those on the second map; words that it lacks are nowhere
    const { first, second } = this;
    this.mix = second ? mix : 0;
    this.at = this.mix ? first.map((place, at) => place + (second[at] - place) * mix) : first;
  }
}
