/** A page that has nothing else to show: what happened, and the one thing to do next (`bind:act`). */
Component({
  properties: {
    icon: { type: String, value: 'receipt' },
    tone: { type: String, value: 'quiet' },
    title: { type: String, value: '' },
    text: { type: String, value: '' },
    label: { type: String, value: '' },
    look: { type: String, value: 'fill' },
  },
  methods: {
    onTap() {
      this.triggerEvent('act');
    },
  },
});
