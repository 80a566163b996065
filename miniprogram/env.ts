/** The id of the CloudBase environment. Empty: the default environment of this mini-program's account. */
export const environmentId: string = '';
