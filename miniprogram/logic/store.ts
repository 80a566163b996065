/** What is kept on the phone between visits: plain values by name. Absent reads as undefined. */
export interface Store {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
}
