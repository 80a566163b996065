/** What went wrong beside the button it concerns, and what to do next. */
Component({
  properties: {
    title: { type: String, value: '' },
    text: { type: String, value: '' },
  },
});
