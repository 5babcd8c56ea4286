// Compiles the kernels of a file for both scalar types and three instruction sets.
//
// Who includes this has defined KERNEL_FILE, the path of a file with kernels as seen from this folder, and DOUBLE_ONLY
// where they work in double precision alone. That file is included once for each combination, with
// - REAL, the scalar type: float or double;
// - LANES, the entries of a vector, which has 64 bytes for AVX-512 and 32 otherwise; NAME(vec) is its type;
// - REGISTERS, the number of vector registers, by which the tiles of a product are cut.
// The file states each kernel once: its result, name, parameters as pairs, and body.
//
//   KERNEL(void, ck_scale, (REAL *, x), (size_t, count), (REAL, factor)) { … }
//
// That defines ck_scale_f32 and ck_scale_f64, and ck_scale_f32_at and ck_scale_f64_at, which take the level first.

#include "kernel.h"

#ifndef DOUBLE_ONLY
#define REAL float
#define TYPE f32
#define NARROW 8
#define WIDE 16
#include "levels.h"
#endif

#define REAL double
#define TYPE f64
#define NARROW 4
#define WIDE 8
#include "levels.h"

#undef KERNEL_FILE
#undef DOUBLE_ONLY
