// The points of a map, words first and then districts: read from bytes, and moved to where another map has them.
const FINEST = 32767, NOWHERE = -32768;  // stand for 1, and for a place that a map does not have

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
    const { head, take, rest } = parts(bytes), n = head.words, all = n + head.districts.length;
    Object.assign(this, { bytes, head, n, all });
    this.first = this.read(take);
    this.words = rest().split("\n");
    this.blend(0);
  }
  read(take) {  // places, the levels from which on names stand there, and how far from the middle places are
    const places = Float32Array.from(take(Int16Array, 2 * this.all), (at) => (at === NOWHERE ? NaN : at / FINEST));
    let reach = 0;
    for (let at = 0; at < places.length; at += 2) reach = Math.max(reach, Math.hypot(places[at], places[at + 1]) || 0);
    return { places, levels: take(Uint8Array, this.all), reach };
  }
  place(i) { return this.at.subarray(2 * i, 2 * i + 2); }
  name(i) {
    const text = i < this.n ? this.words[i] : this.head.districts[i - this.n];
    return text.length > LONGEST ? text.slice(0, LONGEST - 1) + "…" : text;
  }
  blend(mix) {  // places a part of the way to those on the second map; words that it lacks are nowhere
    const { first, second } = this, from = first.places, to = second?.places;
    this.mix = to ? mix : 0;
    this.at = this.mix ? from.map((place, at) => place + (to[at] - place) * mix) : from;
    this.levels = (this.mix > 0.5 ? second : first).levels;
  }
}
