// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the C library asks of a system, for applications that call snprintf, printf, malloc or assert, and what
// C++ does: classes with virtual destructors, new and delete.
//
// Text goes to the board's console; memory comes from the heap, which heap= sets aside, none without it. All of
// it is weak: an application's or a vendor's own comes before it. What nobody calls is left out of the firmware.
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "board.h"

#define WEAK __attribute__((weak))
#define SIGNALLED 128  // what shells add to a signal's number

WEAK void _exit(int code);
WEAK void _exit(int code) { board_exit(code); }

#ifdef __PICOLIBC__
#include <stdio.h>

static int put(char c, FILE *file) {
  (void)file;
  board_write(&c, 1);
  return (unsigned char)c;
}

static int get(FILE *file) {
  (void)file;
  return _FDEV_EOF;
}

static FILE console = FDEV_SETUP_STREAM(put, get, NULL, _FDEV_SETUP_RW);
WEAK FILE *const stdin = &console;
WEAK FILE *const stdout = &console;
WEAK FILE *const stderr = &console;

// abort() ends in it.
WEAK int raise(int signal) { board_exit(SIGNALLED + signal); }

#ifdef __arm__
// Where __aeabi_read_tp finds the one thread's variables, such as errno: no core of these has a register for it.
extern char __thread_pointer[] WEAK;
void *__tls = __thread_pointer;
#endif
#else
// newlib's, by the names of its porting guide, "System Calls".
WEAK int _write(int file, const char *text, int size);
WEAK int _write(int file, const char *text, int size) {
  (void)file;
  board_write(text, (size_t)size);
  return size;
}

WEAK int _read(int file, char *text, int size);
WEAK int _read(int file, char *text, int size) {
  (void)file, (void)text, (void)size;
  return 0;  // the end
}

WEAK int _lseek(int file, int offset, int whence);
WEAK int _lseek(int file, int offset, int whence) {
  (void)file, (void)offset, (void)whence;
  return 0;
}

WEAK int _close(int file);
WEAK int _close(int file) {
  (void)file;
  return -1;
}

WEAK int _fstat(int file, struct stat *status);
WEAK int _fstat(int file, struct stat *status) {
  (void)file;
  status->st_mode = S_IFCHR;
  return 0;
}

WEAK int _isatty(int file);
WEAK int _isatty(int file) {
  (void)file;
  return 1;
}

WEAK int _getpid(void);
WEAK int _getpid(void) { return 1; }

// abort() ends in it.
WEAK int _kill(int process, int signal);
WEAK int _kill(int process, int signal) {
  (void)process;
  board_exit(SIGNALLED + signal);
}

WEAK void *_sbrk(ptrdiff_t size);
WEAK void *_sbrk(ptrdiff_t size) {
  // Ours; a vendor's linker script has no such.
  extern char __heap_start[] WEAK, __heap_end[] WEAK;
  static ptrdiff_t used;
  const ptrdiff_t all = __heap_end - __heap_start;
  if (!all) {  // newlib's printf does not ask whether there was any
    board_print("\nthe C library wants memory, for printf, malloc or new. Build with heap=, as in heap=4K\n");
    board_exit(BOARD_EXIT_FAULT);
  }
  if (size > all - used) {
    errno = ENOMEM;
    return (void *)-1;
  }
  used += size;
  return __heap_start + used - size;
}
#endif

// C++'s, by the names of its ABI ("Itanium C++ ABI", 5.1.5): the board's compiler may know C alone.
#if __SIZEOF_SIZE_T__ == 8
#define SIZE "m"
#else
#define SIZE "j"
#endif

WEAK void *operator_new(size_t size) __asm__("_Znw" SIZE);
WEAK void *operator_new(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (memory) return memory;
  board_print("\nnew: no memory left. Build with a larger heap=\n");
  board_exit(BOARD_EXIT_FAULT);
}

WEAK void *operator_new_array(size_t size) __asm__("_Zna" SIZE);
WEAK void *operator_new_array(size_t size) { return operator_new(size); }

// In the table of every class with a virtual destructor, even if nothing of it is ever deleted.
WEAK void operator_delete(void *memory) __asm__("_ZdlPv");
WEAK void operator_delete(void *memory) { free(memory); }
WEAK void operator_delete_sized(void *memory, size_t size) __asm__("_ZdlPv" SIZE);
WEAK void operator_delete_sized(void *memory, size_t size) { (void)size, operator_delete(memory); }
WEAK void operator_delete_array(void *memory) __asm__("_ZdaPv");
WEAK void operator_delete_array(void *memory) { operator_delete(memory); }
WEAK void operator_delete_array_sized(void *memory, size_t size) __asm__("_ZdaPv" SIZE);
WEAK void operator_delete_array_sized(void *memory, size_t size) { (void)size, operator_delete(memory); }

WEAK void __cxa_pure_virtual(void);
WEAK void __cxa_pure_virtual(void) {
  board_print("\na pure virtual function was called\n");
  board_exit(BOARD_EXIT_FAULT);
}
