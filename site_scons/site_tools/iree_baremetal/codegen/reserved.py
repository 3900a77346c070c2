"""Names that are taken: words of C and C++, and headers that a model's must not hide.

C: ISO/IEC 9899:2024, 6.4.1 and 7. C++: ISO/IEC 14882:2024, lex.key and lex.digraph. Headers beside these:
POSIX.1-2024's, newlib's and picolibc's, compilers' for Arm and RISC-V.
"""

import functools
import os

_SUPPORT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "support")

WORDS = frozenset(
    # C
    "auto break case char const constexpr continue default do double else enum extern false float for goto if inline int "
    "long nullptr register restrict return short signed sizeof static static_assert struct switch thread_local true typedef "
    "typeof typeof_unqual union unsigned void volatile while alignas alignof bool "
    # C++
    "and and_eq asm bitand bitor catch char16_t char32_t char8_t class co_await co_return co_yield compl concept const_cast "
    "consteval constinit contract_assert decltype delete dynamic_cast explicit export friend mutable namespace new noexcept "
    "not not_eq operator or or_eq private protected public reinterpret_cast requires static_cast template this throw try "
    "typeid typename using virtual wchar_t xor xor_eq "
    # Macros and types at hand wherever our headers are, and GNU's dialects' own.
    "NULL assert linux memcpy memset near far offsetof ptrdiff_t size_t unix "
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t".split()
)

_HEADERS = {
    "the C library": (
        "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic "
        "stdbit stdbool stdckdint stddef stdint stdio stdlib stdmchar stdnoreturn string tgmath threads time uchar wchar wctype "
        "aio alloca ar argz byteswap cpio devctl dirent dlfcn elf endian envlock envz err fastmath fcntl features fmtmsg "
        "fnmatch ftw getopt glob grp iconv ieeefp "
        "langinfo libgen libintl link malloc memory monetary mqueue ndbm netdb newlib nl_types paths picolibc picotls poll "
        "pthread pwd reent regdef regex regexp sched search semaphore semihost spawn stdio_ext strings stropts syslog tar termios "
        "trace ulimit unctrl unistd utime utmp utmpx values wait wordexp xlocale"
    ),
    "the C++ library": "new version",  # on a file system that tells no case apart, beside <new> and <version>
    "the compiler": (
        "arm_acle arm_bf16 arm_cde arm_cmse arm_fp16 arm_mve arm_mve_types arm_neon riscv_bitmanip riscv_crypto riscv_th_vector riscv_vector "
        "cpuid mmintrin stdfix syslimits unwind varargs"
    ),
}


@functools.cache
def _headers():
    """Header without .h -> whose it is."""
    ours = [file[:-2] for _, _, files in os.walk(_SUPPORT) for file in files if file.endswith(".h")]
    return {**dict.fromkeys(ours, "this tool"), **{name: owner for owner, names in _HEADERS.items() for name in names.split()}}


def owner(name):
    """Whose header <name>.h would hide, in words; "" where it would hide none. Some file systems tell no case apart."""
    return _headers().get(name.lower(), "")
