/// The singular values and vectors of a diagonal matrix with one full row, by which divide and conquer merges two
/// halves.
///
/// M = diag(0, d₁, …) with z for its first row has σ² at the roots of f(x) = 1 + Σ zᵢ²/(dᵢ² − x), one between each
/// two poles. Eight roots are found side by side. x is kept as a distance η from the nearer pole, whose differences
/// with the other poles are exact, so that all σ − dᵢ have relative accuracy (Li, LAPACK working note 89). Vectors
/// come from the z for which the computed roots are the exact ones, and are therefore orthogonal (Gu and Eisenstat,
/// SIAM J. Matrix Anal. Appl. 16, 1995). All is computed in double precision, also for matrices of floats: there is
/// little of it.
#include "secular_function.h"

#define KERNEL_FILE "../Secular/secular_roots.h"
#define DOUBLE_ONLY
#include "../Dispatch/instantiate.h"

#define KERNEL_FILE "../Secular/secular_row.h"
#define DOUBLE_ONLY
#include "../Dispatch/instantiate.h"

#define KERNEL_FILE "../Secular/secular_vectors.h"
#include "../Dispatch/instantiate.h"
