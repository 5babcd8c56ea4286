/// What the reductions to bidiagonal and to tridiagonal form share: panels, whose reflectors a team of threads makes in step.
#ifndef REDUCTION_H
#define REDUCTION_H

#include "../Threads/team.h"

#include "CKernels.h"
#include "../Dispatch/dispatch.h"

#include <math.h>
#include <string.h>

/// The columns of a panel, and its factors: two for each column.
enum { nb = 32, nz = 2 * nb };
/// Columns whose parts of a product are computed together, and rows that a member takes at a time.
enum { block = 8, grain = 32 };

#define LOAD(p) (*(const WIDTH(vec) *)(p))
#define STORE(p, v) (*(WIDTH(vec) *)(p) = (v))
// Unrolled, so that the vectors of a grain stay in registers.
#define EACH_PART _Pragma("clang loop unroll(full)") for (int t = 0; t < grain / LANES; t++)
#define EACH_FACTOR _Pragma("clang loop unroll(full)") for (int t = 0; t < nz / LANES; t++)

#endif
