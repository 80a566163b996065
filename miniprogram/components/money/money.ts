import { parts, spokenYuan } from '../../logic/money';

/** An amount of `fen`. `look`: amount (of an order), total (in the pay bar) or row (in a list). */
Component({
  properties: {
    fen: { type: Number, value: 0 },
    look: { type: String, value: 'row' },
  },
  data: { whole: '', fraction: '', spoken: '' },
  observers: {
    fen(fen: number) {
      this.setData({ ...parts(fen), spoken: spokenYuan(fen) });
    },
  },
});
