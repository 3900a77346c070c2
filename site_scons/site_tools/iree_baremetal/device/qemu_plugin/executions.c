// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A plugin for QEMU that counts how often each block of instructions is executed.
//
//   -plugin executions.so,out=FILE,mark=ADDRESS
//
// Each execution of the instruction at ADDRESS ends a segment of the run. FILE gets, when QEMU exits,
// a line for each block, "b FIRST LAST…": the addresses of its instructions; a line "s" where a segment
// begins; and within it, for each block that was executed, "NUMBER COUNT FELL": the block's number,
// how often it was executed, and after how many of these the instruction behind it came next.
//
// Own declarations of what QEMU calls its plugin API (docs/devel/tcg-plugins in its sources); the few
// functions used here are in every version of QEMU since 7. PLUGIN_VERSION is that of the API that QEMU asks for:
// from 7 on every callback has an argument of its own in place of the plugin's number.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
typedef struct translation translation;
typedef struct instruction instruction;

#if PLUGIN_VERSION >= 7
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*call)(translation *, void *), void *);
void qemu_plugin_register_atexit_cb(plugin_id id, void (*call)(void *), void *);
#else
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*call)(plugin_id, translation *));
void qemu_plugin_register_atexit_cb(plugin_id id, void (*call)(plugin_id, void *), void *);
#endif
void qemu_plugin_register_vcpu_tb_exec_cb(translation *, void (*call)(unsigned, void *), int flags, void *);
void qemu_plugin_register_vcpu_insn_exec_cb(instruction *, void (*call)(unsigned, void *), int flags, void *);
size_t qemu_plugin_tb_n_insns(const translation *);
instruction *qemu_plugin_tb_get_insn(const translation *, size_t);
uint64_t qemu_plugin_insn_vaddr(const instruction *);
size_t qemu_plugin_insn_size(const instruction *);

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_VERSION;

typedef struct block {
  uint64_t first, behind, count, fell;
  struct block *next;
  unsigned number;
} block;

static FILE *out;
static uint64_t mark = UINT64_MAX;
static block *blocks, *last;
static unsigned count_of_blocks;

static void executed(unsigned cpu, void *data) {
  block *now = data;
  (void)cpu;
  ++now->count;
  if (last && last->behind == now->first) ++last->fell;
  last = now;
}

static void end_segment(void) {
  fputs("s\n", out);
  for (block *b = blocks; b; b = b->next) {
    if (!b->count) continue;
    fprintf(out, "%u %" PRIu64 " %" PRIu64 "\n", b->number, b->count, b->fell);
    b->count = b->fell = 0;
  }
}

static void marked(unsigned cpu, void *data) {
  (void)cpu, (void)data;
  // The block that begins here belongs to what follows.
  block *now = last;
  if (now) --now->count;
  end_segment();
  if (now) ++now->count;
}

static void translated(translation *code) {
  const size_t length = qemu_plugin_tb_n_insns(code);
  block *new = calloc(1, sizeof *new);
  if (!new || !length) return;
  fputs("b", out);
  for (size_t i = 0; i < length; ++i) {
    instruction *one = qemu_plugin_tb_get_insn(code, i);
    const uint64_t address = qemu_plugin_insn_vaddr(one);
    fprintf(out, " %" PRIx64, address);
    if (i == 0) new->first = address;
    new->behind = address + qemu_plugin_insn_size(one);
    if (address == mark) qemu_plugin_register_vcpu_insn_exec_cb(one, marked, 0, NULL);
  }
  fputs("\n", out);
  new->number = count_of_blocks++;
  new->next = blocks;
  blocks = new;
  qemu_plugin_register_vcpu_tb_exec_cb(code, executed, 0, new);
}

static void ended(void) {
  end_segment();
  fclose(out);
}

#if PLUGIN_VERSION >= 7
static void on_translated(translation *code, void *data) {
  (void)data;
  translated(code);
}

static void on_end(void *data) {
  (void)data;
  ended();
}

static void listen(plugin_id id) {
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated, NULL);
  qemu_plugin_register_atexit_cb(id, on_end, NULL);
}
#else
static void on_translated(plugin_id id, translation *code) {
  (void)id;
  translated(code);
}

static void on_end(plugin_id id, void *data) {
  (void)id, (void)data;
  ended();
}

static void listen(plugin_id id) {
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
  qemu_plugin_register_atexit_cb(id, on_end, NULL);
}
#endif

__attribute__((visibility("default"))) int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv) {
  (void)info;
  for (int i = 0; i < argc; ++i) {
    if (!strncmp(argv[i], "out=", 4)) out = fopen(argv[i] + 4, "w");
    if (!strncmp(argv[i], "mark=", 5)) mark = strtoull(argv[i] + 5, NULL, 0);
  }
  if (!out) return 1;
  listen(id);
  return 0;
}
