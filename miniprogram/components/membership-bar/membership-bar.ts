/**
 * The months of a membership: those it has already in grey, what a payment adds dashed, what it has added solid.
 * `shown` is a MembershipBar of `logic/membership-bar`.
 */
Component({
  properties: {
    shown: { type: Object, value: { parts: [] } },
  },
});
