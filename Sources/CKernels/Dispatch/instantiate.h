// Compiles the kernels of a file for both scalar types and three instruction sets.
//
// The file that includes this one defines KERNEL_FILE before, the path of a file with kernels as seen from this folder,
// and DOUBLE_ONLY where they work in double precision alone. KERNEL_FILE is included once for each combination, with
//
//   REAL        the scalar type, float or double
//   LANES       the entries of a vector, which has 64 bytes for AVX-512 and 32 otherwise; its type is NAME(vec)
//   REGISTERS   the number of vector registers, by which the tiles of a product are cut
//
// It states each kernel once: its result, its name, its parameters as pairs of type and name, and its body.
//
//   KERNEL(void, ck_scale, (REAL *, x), (size_t, count), (REAL, factor)) { … }
//
// That defines ck_scale_f32 and ck_scale_f64, and ck_scale_f32_at and ck_scale_f64_at, which take the level first.

#define TYPED_FILE "levels.h"
#include "both_types.h"
#undef KERNEL_FILE
