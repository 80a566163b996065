/**
 * The month membershipBar: time already held in grey, what a payment adds dashed, what it has added solid.
 * `shown` is a RulerShown of `logic/membershipBar`.
 */
Component({
  properties: {
    shown: { type: Object, value: { parts: [] } },
  },
});
