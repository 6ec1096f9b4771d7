/** How far numbers are kept: as far as the core's tables reach. */
const REACH = 0x10000;

/** Objects by small whole numbers, each made when it is first asked for. */
export class Numbered<T extends object> {
  // Filled, so that the engine keeps it as a plain array without holes.
  #objects: (T | undefined)[] = new Array(1024).fill(undefined);
  readonly #make: (number: number) => T;

  constructor(make: (number: number) => T) {
    this.#make = make;
  }

  get(number: number): T {
    return this.#objects[number] ?? this.#fill(number);
  }

  clear(): void {
    this.#objects.fill(undefined);
  }

  #fill(number: number): T {
    const made = this.#make(number);
    if (Number.isInteger(number) && number >= 0 && number < REACH) {
      while (number >= this.#objects.length) {
        this.#objects = this.#objects.concat(new Array(this.#objects.length).fill(undefined));
      }
      this.#objects[number] = made;
    }
    return made;
  }
}
