/// Singular value decompositions of many small matrices by one-sided Jacobi rotations, sixteen matrices side by side:
/// lane l of every vector belongs to matrix l, so that the rotations need no branch and no shuffle.
#include "CKernels.h"

#include <float.h>
#include <math.h>

enum { lanes = ck_jacobi_lanes, most_sweeps = 30 };

size_t ck_jacobi_scratch(size_t m, size_t n) { return lanes * (m * n + n * n + n); }

/// The integers as wide as each scalar type, of which masks are made.
typedef int32_t integer_f32;
typedef int64_t integer_f64;

/// The mathematical functions of C for the type of their argument.
#define SQRT(x) _Generic(x, float: sqrtf, double: sqrt)(x)
#define LDEXP(x, exponent) _Generic(x, float: ldexpf, double: ldexp)(x, exponent)
#define FREXP(x, exponent) _Generic(x, float: frexpf, double: frexp)(x, exponent)

/// The unit roundoff, and products of columns below which nothing is rotated, of the type of REAL.
#define EPSILON _Generic((REAL)0, float: FLT_EPSILON, double: DBL_EPSILON)
#define SMALLEST_PRODUCT _Generic((REAL)0, float: 1e-18f, double: 1e-150)

#define KERNEL_FILE "../Jacobi/jacobi_kernel.h"
#include "../Dispatch/instantiate.h"
