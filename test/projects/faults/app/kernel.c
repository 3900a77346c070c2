/* In place of a kernel of the model: it fails or, where DEEP is not 0, takes 64 bytes of stack so many times. */
static void deeper(int times) {
  volatile char used[64];
  for (int i = 0; i < 64; ++i) used[i] = 0;
  if (times) deeper(times - 1);
  used[1] = used[0]; /* after the call, lest it become a loop */
}

int KERNEL(const void *environment, const void *dispatch, const void *workgroup);
int KERNEL(const void *environment, const void *dispatch, const void *workgroup) {
  (void)environment, (void)dispatch, (void)workgroup;
  deeper(DEEP);
  return DEEP ? 0 : 7;
}
