/** The merchant's people, who may give money back. */
export const OPERATORS = ['oSimulated-operator-1', 'oSimulated-operator-2'] as const;

/** Their documents, as an administrator's act has left them. */
export function operatorDocuments(created_at: Date) {
  return OPERATORS.map((_id) => ({ _id, name: '店员', active: true, created_at }));
}
