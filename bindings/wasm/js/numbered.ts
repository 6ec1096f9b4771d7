/** Objects by small whole numbers, each made when it is first asked for. */
export class Numbered<T> {
  // Where an object is, or 0. A typed array is read without a check of what kind of array it is.
  #places = new Uint16Array(1024);
  #objects: (T | undefined)[] = [undefined];
  readonly #make: (number: number) => T;

  constructor(make: (number: number) => T) {
    this.#make = make;
  }

  get(number: number): T {
    const place = this.#places[number];
    // A number that is no index has no place, and neither has one that nobody asked for yet.
    return place ? (this.#objects[place] as T) : this.#fill(number);
  }

  clear(): void {
    this.#places.fill(0);
    this.#objects = [undefined];
  }

  #fill(number: number): T {
    const made = this.#make(number);
    if (Number.isInteger(number) && number >= 0 && number < 0xffff && !Object.is(number, -0)) {
      if (number >= this.#places.length) {
        const longer = new Uint16Array(Math.min(2 ** Math.ceil(Math.log2(number + 1)), 0xffff));
        longer.set(this.#places);
        this.#places = longer;
      }
      this.#places[number] = this.#objects.push(made) - 1;
    }
    return made;
  }
}
