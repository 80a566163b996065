/** A drawing in the colour of the text around it; `size` in rpx. Hidden from screen readers: its text is beside it. */
Component({
  properties: {
    name: { type: String, value: '' },
    size: { type: Number, value: 48 },
  },
});
