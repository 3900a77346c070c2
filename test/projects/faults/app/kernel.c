/* In place of a kernel of the model: it fails. */
int KERNEL(const void *environment, const void *dispatch, const void *workgroup);
int KERNEL(const void *environment, const void *dispatch, const void *workgroup) {
  (void)environment, (void)dispatch, (void)workgroup;
  return 7;
}
