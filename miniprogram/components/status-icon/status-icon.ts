/**
 * What is known of an order, as a shape: dashed while it is not known (`asking`, `unknown`), a ring while it is `open`,
 * full when `done`, grey when `over`, red when `failed`.
 */
Component({
  properties: {
    kind: { type: String, value: 'over' },
    icon: { type: String, value: 'minus' },
  },
});
