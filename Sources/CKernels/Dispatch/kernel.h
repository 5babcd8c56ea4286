/// How a kernel is written once and compiled for every scalar type and instruction set; see instantiate.h.
#ifndef KERNEL_H
#define KERNEL_H

#include "CKernels.h"

#include <string.h>

/// Begins a helper that becomes part of the functions that call it, for whatever instruction set those are compiled.
#define INLINE static inline __attribute__((always_inline))

/// Begins a function of its own, compiled for one instruction set: for one that is called through a pointer.
#define SEPARATE TARGET static

#if defined(__x86_64__)
// Vectors of 64 bytes stay whole: the compiler would split them for processors that slow down for them.
#define TARGET_V4 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define TARGET_V3 __attribute__((target("arch=x86-64-v3")))
#else
#define TARGET_V4
#define TARGET_V3
#endif

/// The name of something that exists once for each scalar type.
#define TYPED(name) TWO_PARTS(name, TYPE)
/// The name of something that exists once for each scalar type and instruction set.
#define NAME(name) THREE_PARTS(name, TYPE, LEVEL)
#define TWO_PARTS(a, b) JOIN_TWO(a, b)
#define JOIN_TWO(a, b) a##_##b
#define THREE_PARTS(a, b, c) JOIN_THREE(a, b, c)
#define JOIN_THREE(a, b, c) a##_##b##_##c

/// The vectors of LANES entries, which may stand anywhere in memory.
#define VECTOR_TYPE typedef REAL NAME(vec) __attribute__((ext_vector_type(LANES), aligned(sizeof(REAL))));

#define LOAD(p) (*(const NAME(vec) *)(p))
#define STORE(p, v) (*(NAME(vec) *)(p) = (v))
#define UNROLL _Pragma("clang loop unroll(full)")

/// A kernel's parameters are pairs (type, name): this makes the list of a declaration, and that of a call.
#define PARAMETERS(...) FOR_EACH(PARAMETER, COUNT(__VA_ARGS__), __VA_ARGS__)
#define ARGUMENTS(...) FOR_EACH(ARGUMENT, COUNT(__VA_ARGS__), __VA_ARGS__)
#define PARAMETER(type, name) type name
#define ARGUMENT(type, name) name

#define COUNT(...) COUNT_OF(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, )
#define COUNT_OF(a, b, c, d, e, f, g, h, count, ...) count
#define FOR_EACH(macro, count, ...) TWO_PARTS(FOR_EACH, count)(macro, __VA_ARGS__)
#define FOR_EACH_1(macro, pair) macro pair
#define FOR_EACH_2(macro, pair, ...) macro pair, FOR_EACH_1(macro, __VA_ARGS__)
#define FOR_EACH_3(macro, pair, ...) macro pair, FOR_EACH_2(macro, __VA_ARGS__)
#define FOR_EACH_4(macro, pair, ...) macro pair, FOR_EACH_3(macro, __VA_ARGS__)
#define FOR_EACH_5(macro, pair, ...) macro pair, FOR_EACH_4(macro, __VA_ARGS__)
#define FOR_EACH_6(macro, pair, ...) macro pair, FOR_EACH_5(macro, __VA_ARGS__)
#define FOR_EACH_7(macro, pair, ...) macro pair, FOR_EACH_6(macro, __VA_ARGS__)
#define FOR_EACH_8(macro, pair, ...) macro pair, FOR_EACH_7(macro, __VA_ARGS__)

/// The head of a kernel's version for the current instruction set; the body follows.
#define VERSION(result, name, ...) SEPARATE result NAME(name)(PARAMETERS(__VA_ARGS__))

/// The same for the last version, after the public functions that choose among all three.
#define LAST_VERSION(result, name, ...) \
    VERSION(result, name, __VA_ARGS__); \
    result THREE_PARTS(name, TYPE, at)(int level, PARAMETERS(__VA_ARGS__)) { \
        if (level >= 4) { return THREE_PARTS(name, TYPE, v4)(ARGUMENTS(__VA_ARGS__)); } \
        if (level >= 3) { return THREE_PARTS(name, TYPE, v3)(ARGUMENTS(__VA_ARGS__)); } \
        return THREE_PARTS(name, TYPE, v0)(ARGUMENTS(__VA_ARGS__)); \
    } \
    result TYPED(name)(PARAMETERS(__VA_ARGS__)) { \
        return THREE_PARTS(name, TYPE, at)(ck_level(), ARGUMENTS(__VA_ARGS__)); \
    } \
    VERSION(result, name, __VA_ARGS__)

#endif
