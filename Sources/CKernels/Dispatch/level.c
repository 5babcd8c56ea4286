/// What the processor has: which instruction set the kernels use, and how large its second-level cache is.
#include "CKernels.h"

#include <stdatomic.h>
#include <stdlib.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

long ck_level2_bytes(void) {
#if defined(__x86_64__)
    unsigned int a, b, c, d;
    if (__get_cpuid(0x80000006, &a, &b, &c, &d)) { return (long)(c >> 16) << 10; }
#endif
    return 0;
}

int ck_level(void) {
    static _Atomic int known = -1;
    int level = atomic_load_explicit(&known, memory_order_relaxed);
    if (level >= 0) { return level; }
    level = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) { level = 3; }
    if (level == 3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512cd")) {
        level = 4;
    }
#endif
    const char *cap = getenv("CKERNELS_LEVEL");
    if (cap && *cap && atoi(cap) < level) { level = atoi(cap) >= 3 ? 3 : 0; }
    atomic_store_explicit(&known, level, memory_order_relaxed);
    return level;
}
